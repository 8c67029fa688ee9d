package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.TestGrants;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.name.UploadId;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes, when, and what never does; the same whatever keeps the bytes. */
abstract class CollectionContract {

    private static final String WEB = "acme/web";
    private static final String API = "acme/api";
    private static final String OTHER = "other/web";
    private static final int WINDOW = 7 * 24;

    private final ImageFactory factory = ImageFactory.seeded(71);

    private RegistryHarness registry;

    /** A replica on an empty database and an empty store, which looks at everything as soon as it may be. */
    abstract RegistryHarness open() throws Exception;

    /** Closes what {@link #open} opened besides the replica. */
    abstract void closeStore();

    @BeforeEach
    void start() throws Exception {
        registry = open();
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        TestHousekeeping.removeCondemned(registry);
        registry.checkInvariants();
        registry.close();
        closeStore();
    }

    @Test
    void aBlobThatNoManifestCameToNeedGoesTwentyFiveHoursAfterItsPushAndNotBefore() {
        Digest digest = registry.pushBlob(WEB, factory.bytes(300));
        BlobKey key = registry.keyOf(digest);
        assertThat(collect()).isZero();
        pass(24);
        assertThat(collect()).isZero();
        assertThat(registry.pulls().blob(TestGrants.to(WEB), digest).size()).isEqualTo(300);

        pass(2);
        assertThat(collect()).as("a link and a blob").isEqualTo(2);
        assertGone(WEB, digest);
        assertThat(registry.store().stat(key)).as("the tombstone waits").isPresent();
        assertThat(registry.sql()
                        .number("SELECT count(*) FROM tombstone WHERE not_before >= now() + interval '59 minutes'"))
                .isOne();
        TestHousekeeping.removeCondemned(registry);
        assertThat(registry.store().stat(key)).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void aBlobThatAPusherWasToldOfStaysADayFromThenOn() {
        Digest digest = registry.pushBlob(WEB, factory.bytes(300));
        pass(24);
        registry.pulls().blobHead(TestGrants.to(WEB), digest);
        pass(24);
        assertThat(collect()).isZero();
        assertThat(registry.pulls().blob(TestGrants.to(WEB), digest).size()).isEqualTo(300);

        pass(2);
        assertThat(collect()).isEqualTo(2);
        assertGone(WEB, digest);
    }

    @Test
    void aDeletedImageGoesWithItsBytesWhenItsUndoWindowIsOverAndNotBefore() {
        Image image = factory.image();
        Digest manifest = registry.pushImage(WEB, "v1", image);
        delete(WEB, manifest);
        pass(WINDOW - 1);
        assertThat(collect()).isZero();
        assertThat(rows("manifest")).isOne();

        pass(2);
        assertThat(collect()).isEqualTo(1 + 2 * image.blobs().size());
        assertThat(rows("manifest")).isZero();
        assertThat(rows("blob")).isZero();
        TestHousekeeping.removeCondemned(registry);
        assertThat(registry.store().list(Optional.empty(), 10)).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void whatAnotherManifestNeedsStays() {
        Content config = factory.blob(50);
        Content base = factory.blob(400);
        Image first = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(base, factory.blob(60)), Map.of());
        Image second = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(base), Map.of());
        Digest gone = registry.pushImage(WEB, "v1", first);
        Digest kept = registry.pushImage(WEB, "v2", second);
        delete(WEB, gone);
        pass(WINDOW + 1);

        assertThat(collect())
                .as("a manifest, and its own layer's link and blob")
                .isEqualTo(3);
        assertThat(registry.pulls().manifest(TestGrants.to(WEB), kept).digest()).isEqualTo(kept);
        second.blobs().forEach(blob -> readable(WEB, RegistryHarness.digest(blob.digest())));
        assertThat(rows("review")).isZero();
    }

    @Test
    void aManifestWithoutATagStaysAlsoWhenWhatHeldItIsOver() {
        Digest before = registry.pushImage(WEB, "v1", factory.image());
        Digest after = registry.pushImage(WEB, "v1", factory.image());
        Digest untagged = registry.pushImage(WEB, factory.image());
        pass(WINDOW + 1);

        assertThat(collect()).isZero();
        assertThat(rows("hold")).as("what held the manifest that the tag left").isZero();
        assertThat(rows("review")).isZero();
        for (Digest digest : List.of(before, after, untagged)) {
            assertThat(registry.pulls().manifest(TestGrants.to(WEB), digest).digest())
                    .isEqualTo(digest);
        }
    }

    @Test
    void aChildGoesAfterItsIndexAndNotBefore() {
        Image child = factory.image();
        Digest childDigest = registry.pushImage(WEB, child);
        Content index = factory.index(List.of(child.manifest()), Map.of());
        Digest indexDigest = registry.pushManifest(WEB, RegistryHarness.digest(index.digest()), index)
                .digest();
        delete(WEB, indexDigest);
        delete(WEB, childDigest);
        registry.sql()
                .change("UPDATE hold SET held_until = held_until + interval '1 day' WHERE digest = ?", index.digest());

        pass(WINDOW + 1);
        assertThat(collect()).as("the index is held").isZero();
        assertThat(rows("manifest")).isEqualTo(2);
        pass(24);
        assertThat(collect()).isEqualTo(2 + 2 * child.blobs().size());
        assertNothingIsLeft();
    }

    @Test
    void aChildThatLivesOutlivesItsIndex() {
        Image child = factory.image();
        Digest childDigest = registry.pushImage(WEB, child);
        Content index = factory.index(List.of(child.manifest()), Map.of());
        delete(
                WEB,
                registry.pushManifest(WEB, RegistryHarness.digest(index.digest()), index)
                        .digest());
        pass(WINDOW + 1);

        assertThat(collect()).isOne();
        assertThat(registry.pulls().manifest(TestGrants.to(WEB), childDigest).digest())
                .isEqualTo(childDigest);
        child.blobs().forEach(blob -> readable(WEB, RegistryHarness.digest(blob.digest())));
    }

    @Test
    void aReferrerWhoseSubjectWentStays() {
        Image subject = factory.image();
        Digest subjectDigest = registry.pushImage(WEB, subject);
        Image signature = factory.artifact(Optional.of("test/signature"), subject.manifest(), Map.of());
        Digest signatureDigest = registry.pushImage(WEB, signature);
        delete(WEB, subjectDigest);
        pass(WINDOW + 1);

        assertThat(collect()).isEqualTo(1 + 2 * subject.blobs().size());
        assertThat(registry.pulls()
                        .manifest(TestGrants.to(WEB), signatureDigest)
                        .digest())
                .isEqualTo(signatureDigest);
    }

    @Test
    void aDeletedBlobGoesWhenItsUndoWindowIsOver() {
        Digest digest = registry.pushBlob(WEB, factory.bytes(300));
        registry.deletes().blob(TestGrants.to(WEB), digest);
        pass(WINDOW - 1);
        assertThat(collect()).isZero();
        assertThat(rows("repository_blob")).isOne();
        pass(2);
        assertThat(collect()).isEqualTo(2);
        assertNothingIsLeft();
    }

    @Test
    void aDeletedBlobThatIsPushedAgainStaysAsEveryOther() {
        byte[] bytes = factory.bytes(300);
        Digest digest = registry.pushBlob(WEB, bytes);
        registry.deletes().blob(TestGrants.to(WEB), digest);
        pass(WINDOW - 1);
        registry.pushBlob(WEB, bytes);
        pass(24);
        assertThat(collect()).isZero();
        readable(WEB, digest);

        pass(2);
        assertThat(collect()).isEqualTo(2);
        assertNothingIsLeft();
    }

    @Test
    void aDigestThatIsPushedAgainHasAnotherObjectWhichTheOldOnesEndDoesNotReach() {
        byte[] bytes = factory.bytes(300);
        Digest digest = registry.pushBlob(WEB, bytes);
        BlobKey old = registry.keyOf(digest);
        pass(26);
        assertThat(collect()).isEqualTo(2);
        registry.pushBlob(WEB, bytes);

        TestHousekeeping.removeCondemned(registry);
        assertThat(registry.store().stat(old)).isEmpty();
        assertThat(registry.keyOf(digest)).isNotEqualTo(old);
        readable(WEB, digest);
    }

    @Test
    void aBlobGoesWithTheLastOfTheLinksOfAllTenants() {
        byte[] bytes = factory.bytes(300);
        Digest digest = registry.pushBlob(WEB, bytes);
        registry.pushBlob(API, bytes);
        registry.pushBlob(OTHER, bytes);
        pass(26);
        registry.pulls().blobHead(TestGrants.to(OTHER), digest);

        assertThat(collect()).as("two links").isEqualTo(2);
        assertGone(WEB, digest);
        readable(OTHER, digest);
        pass(26);
        assertThat(collect()).isEqualTo(2);
        assertNothingIsLeft();
    }

    @Test
    void aDeletedRepositoryGoesPieceByPieceWhenItsUndoWindowIsOverAndTakesNothingOfOthers() {
        Image shared = factory.image();
        registry.pushImage(API, "v1", shared);
        registry.pushImage(WEB, "v1", shared);
        Stream.of("v2", "v3").forEach(tag -> registry.pushImage(WEB, tag, factory.image()));
        Image child = factory.image();
        registry.pushImage(WEB, child);
        registry.pushManifest(WEB, new Tag("all"), factory.index(List.of(child.manifest()), Map.of()));
        UploadId open = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), open, RegistryHarness.chunk(factory.bytes(40)));
        setRules(WEB);
        deleteRepository(WEB);
        pass(WINDOW - 1);
        assertThat(collect()).isZero();
        assertThat(rows("tag")).isEqualTo(5);

        pass(2);
        collect();
        registry.sql().change("UPDATE upload SET lease_until = NULL");
        TestHousekeeping.run(registry);
        pass(1);
        collect();
        assertThat(registry.sql().rows("SELECT name FROM repository")).containsExactly(API);
        assertThat(rows("retention_policy") + rows("retention_run")).isZero();
        assertThat(rows("tag")).isOne();
        assertThat(rows("manifest")).isOne();
        assertThat(rows("blob")).isEqualTo(shared.blobs().size());
        assertThat(registry.store().list(Optional.empty(), 100))
                .hasSize(shared.blobs().size());
        shared.blobs().forEach(blob -> readable(API, RegistryHarness.digest(blob.digest())));
        assertThat(rows("review")).isZero();
    }

    @Test
    void whatWasDeletedInADeletedRepositoryWaitsForIt() {
        Image image = factory.image();
        Digest manifest = registry.pushImage(WEB, "v1", image);
        delete(WEB, manifest);
        pass(WINDOW - 1);
        deleteRepository(WEB);
        pass(2);
        assertThat(collect()).isZero();
        assertThat(rows("manifest")).isOne();

        registry.sql().change("DELETE FROM hold");
        registry.sql().change("UPDATE repository SET deleted_at = NULL");
        pass(WINDOW);
        assertThat(collect())
                .as("it is looked at again")
                .isEqualTo(1 + 2 * image.blobs().size());
    }

    @Test
    void aRepositoryWhoseContentBeganToGoCannotBeBroughtBack() {
        registry.pushImage(WEB, "v1", factory.image());
        deleteRepository(WEB);
        pass(WINDOW + 1);
        AtomicBoolean once = new AtomicBoolean();
        registry.database().onCommitted(work -> {
            if (work.ran("DELETE FROM tag") && once.compareAndSet(false, true)) {
                throw new Killed();
            }
        });
        assertThatThrownBy(this::collect).isInstanceOf(Killed.class);
        assertThat(rows("tag")).isZero();
        assertThat(rows("manifest")).isOne();

        assertThatThrownBy(() -> registry.sql().change("UPDATE repository SET deleted_at = NULL"))
                .hasStackTraceContaining("repository_collected_is_deleted");
    }

    private int collect() {
        return TestCollection.collect(registry);
    }

    private void pass(int hours) {
        TestCollection.pass(registry, hours);
    }

    private void delete(String repository, Digest manifest) {
        registry.deletes().manifest(TestGrants.to(repository), manifest, Precondition.NONE);
    }

    /** All that is kept of a repository besides its content. */
    private void setRules(String name) {
        List.of("""
                        INSERT INTO immutability_rule (organization_id, repository_id, tag_pattern)
                        SELECT organization_id, id, 'v*' FROM repository WHERE name = ?
                        """, """
                        INSERT INTO retention_policy (organization_id, repository_id, rules)
                        SELECT organization_id, id, '{}' FROM repository WHERE name = ?
                        """, """
                        INSERT INTO retention_run (id, organization_id, repository_id, kind, rules, actor, address, client,
                            claim_names, claim_values, group_id, state, finished_at)
                        SELECT gen_random_uuid(), organization_id, id, 'run', '{}', 'tester', '', '', '{}', '{}',
                            gen_random_uuid(), 'done', now()
                        FROM repository WHERE name = ?
                        """).forEach(statement -> registry.sql().change(statement, name));
    }

    /** As its deletion does: the row is hidden, and held. */
    private void deleteRepository(String name) {
        registry.sql().change("""
                WITH gone AS (
                    UPDATE repository SET deleted_at = now() WHERE name = ? AND deleted_at IS NULL
                    RETURNING organization_id, id),
                told AS (
                    INSERT INTO event (group_id, organization_id, repository_id, kind, actor, address, client)
                    SELECT gen_random_uuid(), organization_id, id, 'repository_deleted', 'tester', '', ''
                    FROM gone
                    RETURNING id, organization_id, repository_id)
                INSERT INTO hold (organization_id, repository_id, kind, event_id, held_until)
                SELECT organization_id, repository_id, 'repository', id, now() + interval '7 days'
                FROM told
                """, name);
    }

    private void readable(String repository, Digest digest) {
        var found = registry.pulls().blob(TestGrants.to(repository), digest);
        assertThat(registry.store().stat(found.key())).hasValue(found.size());
    }

    private void assertGone(String repository, Digest digest) {
        assertThatThrownBy(() -> registry.pulls().blob(TestGrants.to(repository), digest))
                .isInstanceOfAny(BlobUnknown.class, ManifestUnknown.class);
    }

    private void assertNothingIsLeft() {
        for (String table : List.of(
                "manifest",
                "manifest_blob",
                "manifest_child",
                "repository_blob",
                "organization_blob",
                "blob",
                "hold",
                "review")) {
            assertThat(rows(table)).as(table).isZero();
        }
    }

    private long rows(String table) {
        return registry.sql().number("SELECT count(*) FROM " + table);
    }
}
