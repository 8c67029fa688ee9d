package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.error.RegistryException.Unsupported;
import dev.moorage.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginIT {

    private SecuredHarness harness;
    private long anna;

    @BeforeEach
    void start() {
        harness = SecuredHarness.fresh();
        anna = harness.account("anna");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void unknownNameAndWrongPasswordAreTheSameAnswerAfterTheSameStatementsAndHashes() {
        Unauthorized[] refusals = new Unauthorized[2];

        List<String> wrong = harness.statementsOf(() -> refusals[0] = refused("anna", "wrong"));
        List<String> unknown = harness.statementsOf(() -> refusals[1] = refused("nobody", "wrong"));

        assertThat(wrong).isNotEmpty().isEqualTo(unknown);
        assertThat(harness.derivations)
                .as("one hash each, and each as dear")
                .hasSize(2)
                .containsOnly(harness.derivations.getFirst());
        assertThat(refusals[0].headers()).isEqualTo(refusals[1].headers());
        assertThat(refusals[0].entries()).isEqualTo(refusals[1].entries());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "an\0na", "anna\n", "\u007f"})
    void nameThatNoAccountCanHaveIsTheSameAnswerAfterTheSameStatements(String name) {
        List<String> wrong = harness.statementsOf(() -> refused("anna", "wrong"));

        assertThat(harness.statementsOf(() -> refused(name, "wrong"))).isEqualTo(wrong);
        assertThat(harness.derivations).hasSize(2).containsOnly(harness.derivations.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "docker\n"})
    void clientWithControlCharactersInItsNameIsRefused(String client) {
        Visitor visitor = SecuredHarness.basic("anna", SecuredHarness.PASSWORD);

        assertThatThrownBy(() -> harness.server.token(
                        new TokenServer.Asked(visitor, List.of(), client, TokenServer.Keep.REFRESH_TOKEN)))
                .isInstanceOf(Unsupported.class);
    }

    @Test
    void disabledAccountIsAsUnknownAsAnAbsentOne() {
        harness.sql().change("UPDATE account SET disabled_at = now()");
        List<String> disabled = harness.statementsOf(() -> refused("anna", SecuredHarness.PASSWORD));

        assertThat(disabled).isEqualTo(harness.statementsOf(() -> refused("nobody", SecuredHarness.PASSWORD)));
        assertThat(harness.derivations).hasSize(2).containsOnly(harness.derivations.getFirst());
    }

    @Test
    void tenFailuresMakeTheNextLoginWaitAndNoOtherAccounts() {
        harness.account("bert");
        for (int i = 0; i < 10; i++) {
            refused("anna", "wrong" + i);
        }
        TooManyRequests refusal =
                catchThrowableOfType(TooManyRequests.class, () -> enter("anna", SecuredHarness.PASSWORD));

        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.headers().get("Retry-After")).matches("[12]");
        enter("bert", SecuredHarness.PASSWORD);
    }

    @Test
    void nameOfNobodyWaitsLikeAnother() {
        for (int i = 0; i < 10; i++) {
            refused("nobody", "wrong" + i);
        }
        assertThatThrownBy(() -> enter("nobody", "wrong")).isInstanceOf(TooManyRequests.class);
    }

    @Test
    void waitGrowsWithEachFailureUpToItsBound() {
        for (int i = 0; i < 10; i++) {
            refused("anna", "wrong");
        }
        for (int waited = 0; waited < 12; waited++) {
            harness.sql().change("UPDATE login_failure SET blocked_until = now() - interval '1 second'");
            refused("anna", "wrong");
        }
        assertThat(
                        harness.sql()
                                .number(
                                        "SELECT extract(epoch FROM blocked_until - now())::bigint FROM login_failure WHERE kind = 'account'"))
                .isBetween(880L, 900L);
    }

    @Test
    void loginThatSucceedsForgetsTheFailuresOfTheAccount() {
        for (int i = 0; i < 9; i++) {
            refused("anna", "wrong");
        }
        enter("anna", SecuredHarness.PASSWORD);

        assertThat(harness.sql().number("SELECT count(*) FROM login_failure WHERE kind = 'account'"))
                .isZero();
    }

    @Test
    void firstFailureMakesTheNextLoginWaitWhereOneIsTheAllowance() {
        try (SecuredHarness own =
                new SecuredHarness(TestDatabase.fresh(), Map.of("moorage.access.throttle.account-failures", "1"))) {
            own.account("anna");
            refusedAt(own);
            assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic("anna", SecuredHarness.PASSWORD)))
                    .isInstanceOf(TooManyRequests.class);

            // What is forgotten counts no more, and the next failure is a first one again.
            own.sql()
                    .change(
                            "UPDATE login_failure SET last_at = now() - interval '10 days', blocked_until = now() - interval '9 days'");
            refusedAt(own);
            assertThat(
                            own.sql()
                                    .number(
                                            "SELECT failures FROM login_failure WHERE kind = 'account' AND blocked_until > now()"))
                    .isOne();
            assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic("anna", SecuredHarness.PASSWORD)))
                    .isInstanceOf(TooManyRequests.class);
        }
    }

    private static void refusedAt(SecuredHarness own) {
        assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic("anna", "wrong")))
                .isInstanceOf(Unauthorized.class);
    }

    @Test
    void addressThatAttacksManyAccountsWaitsToo() {
        try (SecuredHarness own =
                new SecuredHarness(TestDatabase.fresh(), Map.of("moorage.access.throttle.address-failures", "3"))) {
            for (int i = 0; i < 3; i++) {
                String name = "somebody" + i;
                assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic(name, "wrong")))
                        .isInstanceOf(Unauthorized.class);
            }
            own.account("anna");
            assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic("anna", SecuredHarness.PASSWORD)))
                    .isInstanceOf(TooManyRequests.class);
        }
    }

    @Test
    void noNameAndNoAddressIsWrittenDownOfFailedLogins() {
        refused("my password by mistake", "anna");

        assertThat(harness.sql().rows("SELECT key FROM login_failure"))
                .hasSize(2)
                .allMatch(key -> key.matches("sha256:[0-9a-f]{64}"));
    }

    @Test
    void personalTokenStandsForItsAccountWithinItsLimitUntilItIsRevoked() {
        long acme = harness.organization("acme");
        harness.repository(acme, "acme/web", "private");
        harness.repository(acme, "acme/api", "private");
        harness.give(acme, "", "owner", anna);
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        harness.sql()
                .change(
                        "INSERT INTO access_token (account_id, name, secret_hash, repository_prefix, actions) VALUES (?, 'ci', ?, 'acme/web', '{pull}')",
                        anna,
                        secret.hash());

        assertThat(scope("anna", secret.reveal(), "repository:acme/web:pull,push repository:acme/api:pull"))
                .isEqualTo("repository:acme/web:pull");
        refused("bert", secret.reveal());

        harness.sql().change("DELETE FROM access_token");
        refused("anna", secret.reveal());
    }

    @Test
    void robotHoldsWhatItWasGivenUntilItExpires() {
        long acme = harness.organization("acme");
        harness.repository(acme, "acme/web", "private");
        Secret secret = Secret.make(Secret.Kind.ROBOT);
        long robot = harness.sql()
                .number(
                        "INSERT INTO robot (organization_id, name, secret_hash, expires_at) VALUES (?, 'ci', ?, now() + interval '1 day') RETURNING id",
                        acme,
                        secret.hash());
        harness.sql()
                .change(
                        "INSERT INTO permission_grant (organization_id, repository_prefix, role, robot_id) VALUES (?, 'web', 'writer', ?)",
                        acme,
                        robot);

        assertThat(scope("acme+ci", secret.reveal(), "repository:acme/web:* repository:acme/other:*"))
                .isEqualTo("repository:acme/web:pull,push");
        assertThat(harness.sql().number("SELECT count(*) FROM robot WHERE last_used_at IS NOT NULL"))
                .isOne();
        refused("ci", secret.reveal());

        harness.sql().change("UPDATE robot SET expires_at = now()");
        refused("acme+ci", secret.reveal());
    }

    @Test
    void memberHoldsWhatTheTeamHolds() {
        long acme = harness.organization("acme");
        harness.repository(acme, "acme/web", "private");
        long team = harness.sql()
                .number("INSERT INTO team (organization_id, name) VALUES (?, 'builders') RETURNING id", acme);
        harness.sql()
                .change(
                        "INSERT INTO permission_grant (organization_id, role, team_id) VALUES (?, 'reader', ?)",
                        acme,
                        team);
        assertThat(scope("anna", SecuredHarness.PASSWORD, "repository:acme/web:pull"))
                .isEmpty();

        harness.sql()
                .change(
                        "INSERT INTO team_member (organization_id, team_id, account_id) VALUES (?, ?, ?)",
                        acme,
                        team,
                        anna);
        assertThat(scope("anna", SecuredHarness.PASSWORD, "repository:acme/web:pull"))
                .isEqualTo("repository:acme/web:pull");
    }

    @Test
    void refreshTokenIsGoodUntilItIsRevokedAndNothingElseThanThat() {
        String refresh = harness.server
                .token(asked(SecuredHarness.basic("anna", SecuredHarness.PASSWORD), TokenServer.Keep.REFRESH_TOKEN))
                .refreshToken()
                .orElseThrow();

        assertThat(refreshed(refresh)).isNotEmpty();
        refused("anna", refresh);
        assertThat(harness.sql()
                        .rows("SELECT encode(secret_hash, 'escape') FROM refresh_token")
                        .getFirst())
                .doesNotContain(refresh);

        harness.sql().change("UPDATE refresh_token SET revoked_at = now()");
        assertThatThrownBy(() -> refreshed(refresh)).isInstanceOf(Unauthorized.class);
        assertThatThrownBy(() -> refreshed("moorage_refresh_x")).isInstanceOf(Unauthorized.class);
    }

    @Test
    void firstStartMakesOneAdministratorWithTheGivenPasswordOrShowsARandomOneOnce() {
        harness.firstAccount.makeWhereAbsent();
        String password = harness.firstAccount.oneTimePassword().orElseThrow();
        harness.firstAccount.makeWhereAbsent();

        assertThat(harness.firstAccount.oneTimePassword()).isEmpty();
        assertThat(harness.sql().rows("SELECT name FROM account WHERE administrator"))
                .containsExactly("admin");
        enter("admin", password);

        try (SecuredHarness own = new SecuredHarness(
                TestDatabase.fresh(), Map.of("moorage.access.admin-password", "given by the settings"))) {
            own.firstAccount.makeWhereAbsent();
            assertThat(own.firstAccount.oneTimePassword()).isEmpty();
            own.access.enter(SecuredHarness.basic("admin", "given by the settings"));
        }
    }

    private String refreshed(String refreshToken) {
        return harness.server
                .refresh(asked(SecuredHarness.visitor(new Credentials.None()), TokenServer.Keep.NOTHING), refreshToken)
                .token();
    }

    private static TokenServer.Asked asked(Visitor visitor, TokenServer.Keep keep) {
        return new TokenServer.Asked(visitor, List.of(), "test", keep);
    }

    private String scope(String user, String password, String scopes) {
        return harness.server
                .token(new TokenServer.Asked(
                        SecuredHarness.basic(user, password), List.of(scopes), "test", TokenServer.Keep.NOTHING))
                .scope();
    }

    private void enter(String user, String password) {
        harness.access.enter(SecuredHarness.basic(user, password));
    }

    private Unauthorized refused(String user, String password) {
        RegistryException refusal = catchThrowableOfType(RegistryException.class, () -> enter(user, password));
        assertThat(refusal).isInstanceOf(Unauthorized.class);
        return (Unauthorized) refusal;
    }
}
