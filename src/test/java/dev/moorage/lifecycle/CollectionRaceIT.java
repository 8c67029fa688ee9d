package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.ManifestBlobUnknown;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.registry.MountService.Mount;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.LockWatch;
import dev.moorage.testing.Sql;
import dev.moorage.testing.Together;
import dev.moorage.testing.WatchedDataSource.Held;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The known races between collection and those who push, each with the second one stopped by a lock of the first: whoever
 * comes first, what somebody was told is there can be had with its bytes.
 */
class CollectionRaceIT {

    private static final String WEB = "acme/web";
    private static final String OTHER = "other/web";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WINDOW = 7 * 24;

    private final ImageFactory factory = ImageFactory.seeded(73);
    private final Content config = factory.blob(50);
    private final Content layer = factory.blob(700);
    private final Digest digest = RegistryHarness.digest(layer.digest());

    @TempDir
    private Path directory;

    private RegistryHarness pusher;
    private RegistryHarness collector;

    @BeforeEach
    void start() {
        pusher = RegistryHarness.fresh(new FilesystemBlobStore(directory), TestCollection.AT_ONCE);
        collector = pusher.replica();
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        pusher.checkInvariants();
        TestHousekeeping.removeCondemned(pusher);
        pusher.checkInvariants();
        pusher.close();
    }

    @Test
    void aManifestThatComesWhileItsBlobIsLookedAtKeepsIt() throws InterruptedException {
        oldLayer();
        meet(pusher, "INSERT INTO manifest_blob", this::pushImage, this::collect);

        readable(WEB);
        assertThat(pusher.sql().number("SELECT count(*) FROM review")).isZero();
    }

    @Test
    void aManifestThatComesTooLateIsToldWhichBlobsToPushAndSucceedsThen() throws InterruptedException {
        oldLayer();
        meet(collector, "DELETE FROM repository_blob", this::collect, () -> {
            assertThatThrownBy(this::pushImage).isInstanceOf(ManifestBlobUnknown.class);
            return 0;
        });

        pusher.pushBlob(WEB, layer.bytes());
        pushImage();
        readable(WEB);
    }

    @Test
    void aHeadThatRenewsALeaseWhileTheBlobIsLookedAtKeepsItForTheManifestThatFollows() {
        oldLayer();
        // As a HEAD does, whose statement has not committed yet.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Object> collected = pusher.sql().inTransaction(connection -> {
                Sql.change(connection, "UPDATE repository_blob SET leased_at = now() WHERE digest = ?", layer.digest());
                Future<Object> waiting = threads.submit(this::collect);
                LockWatch.awaitWaiting(pusher.plain());
                return waiting;
            });
            assertThat(collected).succeedsWithin(PATIENCE).isEqualTo(0);
        }
        TestCollection.pass(pusher, 24);
        TestCollection.collect(collector);
        pusher.pushBlob(WEB, config.bytes());
        pushImage();
        readable(WEB);
    }

    @Test
    void aHeadThatComesTooLateIsNotToldThatTheBlobIsThere() throws InterruptedException {
        oldLayer();
        meet(collector, "DELETE FROM repository_blob", this::collect, () -> {
            assertThatThrownBy(() -> pusher.pulls().blobHead(TestGrants.to(WEB), digest))
                    .isInstanceOf(BlobUnknown.class);
            return 0;
        });
    }

    @Test
    void aMountOfABlobThatIsLookedAtKeepsIt() throws InterruptedException {
        oldLayer();
        meet(pusher, "INSERT INTO repository_blob", this::mount, this::collect);

        assertThatThrownBy(() -> readable(WEB)).isInstanceOf(BlobUnknown.class);
        readable(OTHER);
    }

    @Test
    void aMountFromALinkThatIsGoingKeepsTheBlob() throws InterruptedException {
        oldLayer();
        Held held = collector.database().holdCommitOf("DELETE FROM repository_blob");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Object> collected = threads.submit(this::collect);
            held.awaitReached();
            mount();
            held.release();
            assertThat(Together.get(collected)).as("the link").isEqualTo(1);
        } finally {
            held.release();
        }
        readable(OTHER);
    }

    @Test
    void aBlobThatIsPushedWhileItsRowGoesHasAnotherObject() throws InterruptedException {
        oldLayer();
        BlobKey old = pusher.keyOf(digest);
        meet(collector, "DELETE FROM blob", this::collect, () -> pusher.pushBlob(WEB, layer.bytes()));

        assertThat(pusher.keyOf(digest)).isNotEqualTo(old);
        TestHousekeeping.removeCondemned(pusher);
        assertThat(pusher.store().stat(old)).isEmpty();
        readable(WEB);
    }

    @Test
    void aBlobThatIsPushedBeforeItsRowGoesKeepsIt() throws InterruptedException {
        oldLayer();
        BlobKey old = pusher.keyOf(digest);
        meet(
                pusher,
                "ON CONFLICT (organization_id, repository_id, digest)",
                () -> {
                    pusher.pushBlob(OTHER, layer.bytes());
                    return 0;
                },
                this::collect);

        assertThat(pusher.keyOf(digest)).isEqualTo(old);
        TestHousekeeping.removeCondemned(pusher);
        readable(OTHER);
    }

    @Test
    void anIndexThatComesWhileItsChildGoesIsRefused() throws InterruptedException {
        Image child = factory.image();
        Digest childDigest = pusher.pushImage(WEB, child);
        pusher.deletes().manifest(TestGrants.to(WEB), childDigest, Precondition.NONE);
        TestCollection.pass(pusher, WINDOW + 1);
        Content index = factory.index(List.of(child.manifest()), Map.of());
        Digest indexDigest = RegistryHarness.digest(index.digest());
        meet(collector, "DELETE FROM manifest\n", this::collect, () -> {
            assertThatThrownBy(() -> pusher.pushManifest(WEB, indexDigest, index))
                    .isInstanceOf(ManifestBlobUnknown.class);
            // The client pushes it again, and waits for the end of its old row.
            child.blobs().forEach(blob -> pusher.pushBlob(WEB, blob.bytes()));
            return pusher.pushManifest(WEB, childDigest, child.manifest());
        });

        pusher.pushManifest(WEB, indexDigest, index);
        TestCollection.pass(pusher, WINDOW);
        TestCollection.collect(collector);
        assertThat(pusher.pulls().manifest(TestGrants.to(WEB), childDigest).digest())
                .isEqualTo(childDigest);
        child.blobs().forEach(blob -> readable(WEB, RegistryHarness.digest(blob.digest())));
    }

    @Test
    void aManifestThatIsPushedAgainWhileItIsLookedAtStays() throws InterruptedException {
        Image image = factory.image();
        Digest manifest = pusher.pushImage(WEB, image);
        pusher.deletes().manifest(TestGrants.to(WEB), manifest, Precondition.NONE);
        TestCollection.pass(pusher, WINDOW + 1);
        // Its undo window is over, and it is in the queue.
        TestCollection.collector(collector).endHolds();
        meet(pusher, "UPDATE manifest", () -> pusher.pushManifest(WEB, manifest, image.manifest()), this::collect);

        assertThat(pusher.pulls().manifest(TestGrants.to(WEB), manifest).digest())
                .isEqualTo(manifest);
        image.blobs().forEach(blob -> readable(WEB, RegistryHarness.digest(blob.digest())));
    }

    @Test
    void aLinkThatLosesItsManifestWhileItIsLookedAtIsLookedAtAgain() throws InterruptedException {
        Image image = factory.image();
        Digest manifest = pusher.pushImage(WEB, image);
        pusher.deletes().manifest(TestGrants.to(WEB), manifest, Precondition.NONE);
        pusher.sql().change("""
                INSERT INTO review (kind, organization_id, repository_id, digest, because, not_before)
                SELECT 'link', organization_id, repository_id, digest, 'hold_ended', now() + interval '7 days'
                FROM repository_blob
                """);
        TestCollection.pass(pusher, WINDOW + 1);
        RegistryHarness other = pusher.replica();
        // One looks at the links, which the manifest still needs, and has not said so yet; the other takes the
        // manifest.
        pusher.sql().change("UPDATE hold SET held_until = now() + interval '1 hour'");
        Held held = collector.database().holdCommitOf("FROM repository_blob l");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> links = threads.submit(() -> TestCollection.collect(collector));
            held.awaitReached();
            pusher.sql().change("UPDATE hold SET held_until = now()");
            Future<Integer> taken = threads.submit(() -> TestCollection.collect(other));
            LockWatch.awaitWaiting(pusher.plain());
            held.release();
            Together.get(links);
            Together.get(taken);
        } finally {
            held.release();
        }
        TestCollection.collect(other);
        for (String table : List.of("manifest", "repository_blob", "blob", "review")) {
            assertThat(pusher.sql().number("SELECT count(*) FROM " + table))
                    .as(table)
                    .isZero();
        }
    }

    /** A layer that nothing needs, older than any promise, and a config that was pushed just now. */
    private void oldLayer() {
        pusher.pushBlob(WEB, layer.bytes());
        TestCollection.pass(pusher, 26);
        pusher.pushBlob(WEB, config.bytes());
    }

    private Object pushImage() {
        Image image = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(layer), Map.of());
        return pusher.pushManifest(WEB, RegistryHarness.digest(image.digest()), image.manifest());
    }

    private Object mount() {
        Mount mount = pusher.mounts().mount(TestGrants.to(OTHER), digest, Optional.of(TestGrants.to(WEB)));
        assertThat(mount).isInstanceOf(Mount.Linked.class);
        return mount;
    }

    private Object collect() {
        return TestCollection.collect(collector);
    }

    /** The first one has all its locks and has not committed when the second one comes, and waits for it. */
    private void meet(RegistryHarness one, String held, Callable<Object> first, Callable<Object> second)
            throws InterruptedException {
        Held hold = one.database().holdCommitOf(held);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Object> firstDone = threads.submit(first);
            hold.awaitReached();
            Future<Object> secondDone = threads.submit(second);
            LockWatch.awaitWaiting(pusher.plain());
            hold.release();
            Together.get(firstDone);
            Together.get(secondDone);
        } finally {
            hold.release();
        }
    }

    private void readable(String repository) {
        readable(repository, digest);
    }

    private void readable(String repository, Digest wanted) {
        var found = pusher.pulls().blob(TestGrants.to(repository), wanted);
        assertThat(pusher.store().stat(found.key())).hasValue(found.size());
    }
}
