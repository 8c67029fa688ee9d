package dev.moorage.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.AccountService.Change;
import dev.moorage.administration.AccountService.Link;
import dev.moorage.administration.GrantService.Given;
import dev.moorage.error.AdministrationException;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import dev.moorage.name.TagPattern;
import dev.moorage.name.Visibility;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.LockWatch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose rights end while his request waits for a lock does nothing with it. */
class RightsBehindLockIT {

    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final RepositoryName WEB = new RepositoryName("acme/web");

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private AccountId anna;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        registry.begin(WEB.value());
        anna = new AccountId(registry.sql().number("INSERT INTO account (name) VALUES ('anna') RETURNING id"));
        registry.sql().change("INSERT INTO account (name) VALUES ('bert')");
        registry.sql().change("INSERT INTO team (organization_id, name) SELECT id, 'crew' FROM organization");
        own("anna");
        own("bert");
    }

    @AfterEach
    void stop() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    /** What an owner does behind a lock. */
    enum Request {
        TEAM("organization", (from, who) -> TestAdministration.teams(from).create(who, ACME, "new")),
        TEAM_MEMBER(
                "organization", (from, who) -> TestAdministration.teams(from).add(who, ACME, "crew", "anna")),
        ROLE("organization", (from, who) -> TestAdministration.grants(from)
                .give(who, ACME, new Given(Holder.Kind.TEAM, "crew", Role.OWNER, ""))),
        VISIBILITY("organization", (from, who) -> TestAdministration.organizations(from)
                .change(who, ACME, new OrganizationService.Change(Optional.of(Visibility.PUBLIC), Optional.empty()))),
        RULES_OF_ALL("repository", (from, who) -> TestAdministration.rules(from).add(who, ACME, new TagPattern("v*"))),
        RULES("repository", (from, who) -> TestAdministration.rules(from).add(who, WEB, new TagPattern("v*"))),
        REPOSITORY("repository", (from, who) -> TestAdministration.repositories(from)
                .change(
                        who,
                        WEB,
                        new RepositoryService.Change(
                                Optional.empty(), Optional.of(Visibility.PUBLIC), Optional.empty())));

        private final String locked;

        @SuppressWarnings("ImmutableEnumChecker") // Requests hold no state.
        private final BiConsumer<Transactions, Grant> work;

        Request(String locked, BiConsumer<Transactions, Grant> work) {
            this.locked = locked;
            this.work = work;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoIsNoOwnerAnyMoreWhenTheLockIsHisChangesNothing(Request request) throws SQLException {
        String before = rights();
        CompletableFuture<Void> waiting = whileLocked(
                "SELECT FROM " + request.locked + " FOR UPDATE",
                "DELETE FROM permission_grant WHERE account_id = " + anna.value(),
                () -> request.work.accept(registry.transactions(), TestGrants.administration(anna, Limit.NONE)));

        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(AdministrationException.class);
        assertThat(rights()).as("nothing but what the other one did").isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsAndStaysAnOwnerGoesOn(Request request) throws SQLException {
        String before = rights();
        whileLocked(
                        "SELECT FROM " + request.locked + " FOR UPDATE",
                        "SELECT 1",
                        () -> request.work.accept(registry.transactions(), TestGrants.administration(anna, Limit.NONE)))
                .join();
        assertThat(rights()).isNotEqualTo(before);
    }

    @Test
    void administratorWhoIsOneNoMoreWhenTheLockIsHisChangesNothing() throws SQLException {
        Grant admin = TestAdministration.administrator(registry.sql(), Limit.NONE);
        TestAdministration.administrator(registry.sql(), Limit.NONE);
        CompletableFuture<Void> waiting = whileLocked(
                "SELECT pg_advisory_xact_lock(5012, 1)",
                "UPDATE account SET administrator = false, epoch = epoch + 1 WHERE administrator",
                () -> TestAdministration.accounts(registry.transactions())
                        .change(
                                admin,
                                "bert",
                                new Change(Optional.of(false), Optional.empty(), Optional.empty(), new Link.Kept())));

        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(Unauthorized.class);
        assertThat(registry.sql().number("SELECT count(*) FROM account WHERE disabled_at IS NOT NULL"))
                .isZero();
    }

    /** The work begins while another transaction has a lock, which ends when the work waits. */
    private CompletableFuture<Void> whileLocked(String lock, String change, Runnable work) throws SQLException {
        try (Connection other = registry.plain().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(lock);
            statement.execute(change);
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                    work, task -> Thread.ofPlatform().daemon().start(task));
            LockWatch.awaitWaiting(registry.plain());
            other.commit();
            return waiting;
        }
    }

    private void own(String account) {
        registry.sql().change("""
                INSERT INTO permission_grant (organization_id, role, account_id)
                SELECT o.id, 'owner', a.id FROM organization o, account a WHERE a.name = ?
                """, account);
    }

    /** All that the requests could change. */
    private String rights() {
        return registry.sql().rows("""
                SELECT concat_ws(' ', o.default_visibility, r.visibility,
                    (SELECT count(*) FROM team), (SELECT count(*) FROM team_member),
                    (SELECT count(*) FROM permission_grant WHERE team_id IS NOT NULL),
                    (SELECT count(*) FROM immutability_rule))
                FROM organization o, repository r
                """).toString();
    }
}
