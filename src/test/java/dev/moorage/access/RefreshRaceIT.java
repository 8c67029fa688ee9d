package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RefreshTokenStore;
import dev.moorage.name.RobotId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens that are asked for while what they rest on is taken away. */
class RefreshRaceIT {

    private SecuredHarness harness;

    @BeforeEach
    void start() {
        harness = SecuredHarness.fresh();
        harness.account("anna");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoch = epoch + 1", "disabled_at = now()", "deleted_at = now()"})
    void accountThatChangesWhileItsPasswordIsHashedGetsNoRefreshToken(String change) {
        harness.meanwhile = () -> harness.sql().change("UPDATE account SET " + change);

        assertThatThrownBy(() -> kept(SecuredHarness.basic("anna", SecuredHarness.PASSWORD)))
                .isInstanceOf(Unauthorized.class);
        assertThat(refreshTokens()).isZero();
    }

    @Test
    void robotWhoseSecretWasChangedSinceItCameInGetsNone() {
        RobotId robot = new RobotId(
                harness.sql().number("SELECT id FROM robot WHERE secret_hash = ?", (Object) robot().hash()));
        assertThat(inserted(robot, 0)).isTrue();

        harness.sql().change("UPDATE robot SET epoch = epoch + 1");
        assertThat(inserted(robot, 0)).isFalse();
        assertThat(inserted(robot, 1)).isTrue();
        harness.sql().change("UPDATE robot SET disabled_at = now()");
        assertThat(inserted(robot, 1)).isFalse();
    }

    private boolean inserted(RobotId robot, long epoch) {
        RefreshTokenStore.NewToken token = new RefreshTokenStore.NewToken(
                Secret.make(Secret.Kind.REFRESH).hash(), "test", "moorage", Duration.ofDays(1));
        return harness.transactions.call(Durability.PROGRAM_END, tx -> new RefreshTokenStore()
                .insert(tx, token, new RefreshTokenStore.Owner.Robot(robot), epoch));
    }

    @Test
    void eachKindOfOwnerGetsOneWhileNothingChanges() {
        Secret personal = Secret.make(Secret.Kind.PERSONAL);
        harness.sql()
                .change(
                        "INSERT INTO access_token (account_id, name, secret_hash, repository_prefix, actions) SELECT id, 'ci', ?, '', '{pull}' FROM account",
                        (Object) personal.hash());
        Secret robot = robot();

        for (Visitor visitor : List.of(
                SecuredHarness.basic("anna", SecuredHarness.PASSWORD),
                SecuredHarness.basic("anna", personal.reveal()),
                SecuredHarness.basic("acme+ci", robot.reveal()))) {
            String refresh = kept(visitor).refreshToken().orElseThrow();
            assertThat(harness.server.refresh(asked(visitor), refresh).token()).isNotEmpty();
        }
        assertThat(harness.sql()
                        .rows("SELECT account_id IS NULL, robot_id IS NULL, access_token_id IS NULL, client_id, service"
                                + " FROM refresh_token ORDER BY id"))
                .containsExactly("f t t test moorage", "f t f test moorage", "t f t test moorage");
    }

    private Secret robot() {
        Secret secret = Secret.make(Secret.Kind.ROBOT);
        harness.sql()
                .change(
                        "INSERT INTO robot (organization_id, name, secret_hash) VALUES (?, 'ci', ?)",
                        harness.organization("acme"),
                        secret.hash());
        return secret;
    }

    private long refreshTokens() {
        return harness.sql().number("SELECT count(*) FROM refresh_token");
    }

    private TokenServer.Given kept(Visitor visitor) {
        return harness.server.token(asked(visitor));
    }

    private static TokenServer.Asked asked(Visitor visitor) {
        return new TokenServer.Asked(visitor, List.of(), "test", TokenServer.Keep.REFRESH_TOKEN);
    }
}
