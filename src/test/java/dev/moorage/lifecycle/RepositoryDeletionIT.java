package dev.moorage.lifecycle;

import static dev.moorage.lifecycle.UndoScene.EVERYBODY;
import static dev.moorage.lifecycle.UndoScene.NAME;
import static dev.moorage.lifecycle.UndoScene.V1;
import static dev.moorage.lifecycle.UndoScene.WEB;
import static dev.moorage.lifecycle.UndoScene.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.RepositoryHidingStore;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Quota;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import dev.moorage.name.TagPattern;
import dev.moorage.name.UploadId;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.RegistryHarness;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository that is deleted is not there for anybody from then on, and comes back as it was. */
class RepositoryDeletionIT {

    private static final Listing.Asked PAGE = new Listing.Asked("", 100);
    private static final OrganizationName ACME = new OrganizationName("acme");

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
    void uploadsOfARepositoryThatIsBackAreNotEnded() {
        UploadId upload = scene.one.begin(WEB);
        RepositoryKey web = new RepositoryKey(
                new OrganizationId(scene.one.sql().number("SELECT organization_id FROM repository")),
                new RepositoryId(scene.one.sql().number("SELECT id FROM repository")));
        String open = "SELECT count(*) FROM upload WHERE id = ? AND expires_at > now()";
        RepositoryHidingStore hiding = new RepositoryHidingStore();

        scene.one.transactions().run(Durability.PROGRAM_END, tx -> hiding.endUploads(tx, web));
        assertThat(scene.one.sql().number(open, upload.value())).isOne();

        scene.one.transactions().run(Durability.PROGRAM_END, tx -> hiding.hide(tx, web));
        scene.one.transactions().run(Durability.PROGRAM_END, tx -> hiding.endUploads(tx, web));
        assertThat(scene.one.sql().number(open, upload.value())).isZero();
        scene.one.sql().change("UPDATE repository SET deleted_at = NULL");
    }

    @Test
    void deletedRepositoryIsAsOneThatIsNotThereAndComesBackAsItWas() {
        UploadId upload = scene.one.begin(WEB);
        List<String> before = rows();
        delete(EVERYBODY, Immutability.ENFORCED);

        assertThatThrownBy(() -> scene.one.pulls().manifest(TestGrants.to(WEB), V1))
                .isInstanceOf(NameUnknown.class);
        assertThatThrownBy(() -> scene.one.pulls().manifest(TestGrants.to(WEB), first))
                .isInstanceOf(NameUnknown.class);
        assertThatThrownBy(() -> scene.deleteBlob(digest(scene.config))).isInstanceOf(NameUnknown.class);
        assertThatThrownBy(() ->
                        scene.one.uploads().append(TestGrants.to(WEB), upload, RegistryHarness.chunk(new byte[] {1})))
                .isInstanceOf(UploadUnknown.class);
        assertThatThrownBy(() -> delete(EVERYBODY, Immutability.ENFORCED)).isInstanceOf(NotFound.class);
        assertThat(scene.one.sql().rows("SELECT kind, digest FROM hold")).containsExactly("repository -");

        undo(scene.last());
        assertThat(rows()).isEqualTo(before);
        assertThat(scene.one.pulls().manifest(TestGrants.to(WEB), V1).digest()).isEqualTo(first);
        assertThat(scene.one.sql().number("SELECT count(*) FROM hold")).isZero();
        assertThat(scene.one.sql().number("SELECT count(*) FROM upload WHERE expires_at > now()"))
                .as("uploads are begun again")
                .isZero();

        scene.undo(scene.last());
        assertThat(rows()).isNotEqualTo(before);
        undo(scene.last());
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void nameThatWasTakenMeanwhileIsAConflictAndTheNewRepositoryStays() {
        delete(EVERYBODY, Immutability.ENFORCED);
        String deleted = scene.last();
        scene.one.pushBlob(WEB, scene.config.bytes());
        Digest other = scene.push("v1", "other");

        assertThat(conflict(deleted)).containsExactly("name-taken");
        assertThat(scene.one.pulls().manifest(TestGrants.to(WEB), V1).digest()).isEqualTo(other);

        delete(EVERYBODY, Immutability.ENFORCED);
        undo(deleted);
        assertThat(scene.one.pulls().manifest(TestGrants.to(WEB), V1).digest()).isEqualTo(first);
    }

    @Test
    void whatWasDoneInARepositoryBeforeItWasDeletedIsUndoneAfterIt() {
        scene.push("v1", "second");
        String moved = scene.last();
        delete(EVERYBODY, Immutability.ENFORCED);

        assertThat(conflict(moved)).containsExactly("repository-deleted");
        undo(scene.last());
        undo(moved);
        assertThat(scene.names("v1")).contains(first);
    }

    @Test
    void quotaOfRepositoriesHoldsForAnUndoToo() {
        delete(EVERYBODY, Immutability.ENFORCED);
        String deleted = scene.last();
        scene.one.begin("acme/other");
        TestAdministration.quotas(scene.one.transactions())
                .set(EVERYBODY, ACME, new Quota(Optional.empty(), Optional.of(1)));

        assertThat(conflict(deleted)).containsExactly("quota");
    }

    @Test
    void repositoryWithImmutableTagsGoesOnlyWhereItsOwnerSaysSo() {
        ImmutabilityRules rules = TestAdministration.rules(scene.one.transactions());
        rules.add(EVERYBODY, ACME, new TagPattern("v?"));
        List<String> before = scene.state();

        assertThatThrownBy(() -> delete(EVERYBODY, Immutability.ENFORCED))
                .isInstanceOf(Forbidden.class)
                .hasMessageContaining("v1");
        assertThat(scene.state()).isEqualTo(before);
        delete(EVERYBODY, Immutability.LIFTED);
        undo(scene.last());

        assertThatThrownBy(() -> scene.undo(scene.last())).isInstanceOf(Forbidden.class);
    }

    @Test
    void underscoreOfARuleIsNoJoker() {
        TestAdministration.rules(scene.one.transactions()).add(EVERYBODY, NAME, new TagPattern("v_"));

        delete(EVERYBODY, Immutability.ENFORCED);
    }

    @Test
    void deletionIsForOwnersAndTheOthersLearnNothing() {
        assertThatThrownBy(() -> delete(with(Role.MAINTAINER), Immutability.ENFORCED))
                .isInstanceOf(Forbidden.class);
        scene.one.begin("other/web");
        Grant stranger = TestAdministration.with(scene.one.sql(), Role.OWNER, new OrganizationName("other"), "");
        AdministrationException forbidden =
                catchThrowableOfType(NotFound.class, () -> delete(stranger, Immutability.ENFORCED));
        delete(with(Role.OWNER), Immutability.ENFORCED);
        AdministrationException absent =
                catchThrowableOfType(NotFound.class, () -> delete(stranger, Immutability.ENFORCED));
        assertThat(forbidden).hasMessage(absent.getMessage());

        String deleted = scene.last();
        assertThatThrownBy(() -> scene.undo.undo(with(Role.MAINTAINER), ACME, deleted, Optional.empty()))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> scene.undo.undo(stranger, ACME, deleted, Optional.empty()))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> scene.undo.undo(stranger, new OrganizationName("other"), deleted, Optional.empty()))
                .isInstanceOf(NotFound.class);
        scene.undo.undo(with(Role.OWNER), ACME, deleted, Optional.of("by mistake"));
    }

    @Test
    void whoOwnsAPartOfTheOrganizationReadsOfTheDeletionThereAndUndoesIt() {
        scene.one.begin("acme/other");
        Grant ofPart = TestAdministration.with(scene.one.sql(), Role.OWNER, ACME, "web");
        Grant reader = TestAdministration.with(scene.one.sql(), Role.READER, ACME, "web");
        Grant elsewhere = TestAdministration.with(scene.one.sql(), Role.OWNER, ACME, "other");
        delete(ofPart, Immutability.ENFORCED);
        String deleted = scene.last();

        assertThatThrownBy(() -> scene.events.list(reader, NAME, PAGE)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> scene.events.list(elsewhere, NAME, PAGE)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> scene.undo.undo(elsewhere, NAME, deleted, Optional.empty()))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> scene.undo.undo(elsewhere, ACME, deleted, Optional.empty()))
                .isInstanceOf(NotFound.class);
        assertThat(scene.events.list(ofPart, NAME, PAGE).items()).first().satisfies(event -> {
            assertThat(event.kind()).isEqualTo("repository_deleted");
            assertThat(event.reference()).isEqualTo(deleted);
        });
        scene.undo.undo(ofPart, NAME, deleted, Optional.empty());
        assertThat(scene.names("v1")).contains(first);

        delete(ofPart, Immutability.ENFORCED);
        scene.undo.undo(ofPart, ACME, scene.last(), Optional.empty());
        assertThat(scene.one.pulls().manifest(TestGrants.to(WEB), V1).digest()).isEqualTo(first);
    }

    @Test
    void pathOfADeletedRepositoryIsTheNewOnesWhereThereIsOne() {
        delete(EVERYBODY, Immutability.ENFORCED);
        String deleted = scene.last();
        scene.one.begin(WEB);

        assertThat(scene.events.list(EVERYBODY, NAME, PAGE).items()).isEmpty();
        assertThatThrownBy(() -> scene.undo(deleted)).isInstanceOf(NotFound.class);
        assertThat(conflict(deleted)).containsExactly("name-taken");
    }

    @Test
    void pushThatIsUnderWayEndsBeforeTheDeletion() throws InterruptedException {
        List<String> answers = UndoScene.race(scene.one, "UPDATE tag", () -> scene.push("v1", "second"), () -> {
            deletion(scene.two).delete(EVERYBODY, NAME, Immutability.ENFORCED, Optional.empty());
            return true;
        });

        assertThat(answers).containsExactly("done", "done");
        undo(scene.last());
        assertThat(scene.names("v1")).contains(digest(scene.manifest("second")));
    }

    @Test
    void ownerWhoIsOneNoMoreWhenTheLockIsHadDeletesNothing() throws InterruptedException {
        Grant owner = with(Role.OWNER);
        List<String> answers = UndoScene.race(
                scene.one,
                "UPDATE tag",
                () -> scene.push("v1", "second"),
                () -> {
                    assertThatThrownBy(() ->
                                    deletion(scene.two).delete(owner, NAME, Immutability.ENFORCED, Optional.empty()))
                            .isInstanceOf(Forbidden.class);
                    return true;
                },
                () -> scene.one.sql().change("UPDATE permission_grant SET role = 'maintainer'"));

        assertThat(answers).containsExactly("done", "done");
        assertThat(scene.one.sql().number("SELECT count(*) FROM repository WHERE deleted_at IS NOT NULL"))
                .isZero();
    }

    @Test
    void nameThatIsBeingTakenIsSeenByAnUndo() throws InterruptedException {
        delete(EVERYBODY, Immutability.ENFORCED);
        String deleted = scene.last();

        List<String> answers = UndoScene.race(
                scene.one, "INSERT INTO repository", () -> scene.one.begin(WEB), () -> UndoScene.undo(scene.two)
                        .undo(EVERYBODY, ACME, deleted, Optional.empty()));

        assertThat(answers).containsExactly("done", "name-taken");
    }

    @Test
    void absentEventOfAnOrganizationIsNotThere() {
        String absent = UUID.randomUUID().toString();
        assertThatThrownBy(() -> undo(absent)).isInstanceOf(NotFound.class);
    }

    private List<String> rows() {
        return scene.one.sql().rows("""
                SELECT 'tag ' || name || manifest_digest FROM tag
                UNION ALL SELECT 'manifest ' || digest || (deleted_at IS NULL) FROM manifest
                UNION ALL SELECT 'link ' || digest || (deleted_at IS NULL) FROM repository_blob
                UNION ALL SELECT 'repository ' || id || (deleted_at IS NULL) FROM repository
                ORDER BY 1
                """);
    }

    private List<String> conflict(String event) {
        return UndoScene.kinds(catchThrowableOfType(Conflict.class, () -> undo(event)));
    }

    private void undo(String event) {
        scene.undo.undo(EVERYBODY, ACME, event, Optional.empty());
    }

    private void delete(Grant grant, Immutability immutability) {
        deletion(scene.one).delete(grant, new RepositoryName(WEB), immutability, Optional.empty());
    }

    static RepositoryDeletionService deletion(RegistryHarness replica) {
        return new RepositoryDeletionService(
                TestAdministration.management(replica.transactions()),
                replica.transactions(),
                new RepositoryHidingStore(),
                replica.hiding(),
                replica.origins());
    }

    private Grant with(Role role) {
        return TestAdministration.with(scene.one.sql(), role, ACME, "");
    }
}
