package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.administration.AccountService.Link;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.LockWatch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes an account away keeps an owner for each organization that has one. */
class LastOwnerIT {

    private static final Grant EVERYBODY = TestAdministration.everybody();

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private AccountService accounts;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        accounts = TestAdministration.accounts(registry.transactions());
        registry.sql().change("INSERT INTO organization (name) VALUES ('acme')");
        registry.sql().change("INSERT INTO account (name) VALUES ('anna'), ('bert')");
    }

    @AfterEach
    void stop() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void oneOfTwoOwnersStaysWhereBothGoAtOnce() throws SQLException {
        own("anna");
        own("bert");
        CompletableFuture<Void> left;
        try (Connection other = registry.plain().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM organization WHERE name = 'acme' FOR NO KEY UPDATE");
            statement.execute(
                    "DELETE FROM permission_grant WHERE account_id = (SELECT id FROM account WHERE name = 'bert')");
            left = CompletableFuture.runAsync(
                    () -> accounts.delete(EVERYBODY, "anna"),
                    work -> Thread.ofPlatform().daemon().start(work));
            LockWatch.awaitWaiting(registry.plain());
            other.commit();
        }

        assertThatThrownBy(left::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(Conflict.class);
        assertThat(accounts.get(EVERYBODY, "anna").enabled()).isTrue();
    }

    @Test
    void whoOwnsByHisTeamAloneStays() {
        registry.sql().change("INSERT INTO team (organization_id, name) SELECT id, 'owners' FROM organization");
        registry.sql().change("""
                INSERT INTO team_member (organization_id, team_id, account_id)
                SELECT t.organization_id, t.id, a.id FROM team t, account a WHERE a.name = 'anna'
                """);
        registry.sql().change("""
                INSERT INTO permission_grant (organization_id, role, team_id)
                SELECT organization_id, 'owner', id FROM team
                """);

        assertThatThrownBy(() -> accounts.delete(EVERYBODY, "anna")).isInstanceOf(Conflict.class);
        own("bert");
        accounts.delete(EVERYBODY, "anna");
    }

    @Test
    void theLastOwnerCanBeShutOutAtOnce() {
        own("anna");
        accounts.change(
                EVERYBODY,
                "anna",
                new AccountService.Change(Optional.of(false), Optional.empty(), Optional.empty(), new Link.Kept()));
        assertThat(accounts.get(EVERYBODY, "anna").enabled()).isFalse();
    }

    @Test
    void whoIsNoOwnerGoes() {
        own("bert");
        accounts.delete(EVERYBODY, "anna");
        assertThat(registry.sql().rows("SELECT name FROM account WHERE deleted_at IS NULL"))
                .contains("bert")
                .doesNotContain("anna");
    }

    @Test
    void whoAloneOwnsWhatCanStillBeBroughtBackStays() {
        own("anna");
        registry.sql()
                .change("UPDATE organization SET deleted_at = now(), restorable_until = now() + interval '7 days'");

        assertThatThrownBy(() -> accounts.delete(EVERYBODY, "anna")).isInstanceOf(Conflict.class);

        registry.sql().change("UPDATE organization SET restorable_until = NULL");
        accounts.delete(EVERYBODY, "anna");
    }

    private void own(String account) {
        registry.sql().change("""
                INSERT INTO permission_grant (organization_id, role, account_id)
                SELECT o.id, 'owner', a.id FROM organization o, account a WHERE a.name = ?
                """, account);
    }
}
