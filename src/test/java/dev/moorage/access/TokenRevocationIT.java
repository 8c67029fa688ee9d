package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.TokenRevocation.Outcome;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.LoginFailureStore;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens that their holder ends. */
class TokenRevocationIT {

    private static final int WRONG_ONES = 3;
    private static final String ADDRESS = "192.0.2.9";

    private SecuredHarness harness;
    private TokenRevocation revocation;

    @BeforeEach
    void start() {
        harness = new SecuredHarness(
                TestDatabase.fresh(), Map.of("moorage.access.throttle.address-failures", String.valueOf(WRONG_ONES)));
        harness.account("anna");
        revocation = new TokenRevocation(
                harness.transactions,
                new RefreshTokenStore(),
                new LoginThrottle(harness.transactions, new LoginFailureStore(), harness.config),
                new RequestLimits(System::nanoTime, harness.config));
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void tokenThatIsEndedGivesNothingAndOthersOfTheAccountGoOn() {
        String ended = keep();
        String other = keep();
        use(ended);

        assertThat(revoke(ended)).isEqualTo(Outcome.ENDED);

        assertThatThrownBy(() -> use(ended)).isInstanceOf(Unauthorized.class);
        use(other);
        use(keep());
    }

    @Test
    void tokenThatWasEndedAlreadyIsEndedAgainAndNotCountedAsAGuess() {
        String token = keep();
        for (int i = 0; i < 2 * WRONG_ONES; i++) {
            assertThat(revoke(token)).isEqualTo(Outcome.ENDED);
        }
        assertThat(failures()).isZero();
    }

    @Test
    void guessesAreAnsweredAlikeAndThenWaitAndARightTokenNeverDoes() {
        String right = keep();
        List<String> guesses = List.of(Secret.make(Secret.Kind.REFRESH).reveal(), "x", "moorage_refresh_\u0000");
        guesses.forEach(guess -> assertThat(revoke(guess)).isEqualTo(Outcome.ENDED));
        assertThat(failures()).isEqualTo(WRONG_ONES);

        assertThatThrownBy(() -> revoke("y")).isInstanceOf(TooManyRequests.class);
        use(right);
        assertThat(revoke(right)).isEqualTo(Outcome.ENDED);
        assertThatThrownBy(() -> use(right)).isInstanceOf(Unauthorized.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"moorage_pat_x", "moorage_robot_x", "a.b.c", "eyJhbGciOiJFUzI1NiJ9.e30."})
    void otherKindsAreToldByTheirFormAndNothingIsLookedUp(String token) {
        assertThat(harness.statementsOf(() -> assertThat(revoke(token)).isEqualTo(Outcome.UNSUPPORTED)))
                .isEmpty();
    }

    @Test
    void accessTokenIsNotEndedHereAndItsAccountGoesOn() {
        String token = harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));
        String refresh = keep();

        assertThat(revoke(token)).isEqualTo(Outcome.UNSUPPORTED);

        assertThat(harness.verifier.verify(token)).isPresent();
        use(refresh);
    }

    private Outcome revoke(String token) {
        return revocation.revoke(ADDRESS, token);
    }

    private String keep() {
        return harness.server
                .token(asked(SecuredHarness.basic("anna", SecuredHarness.PASSWORD)))
                .refreshToken()
                .orElseThrow();
    }

    private void use(String refresh) {
        Visitor visitor = new Visitor(
                new Credentials.None(),
                "198.51.100.7",
                "test/1.0",
                SecuredHarness.visitor(new Credentials.None()).host());
        assertThat(harness.server.refresh(asked(visitor), refresh).token()).isNotEmpty();
    }

    private long failures() {
        return harness.sql().number("SELECT coalesce(sum(failures), 0) FROM login_failure");
    }

    private static TokenServer.Asked asked(Visitor visitor) {
        return new TokenServer.Asked(visitor, List.of(), "test", TokenServer.Keep.REFRESH_TOKEN);
    }
}
