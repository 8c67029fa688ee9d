package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.UndoScene.EVERYBODY;
import static dev.moorage.lifecycle.UndoScene.NAME;
import static dev.moorage.lifecycle.UndoScene.V1;
import static dev.moorage.lifecycle.UndoScene.WEB;
import static dev.moorage.lifecycle.UndoScene.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Limit;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.ImageFilter;
import dev.moorage.administration.Listing;
import dev.moorage.administration.OrganizationService;
import dev.moorage.administration.OrganizationService.Change;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.PersonStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;
import dev.moorage.name.Sorting;
import dev.moorage.name.TagPattern;
import dev.moorage.name.UploadId;
import dev.moorage.name.Visibility;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.MountService.Mount;
import dev.moorage.registry.RegistryHarness;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An organization that is deleted with everything is not there for anybody, comes back as it was, or goes with its name. */
class OrganizationDeletionIT {

    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final Listing.Asked PAGE = new Listing.Asked("", 100);
    private static final int WINDOW = 7 * 24;

    // What stays is the history of others, and what belongs to no organization.
    private static final List<String> TABLES_OF_ORGANIZATIONS = List.of(
            "organization",
            "repository",
            "manifest",
            "tag",
            "repository_blob",
            "organization_blob",
            "permission_grant",
            "team",
            "team_member",
            "robot",
            "refresh_token",
            "trusted_issuer",
            "immutability_rule",
            "retention_policy",
            "account_epoch",
            "usage_entry",
            "upload",
            "hold",
            "event");

    @TempDir
    private Path directory;

    private UndoScene scene;
    private Digest first;

    @BeforeEach
    void start() {
        scene = new UndoScene(directory);
        first = scene.push("v1", "first");
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        scene.checkInvariants();
        scene.close();
    }

    @Test
    void nothingOfADeletedOrganizationIsThereAndAllOfItComesBackAsItWas() {
        makePublic();
        UploadId upload = scene.one.begin(WEB);
        Instant before = Instant.now();
        List<String> rows = rows();
        delete(EVERYBODY, Immutability.ENFORCED);

        assertThatThrownBy(() -> scene.one.pulls().manifest(TestGrants.to(WEB), V1))
                .isInstanceOf(NameUnknown.class);
        assertThatThrownBy(() -> scene.one.pulls().blobHead(TestGrants.to(WEB), digest(scene.config)))
                .isInstanceOf(NameUnknown.class);
        assertThatThrownBy(() -> scene.push("v1", "second")).isInstanceOf(NameUnknown.class);
        assertThatThrownBy(() -> scene.one.begin("acme/other"))
                .as("nor is it made again by a push")
                .isInstanceOf(NameUnknown.class);
        assertThatThrownBy(() ->
                        scene.one.uploads().append(TestGrants.to(WEB), upload, RegistryHarness.chunk(new byte[] {1})))
                .isInstanceOf(UploadUnknown.class);
        assertThatThrownBy(() -> scene.deleteBlob(digest(scene.config))).isInstanceOf(NameUnknown.class);
        assertThat(scene.one.lists().catalog(TestGrants.catalog(), "", 10).items())
                .isEmpty();
        assertThat(TestAdministration.images(scene.one.transactions())
                        .list(
                                EVERYBODY,
                                ImageFilter.ALL,
                                Sorting.parse("-pushed").orElseThrow(),
                                PAGE)
                        .items())
                .isEmpty();
        assertThatThrownBy(() -> restore(before)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> delete(EVERYBODY, Immutability.ENFORCED)).isInstanceOf(NotFound.class);
        assertThat(rows()).as("one row alone says it").hasSameSizeAs(rows);

        undo(scene.last());
        assertThat(rows()).isEqualTo(rows);
        assertThat(scene.one.pulls().manifest(TestGrants.to(WEB), V1).digest()).isEqualTo(first);
        scene.one.uploads().append(TestGrants.to(WEB), upload, RegistryHarness.chunk(new byte[] {1}));

        undo(scene.last());
        assertThatThrownBy(() -> scene.one.pulls().manifest(TestGrants.to(WEB), V1))
                .isInstanceOf(NameUnknown.class);
        undo(scene.last());
        assertThat(rows()).isEqualTo(rows);
    }

    @Test
    void blobsOfADeletedOrganizationAreMountedFromNowhere() {
        makePublic();
        Digest blob = digest(scene.config);
        assertThat(scene.one.mounts().mount(TestGrants.to("other/before"), blob, Optional.empty()))
                .as("while it is there")
                .isInstanceOf(Mount.Linked.class);
        scene.one.deletes().blob(TestGrants.to("other/before"), blob);
        delete(EVERYBODY, Immutability.ENFORCED);

        for (Optional<Grant> from : List.of(Optional.<Grant>empty(), Optional.of(TestGrants.to(WEB)))) {
            assertThat(scene.one.mounts().mount(TestGrants.to("other/after"), blob, from))
                    .isInstanceOf(Mount.NotPossible.class);
        }
    }

    @Test
    void onlyItsOwnersAndAdministratorsKnowThatItWasThereAndBringItBack() {
        scene.one.begin("other/web");
        Grant owner = with(Role.OWNER, "");
        Grant maintainer = with(Role.MAINTAINER, "");
        Grant ofPart = with(Role.OWNER, "web");
        Grant stranger = TestAdministration.with(scene.one.sql(), Role.OWNER, new OrganizationName("other"), "");
        Grant administrator = TestAdministration.administrator(scene.one.sql(), Limit.NONE);
        Grant limited = TestAdministration.administrator(
                scene.one.sql(), new Limit(RepositoryPrefix.ALL, EnumSet.of(Action.PULL, Action.PUSH, Action.DELETE)));
        for (Grant one : List.of(maintainer, ofPart, limited)) {
            assertThatThrownBy(() -> delete(one, Immutability.ENFORCED)).isInstanceOf(Forbidden.class);
        }
        assertThatThrownBy(() -> delete(stranger, Immutability.ENFORCED)).isInstanceOf(NotFound.class);
        delete(owner, Immutability.ENFORCED);
        String deleted = scene.last();

        for (Grant one : List.of(maintainer, ofPart, stranger, limited)) {
            assertThatThrownBy(() -> scene.events.list(one, ACME, PAGE)).isInstanceOf(NotFound.class);
            assertThatThrownBy(() -> scene.events.list(one, NAME, PAGE)).isInstanceOf(NotFound.class);
            assertThatThrownBy(() -> undo(one, deleted)).isInstanceOf(NotFound.class);
        }
        for (Grant one : List.of(owner, administrator)) {
            assertThat(scene.events.list(one, ACME, PAGE).items()).first().satisfies(event -> {
                assertThat(event.reference()).isEqualTo(deleted);
                assertThat(event.kind()).isEqualTo("organization_deleted");
                assertThat(event.repository()).isEmpty();
            });
        }
        assertThatThrownBy(() -> organization(owner)).as("and nothing else").isInstanceOf(NotFound.class);
        undo(owner, deleted);
        organization(owner);
        undo(owner, scene.last());
        undo(administrator, scene.last());
        organization(maintainer);
    }

    @Test
    void whatWasDoneInItBeforeIsUndoneAfterIt() {
        scene.push("v1", "second");
        String moved = scene.last();
        RepositoryDeletionIT.deletion(scene.one).delete(EVERYBODY, NAME, Immutability.ENFORCED, Optional.empty());
        String ofRepository = scene.last();
        delete(EVERYBODY, Immutability.ENFORCED);
        String deleted = scene.last();

        assertThat(conflict(moved)).containsExactly("organization-deleted");
        assertThat(conflict(ofRepository)).containsExactly("organization-deleted");
        undo(deleted);
        assertThat(conflict(deleted)).containsExactly("organization-restored-since");
        undo(ofRepository);
        undo(moved);
        assertThat(scene.names("v1")).contains(first);
    }

    @Test
    void logInMeanwhileTakesNobodyOutOfItsTeams() {
        fill();
        AccountId account = new AccountId(scene.one.sql().number("SELECT min(account_id) FROM team_member"));
        delete(EVERYBODY, Immutability.LIFTED);
        PersonStore people = new PersonStore();

        scene.one.transactions().run(Durability.POWER_CUT, tx -> people.leave(tx, account, List.of("acme/devs")));
        assertThat(scene.one.sql().number("SELECT count(*) FROM team_member WHERE account_id = ?", account.value()))
                .isOne();
        scene.one.transactions().run(Durability.POWER_CUT, tx -> people.leave(tx, account, List.of()));
        assertThat(scene.one.sql().number("SELECT count(*) FROM team_member WHERE account_id = ?", account.value()))
                .isZero();
        scene.one.transactions().run(Durability.POWER_CUT, tx -> people.enter(tx, account, List.of("acme/devs")));
        assertThat(scene.one.sql().number("SELECT count(*) FROM team_member WHERE account_id = ?", account.value()))
                .isOne();
    }

    @Test
    void rulesThatKeepTagsAreLiftedByTheOwnersWord() {
        TestAdministration.rules(scene.one.transactions()).add(EVERYBODY, NAME, new TagPattern("v?"));
        List<String> before = scene.state();

        assertThatThrownBy(() -> delete(EVERYBODY, Immutability.ENFORCED)).isInstanceOf(Forbidden.class);
        assertThat(scene.state()).isEqualTo(before);
        delete(EVERYBODY, Immutability.LIFTED);
        undo(scene.last());

        assertThatThrownBy(() -> undo(scene.last())).isInstanceOf(Forbidden.class);
    }

    @Test
    void ownerWhoIsOneNoMoreWhenTheLockIsHadDeletesNothing() throws InterruptedException {
        Grant owner = with(Role.OWNER, "");
        List<String> answers = UndoScene.race(
                scene.one,
                "UPDATE organization",
                () -> organizations()
                        .change(EVERYBODY, ACME, new Change(Optional.of(Visibility.PUBLIC), Optional.empty())),
                () -> {
                    assertThatThrownBy(() ->
                                    deletion(scene.two).delete(owner, ACME, Immutability.ENFORCED, Optional.empty()))
                            .isInstanceOf(Forbidden.class);
                    return true;
                },
                () -> scene.one.sql().change("UPDATE permission_grant SET role = 'maintainer'"));

        assertThat(answers).containsExactly("done", "done");
        assertThat(scene.one.sql().number("SELECT count(*) FROM organization WHERE deleted_at IS NOT NULL"))
                .isZero();
    }

    @Test
    void nameIsNobodyElsesUntilItIsGoneAndThenAnotherOrganizations() {
        fill();
        scene.one.begin("other/web");
        scene.one.sql().change("UPDATE organization SET undo_window_seconds = 86400 * 9 WHERE name = 'acme'");
        delete(EVERYBODY, Immutability.LIFTED);
        String deleted = scene.last();
        scene.one.pushBlob("other/web", scene.config.bytes());
        scene.one.pushManifest("other/web", V1, scene.manifest("other"));
        List<String> others = kept("other");

        TestCollection.pass(scene.one, WINDOW + 1);
        TestCollection.collect(scene.one);
        assertThatThrownBy(() -> organizations().create(EVERYBODY, ACME, Visibility.PRIVATE, Optional.empty()))
                .as("its own window is longer")
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("keeps its name");
        undo(deleted);
        delete(EVERYBODY, Immutability.LIFTED);

        collectAll();
        assertThat(counts("acme")).allMatch(count -> count.endsWith(" 0"));
        assertThat(kept("other")).isEqualTo(others);
        assertThatThrownBy(() -> undo(deleted)).isInstanceOf(NotFound.class);
        organizations().create(EVERYBODY, ACME, Visibility.PRIVATE, Optional.empty());
        scene.one.pushBlob(WEB, scene.config.bytes());
        Digest again = scene.push("v1", "first");
        assertThat(scene.one.pulls().manifest(TestGrants.to(WEB), V1).digest()).isEqualTo(again);
        assertThat(scene.events.list(EVERYBODY, ACME, PAGE).items()).hasSize(1);
    }

    @Test
    void whatAnOrganizationLeftIsNotToldToTheNextOneOfItsName() {
        RepositoryDeletionIT.deletion(scene.one).delete(EVERYBODY, NAME, Immutability.ENFORCED, Optional.empty());
        assertThat(scene.events.list(EVERYBODY, NAME, PAGE).items()).isNotEmpty();
        organizations().delete(EVERYBODY, ACME);
        organizations().create(EVERYBODY, ACME, Visibility.PRIVATE, Optional.empty());
        Grant owner = with(Role.OWNER, "");

        for (Grant one : List.of(owner, EVERYBODY)) {
            assertThatThrownBy(() -> scene.events.list(one, NAME, PAGE)).isInstanceOf(NotFound.class);
        }
    }

    @Test
    void runOfRetentionWaitsUntilItsOrganizationIsBack() {
        scene.one.sql().change("""
                INSERT INTO retention_run (id, organization_id, kind, rules, actor, address, client, claim_names,
                    claim_values, group_id)
                SELECT gen_random_uuid(), id, 'preview', '{}', 'tester', '192.0.2.7', 'test', '{}', '{}', gen_random_uuid()
                FROM organization
                """);
        delete(EVERYBODY, Immutability.ENFORCED);
        RetentionRunStore runs = new RetentionRunStore();
        assertThat(scene.one.transactions().<Optional<RetentionRun>>call(Durability.PROGRAM_END, runs::take))
                .isEmpty();

        undo(scene.last());
        RetentionRun taken = scene.one
                .transactions()
                .<Optional<RetentionRun>>call(Durability.PROGRAM_END, runs::take)
                .orElseThrow();
        OrganizationId id = new OrganizationId(scene.one.sql().number("SELECT id FROM organization"));
        assertThat(held(runs, id, taken)).isTrue();
        delete(EVERYBODY, Immutability.ENFORCED);
        assertThat(held(runs, id, taken)).as("nor does who has it go on").isFalse();
    }

    private boolean held(RetentionRunStore runs, OrganizationId organization, RetentionRun run) {
        return scene.one.transactions().call(Durability.PROGRAM_END, tx -> runs.hold(tx, organization, run));
    }

    @Test
    void whatBeganToGoComesNotBack() {
        for (int n = 0; n < 3; n++) {
            scene.one.pushBlob("acme/r" + n, scene.config.bytes());
        }
        delete(EVERYBODY, Immutability.ENFORCED);
        String deleted = scene.last();
        TestCollection.pass(scene.one, WINDOW + 2);
        scene.one.sql().change("UPDATE organization SET collected_at = now()");

        assertThat(conflict(deleted)).containsExactly("organization-gone");
        collectAll();
        assertThat(counts("acme")).allMatch(count -> count.endsWith(" 0"));
    }

    private void makePublic() {
        scene.one.sql().change("UPDATE repository SET visibility = 'public'");
        scene.one.sql().change("UPDATE repository_blob SET in_public = true");
    }

    /** Something in every table that an organization has rows in. */
    private void fill() {
        scene.one.pushBlob("acme/api", scene.config.bytes());
        RepositoryDeletionIT.deletion(scene.one)
                .delete(EVERYBODY, new RepositoryName("acme/api"), Immutability.ENFORCED, Optional.empty());
        scene.push("v1", "second");
        scene.one.begin(WEB);
        with(Role.OWNER, "");
        TestAdministration.rules(scene.one.transactions()).add(EVERYBODY, ACME, new TagPattern("v*"));
        TestAdministration.rules(scene.one.transactions()).add(EVERYBODY, NAME, new TagPattern("w*"));
        for (String statement : List.of(
                "INSERT INTO team (organization_id, name) SELECT id, 'devs' FROM organization WHERE name = 'acme'",
                """
                INSERT INTO team_member (organization_id, team_id, account_id)
                SELECT t.organization_id, t.id, a.id FROM team t, account a
                """,
                """
                INSERT INTO robot (organization_id, name, secret_hash)
                SELECT id, 'ci', sha256('x') FROM organization WHERE name = 'acme'
                """,
                """
                INSERT INTO refresh_token (secret_hash, client_id, service, expires_at, robot_id)
                SELECT sha256('y'), 'c', 's', now() + interval '1 day', id FROM robot
                """,
                """
                INSERT INTO trusted_issuer (organization_id, name, issuer, audience, claim_patterns)
                SELECT id, 'ci', 'https://ci', 'x', '{}' FROM organization WHERE name = 'acme'
                """,
                """
                INSERT INTO permission_grant (organization_id, role, robot_id)
                SELECT organization_id, 'writer', id FROM robot
                """,
                """
                INSERT INTO permission_grant (organization_id, role, team_id)
                SELECT organization_id, 'writer', id FROM team
                """,
                """
                INSERT INTO account_epoch (organization_id, account_id, epoch)
                SELECT o.id, a.id, 1 FROM organization o, account a WHERE o.name = 'acme'
                """,
                """
                INSERT INTO retention_policy (organization_id, rules)
                SELECT id, '{}' FROM organization WHERE name = 'acme'
                """)) {
            scene.one.sql().change(statement);
        }
        assertThat(counts("acme")).noneMatch(count -> count.endsWith(" 0"));
    }

    /** What housekeeping leaves alone: uploads expire, and the ledger is folded. */
    private List<String> kept(String organization) {
        return counts(organization).stream()
                .filter(count -> !count.startsWith("upload ") && !count.startsWith("usage_entry "))
                .toList();
    }

    private List<String> counts(String organization) {
        long id = scene.one.sql().number("SELECT coalesce(max(id), 0) FROM organization WHERE name = ?", organization);
        return TABLES_OF_ORGANIZATIONS.stream()
                .map(table -> table + " "
                        + scene.one
                                .sql()
                                .number(
                                        switch (table) {
                                            case "organization" -> "SELECT count(*) FROM organization WHERE id = ?";
                                            case "refresh_token" ->
                                                "SELECT count(*) FROM refresh_token f JOIN robot b ON b.id = f.robot_id WHERE b.organization_id = ?";
                                            default -> "SELECT count(*) FROM " + table + " WHERE organization_id = ?";
                                        },
                                        id))
                .toList();
    }

    /** Lets time pass and everybody do his work until the organization is gone. */
    private void collectAll() {
        for (int hour = 0;
                hour < 40 && scene.one.sql().number("SELECT count(*) FROM organization WHERE name = 'acme'") > 0;
                hour++) {
            TestCollection.pass(scene.one, 12);
            TestCollection.collect(scene.one);
            scene.one
                    .sql()
                    .change("UPDATE upload SET expires_at = now() - interval '1 minute' WHERE expires_at > now()");
            TestHousekeeping.reaper(scene.one).reap(Grant.system("test"));
            TestHousekeeping.folder(scene.one).fold(Grant.system("test"));
        }
        assertThat(scene.one.sql().number("SELECT count(*) FROM organization WHERE name = 'acme'"))
                .isZero();
    }

    private List<String> rows() {
        return scene.one.sql().rows("""
                SELECT 'tag ' || name || manifest_digest FROM tag
                UNION ALL SELECT 'manifest ' || digest || (deleted_at IS NULL) FROM manifest
                UNION ALL SELECT 'link ' || digest || (deleted_at IS NULL) FROM repository_blob
                UNION ALL SELECT 'repository ' || id || (deleted_at IS NULL) FROM repository
                UNION ALL SELECT 'organization ' || id || (deleted_at IS NULL) FROM organization
                ORDER BY 1
                """);
    }

    private void restore(Instant at) {
        new RestoreService(
                        TestAdministration.management(scene.one.transactions()),
                        new OrganizationStore(),
                        new RepositoryStore(),
                        new EventStore(),
                        new RestorePlans(new EventStore(), new RestoreStore()),
                        scene.one.reversal(),
                        scene.one.origins(),
                        scene.one.config())
                .restore(
                        EVERYBODY,
                        ACME,
                        new RestoreService.Asked(at, List.of(), RestoreService.Mode.CARRY_OUT, Optional.empty()));
    }

    private OrganizationService organizations() {
        return TestAdministration.organizations(scene.one.transactions());
    }

    private List<String> conflict(String event) {
        return UndoScene.kinds(catchThrowableOfType(Conflict.class, () -> undo(event)));
    }

    private void organization(Grant grant) {
        organizations().get(grant, ACME);
    }

    private void undo(String event) {
        undo(EVERYBODY, event);
    }

    private void undo(Grant grant, String event) {
        scene.undo.undo(grant, ACME, event, Optional.empty());
    }

    private void delete(Grant grant, Immutability immutability) {
        deletion(scene.one).delete(grant, ACME, immutability, Optional.empty());
    }

    private static OrganizationDeletionService deletion(RegistryHarness replica) {
        return new OrganizationDeletionService(
                TestAdministration.management(replica.transactions()),
                UndoScene.organizationHiding(replica),
                replica.origins());
    }

    private Grant with(Role role, String path) {
        return TestAdministration.with(scene.one.sql(), role, ACME, path);
    }
}
