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
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.ManifestBlobUnknown;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.lifecycle.PurgeService.Holding;
import dev.moorage.lifecycle.PurgeService.Purged;
import dev.moorage.lifecycle.PurgeService.StillNeeded;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.PurgeStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.TagStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Role;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is purged is gone from the repository at once and for good, and nothing is told of others. */
class PurgeIT {

    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final String REASON = "a key was in it";

    private final ImageFactory factory = ImageFactory.seeded(83);

    @TempDir
    private Path directory;

    private UndoScene scene;
    private PurgeService purges;

    @BeforeEach
    void start() {
        scene = new UndoScene(directory);
        purges = purges(scene.one);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        Await.until(
                Duration.ofSeconds(60),
                "the objects of purged blobs to go",
                () -> scene.one.sql().number("SELECT count(*) FROM tombstone WHERE why = 'the blob was purged'") == 0);
        scene.checkInvariants();
        scene.close();
    }

    @Test
    void manifestGoesWithItsTagsAndTheBlobsThatNothingElseNeeds() {
        Image image = image();
        Digest leaked = scene.one.pushImage(WEB, "v1", image);
        scene.push(new Tag("v2"), image.manifest());
        scene.push("v3", "stays");
        List<BlobKey> objects = image.blobs().stream()
                .map(blob -> scene.one.keyOf(digest(blob)))
                .toList();
        BlobKey kept = scene.one.keyOf(digest(scene.config));

        Purged purged = purge(EVERYBODY, leaked);

        assertThat(purged.tags()).containsExactly("v1", "v2");
        assertThat(purged.manifests()).containsExactly(leaked.toString());
        assertThat(purged.blobs())
                .containsExactlyInAnyOrderElementsOf(
                        image.blobs().stream().map(Content::digest).distinct().toList());
        assertThat(purged.kept()).isEmpty();
        assertThat(purged.elsewhere()).isEmpty();
        assertThatThrownBy(() -> scene.one.pulls().manifest(TestGrants.to(WEB), leaked))
                .isInstanceOf(ManifestUnknown.class);
        assertThat(scene.one.sql().rows("SELECT digest FROM blob")).containsExactly(scene.config.digest());
        assertThat(scene.one.sql().rows("SELECT DISTINCT why FROM event WHERE why IS NOT NULL"))
                .containsExactly(REASON);
        Await.until(Duration.ofSeconds(60), "the objects to go", () -> objects.stream()
                .allMatch(key -> scene.one.store().stat(key).isEmpty()));
        assertThat(scene.one.store().stat(kept)).isPresent();
    }

    @Test
    void purgeIsNotUndone() {
        scene.push("v1", "first");
        purge(EVERYBODY, scene.names("v1").orElseThrow());
        List<String> events = scene.one.sql().rows("SELECT reference FROM event WHERE why IS NOT NULL");

        assertThat(events).hasSize(3);
        for (String event : events) {
            assertThat(UndoScene.kinds(catchThrowableOfType(Conflict.class, () -> scene.undo(event))))
                    .containsExactly("purged");
        }
    }

    @Test
    void deletedManifestIsPurgedOutOfItsWindow() {
        Digest first = scene.push("v1", "first");
        scene.delete(first);
        String deleted = scene.last();

        purge(EVERYBODY, first);

        assertThat(scene.one.sql().number("SELECT count(*) FROM hold")).isZero();
        assertThat(UndoScene.kinds(catchThrowableOfType(Conflict.class, () -> scene.undo(deleted))))
                .contains("manifest-gone");
    }

    @Test
    void whatIsReferencedIsNotPurgedAndTheReferencesAreNamed() {
        Content child = scene.manifest("child");
        Digest manifest = scene.push(V1, child);
        Content index = scene.index(child);
        scene.push(digest(index), index);
        List<String> before = scene.state();

        assertThat(needed(digest(scene.config))).containsExactly(manifest.toString());
        assertThat(needed(manifest)).containsExactly(index.digest());
        assertThat(scene.state()).isEqualTo(before);

        scene.delete(digest(index));
        assertThat(needed(manifest)).as("a deleted one references too").containsExactly(index.digest());
        purge(EVERYBODY, digest(index));
        assertThat(purge(EVERYBODY, manifest).blobs()).containsExactly(scene.config.digest());
    }

    @Test
    void blobsThatOtherManifestsNeedAreToldOfWithThemAndWithWhereElseTheyAre() {
        Digest leaked = scene.push("v1", "leaked");
        Digest other = scene.push("v2", "other");
        Digest deleted = scene.push("v3", "deleted");
        scene.delete(deleted);
        Digest blob = digest(scene.config);
        scene.one.mounts().mount(TestGrants.to("acme/api"), blob, Optional.of(TestGrants.to(WEB)));

        Purged purged = purge(EVERYBODY, leaked);

        assertThat(purged.blobs()).isEmpty();
        StillNeeded kept = purged.kept().getFirst();
        assertThat(purged.kept()).hasSize(1);
        assertThat(kept.digest()).isEqualTo(blob.toString());
        assertThat(kept.manifests()).containsExactlyInAnyOrder(other.toString(), deleted.toString());
        assertThat(purged.elsewhere()).containsExactly(new Holding("acme/api", blob.toString(), "live"));
    }

    @Test
    void whatAPurgedIndexListedIsLookedAtByTheCollector() {
        Content child = scene.manifest("child");
        scene.push(digest(child), child);
        Content index = scene.index(child);
        scene.push(V1, index);

        purge(EVERYBODY, digest(index));

        assertThat(scene.one.sql().rows("SELECT kind, digest, because FROM review"))
                .containsExactly("manifest " + child.digest() + " manifest_gone");
        assertThat(scene.shows(digest(child))).isTrue();
    }

    @Test
    void otherRepositoriesAreNamedAsFarAsTheCallerMayPull() {
        Digest blob = scene.one.pushBlob(WEB, factory.bytes(500));
        for (String other : List.of("acme/api", "acme/secret/one", "other/web")) {
            scene.one.mounts().mount(TestGrants.to(other), blob, Optional.of(TestGrants.to(WEB)));
        }
        scene.one.deletes().blob(TestGrants.to("acme/api"), blob);
        Grant ofOnePart = TestAdministration.with(scene.one.sql(), Role.OWNER, ACME, "web");
        scene.one.sql().change("""
                INSERT INTO permission_grant (organization_id, repository_prefix, role, account_id)
                SELECT organization_id, 'api', 'reader', account_id FROM permission_grant
                """);

        Purged purged = purge(ofOnePart, blob);

        assertThat(purged.elsewhere()).containsExactly(new Holding("acme/api", blob.toString(), "deleted"));
        assertThat(scene.one.store().stat(scene.one.keyOf(blob))).isPresent();
        assertThatThrownBy(() -> scene.one.pulls().blobHead(TestGrants.to(WEB), blob))
                .isInstanceOf(BlobUnknown.class);
    }

    @Test
    void answerSaysWhereItNamesNotAllThatHoldItElsewhere() {
        Digest blob = scene.one.pushBlob(WEB, factory.bytes(500));
        int most = 1000;
        scene.one.sql().change("""
                WITH made AS (
                    INSERT INTO repository (organization_id, name, visibility)
                    SELECT o.id, 'acme/r' || lpad(n::text, 5, '0'), 'private'
                    FROM organization o, generate_series(1, ?) AS n
                    WHERE o.name = 'acme'
                    RETURNING organization_id, id)
                INSERT INTO repository_blob (organization_id, repository_id, digest)
                SELECT organization_id, id, ? FROM made
                """, most + 1, blob.toString());
        scene.one
                .sql()
                .change("UPDATE organization_blob SET links = links + ? WHERE digest = ?", most + 1, blob.toString());
        scene.one.sql().change("""
                INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
                SELECT l.organization_id, l.repository_id, 'link', 1, b.size
                FROM repository_blob l
                JOIN repository r ON r.id = l.repository_id
                JOIN blob b ON b.digest = l.digest
                WHERE r.name LIKE 'acme/r%'
                """);

        Purged purged = purge(EVERYBODY, blob);
        assertThat(purged.elsewhere()).hasSize(most);
        assertThat(purged.more()).isTrue();

        scene.one.pushBlob(WEB, factory.bytes(400));
        Digest own = scene.one.pushBlob(WEB, factory.bytes(300));
        assertThat(purge(EVERYBODY, own).more()).isFalse();
    }

    @Test
    void answerIsTheSameWhoeverElseHasTheBlob() {
        Digest shared = scene.one.pushBlob(WEB, factory.bytes(500));
        scene.one.mounts().mount(TestGrants.to("other/web"), shared, Optional.of(TestGrants.to(WEB)));
        Digest own = scene.one.pushBlob(WEB, factory.bytes(500));

        assertThat(purge(EVERYBODY, shared))
                .isEqualTo(new Purged(List.of(), List.of(), List.of(shared.toString()), List.of(), List.of(), false));
        assertThat(purge(EVERYBODY, own))
                .isEqualTo(new Purged(List.of(), List.of(), List.of(own.toString()), List.of(), List.of(), false));
        assertThat(scene.one.sql().rows("SELECT digest FROM blob")).contains(shared.toString());
    }

    @Test
    void immutableTagKeepsItsManifestUntilTheRuleIsLifted() {
        Digest first = scene.push("v1", "first");
        TestAdministration.rules(scene.one.transactions()).add(EVERYBODY, NAME, new TagPattern("v*"));
        List<String> before = scene.state();

        assertThatThrownBy(() -> purge(EVERYBODY, first)).isInstanceOf(Forbidden.class);
        assertThat(scene.state()).isEqualTo(before);
    }

    @Test
    void purgeIsForOwnersWithAReason() {
        Digest first = scene.push("v1", "first");
        Grant maintainer = TestAdministration.with(scene.one.sql(), Role.MAINTAINER, ACME, "");

        assertThatThrownBy(() -> purge(maintainer, first)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> purges.purge(EVERYBODY, NAME, first, " ")).isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> purge(EVERYBODY, digest(scene.manifest("never pushed"))))
                .isInstanceOf(NotFound.class);
        purge(TestAdministration.with(scene.one.sql(), Role.OWNER, ACME, "web"), first);
    }

    @Test
    void pushThatNeedsABlobWaitsForItsPurgeAndSeesThatItIsGone() throws InterruptedException {
        List<String> answers =
                UndoScene.race(scene.one, "DELETE FROM blob", () -> purge(EVERYBODY, digest(scene.config)), () -> {
                    assertThatThrownBy(() -> scene.two.pushManifest(WEB, V1, scene.manifest("first")))
                            .isInstanceOf(ManifestBlobUnknown.class);
                    return true;
                });

        assertThat(answers).containsExactly("done", "done");
    }

    @Test
    void blobThatIsPushedAgainDuringItsPurgeHasAnObjectOfItsOwn() throws InterruptedException {
        List<String> answers = UndoScene.race(
                scene.one,
                "DELETE FROM blob",
                () -> purge(EVERYBODY, digest(scene.config)),
                () -> scene.two.pushBlob(WEB, scene.config.bytes()));

        assertThat(answers).containsExactly("done", "done");
        assertThat(scene.one.store().stat(scene.one.keyOf(digest(scene.config))))
                .isPresent();
    }

    @Test
    void manifestThatIsPushedWhileItsPurgeBeginsGoesWithItsBlobs() {
        // The first manifest of a repository waits for whoever keeps it.
        scene.push("v0", "before");
        Image image = image();
        AtomicBoolean once = new AtomicBoolean(true);
        PurgeStore overtaken = new PurgeStore() {
            @Override
            public List<Digest> blobsOf(Transaction transaction, RepositoryKey repository, Digest manifest) {
                List<Digest> found = super.blobsOf(transaction, repository, manifest);
                if (once.getAndSet(false)) {
                    scene.two.pushImage(WEB, "v1", image);
                }
                return found;
            }
        };

        Purged purged = purges(scene.one, overtaken).purge(EVERYBODY, NAME, digest(image.manifest()), REASON);

        assertThat(purged.tags()).containsExactly("v1");
        assertThat(purged.blobs())
                .containsExactlyInAnyOrderElementsOf(
                        image.blobs().stream().map(Content::digest).distinct().toList());
        assertThat(scene.one.sql().rows("SELECT digest FROM repository_blob")).containsExactly(scene.config.digest());
    }

    private Image image() {
        return factory.image(Map.of());
    }

    private List<String> needed(Digest digest) {
        List<?> manifests = (List<?>) catchThrowableOfType(Conflict.class, () -> purge(EVERYBODY, digest))
                .more()
                .get("manifests");
        return manifests.stream().map(Object::toString).toList();
    }

    private Purged purge(Grant grant, Digest digest) {
        return purges.purge(grant, NAME, digest, REASON);
    }

    private static PurgeService purges(RegistryHarness replica) {
        return purges(replica, new PurgeStore());
    }

    private static PurgeService purges(RegistryHarness replica, PurgeStore rows) {
        return new PurgeService(
                TestAdministration.management(replica.transactions()),
                new RepositoryStore(),
                new Purging(
                        rows,
                        new TagStore(),
                        new RestoreStore(),
                        new HistoryStore(),
                        new TombstoneStore(),
                        new UsageStore(),
                        new ReviewStore(),
                        replica.config()),
                rows,
                TestHousekeeping.remover(replica, replica.store()),
                replica.origins());
    }
}
