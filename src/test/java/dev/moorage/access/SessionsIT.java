package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.SessionStore;
import dev.moorage.name.RepositoryName;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions in process: what they may, and what happens beside them. */
class SessionsIT {

    private static final Visitor NOBODY = SecuredHarness.visitor(new Credentials.None());

    private static SecuredHarness harness;
    private static long account;
    private static long organization;

    @BeforeAll
    static void start() {
        harness = SecuredHarness.fresh();
        account = harness.account("anna");
        organization = harness.organization("acme");
        harness.repository(organization, "acme/app", "private");
        harness.give(organization, "", "writer", account);
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @BeforeEach
    void forget() {
        harness.meanwhile = () -> {};
        harness.sql().change("DELETE FROM console_session");
    }

    private static Visitor begun() {
        Secret secret =
                harness.sessions.begin(NOBODY, "anna", SecuredHarness.PASSWORD).orElseThrow();
        return SecuredHarness.visitor(new Credentials.Session(secret.reveal()));
    }

    private static long rows() {
        return harness.sql().number("SELECT count(*) FROM console_session");
    }

    @Test
    void sessionMayWhatItsAccountMayAndIsNotThePassword() {
        Visitor visitor = begun();
        Grant grant = harness.access.administration(visitor);
        RepositoryName app = RepositoryName.parse("acme/app").orElseThrow();

        assertThat(grant.caller().account()).isEqualTo("anna");
        assertThat(grant.limit()).isEqualTo(Limit.NONE);
        assertThat(grant.byPassword()).isFalse();
        assertThat(grant.byToken()).isTrue();
        assertThat(harness.access.offered(visitor, app, Action.PUSH)).isPresent();
        assertThat(harness.access.offered(visitor, app, Action.DELETE)).isEmpty();

        assertThat(harness.access.himself(grant, "another")).isEmpty();
        assertThat(harness.access.himself(grant, SecuredHarness.PASSWORD))
                .hasValueSatisfying(himself -> assertThat(himself.byPassword()).isTrue());
    }

    @Test
    void loginIsNothingWhereThePasswordChangedWhileItWasHashed() {
        harness.meanwhile = () -> harness.sql().change("UPDATE account SET epoch = epoch + 1 WHERE id = ?", account);
        assertThat(harness.sessions.begin(NOBODY, "anna", SecuredHarness.PASSWORD))
                .isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    void sessionIsReadByOneStatementAndWrittenOnceAMinute() {
        Visitor visitor = begun();
        List<String> fresh = harness.statementsOf(() -> harness.access.administration(visitor));
        assertThat(fresh).hasSize(1);
        harness.sql().change("UPDATE console_session SET last_used_at = now() - interval '2 minutes'");
        assertThat(harness.statementsOf(() -> harness.access.administration(visitor)))
                .filteredOn(sql -> sql.startsWith("UPDATE console_session"))
                .hasSize(1);
        assertThat(harness.statementsOf(() -> harness.access.administration(visitor)))
                .hasSize(1);
    }

    @Test
    void sessionThatHasEndedIsNoFailedLogin() {
        Visitor visitor = begun();
        harness.sql().change("UPDATE console_session SET expires_at = now()");
        for (int i = 0; i < 200; i++) {
            assertThatThrownBy(() -> harness.access.administration(visitor)).isInstanceOf(Unauthorized.class);
        }
        assertThat(harness.sql().number("SELECT count(*) FROM login_failure")).isZero();
        assertThat(harness.sessions.begin(NOBODY, "anna", SecuredHarness.PASSWORD))
                .isPresent();
    }

    @Test
    void rowsThatHaveExpiredAreRemovedAndNoOthers() {
        begun();
        Visitor kept = begun();
        harness.sql()
                .change(
                        "UPDATE console_session SET expires_at = now() WHERE created_at = (SELECT min(created_at) FROM console_session)");
        harness.transactions.run(Durability.PROGRAM_END, tx -> new SessionStore().removeOld(tx));
        assertThat(rows()).isEqualTo(1);
        assertThat(harness.access.administration(kept).caller().account()).isEqualTo("anna");
    }

    @Test
    void textThatCannotBeASessionCostsNoStatement() {
        Visitor visitor = SecuredHarness.visitor(new Credentials.Session("moorage_session_made-up"));
        assertThat(harness.statementsOf(() -> assertThatThrownBy(() -> harness.access.administration(visitor))
                        .isInstanceOf(Unauthorized.class)))
                .isEmpty();
    }

    @Test
    void tokenServerGivesNothingForASession() {
        Visitor visitor = begun();
        assertThatThrownBy(() -> harness.token(visitor, "repository:acme/app:pull"))
                .isInstanceOf(Unauthorized.class);
    }
}
