package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.TestGrants;
import dev.moorage.blob.StoreFailure;
import dev.moorage.lifecycle.Finding.DigestDiffers;
import dev.moorage.lifecycle.Finding.ObjectAbsent;
import dev.moorage.lifecycle.Finding.ObjectUnnamed;
import dev.moorage.lifecycle.Finding.Repair;
import dev.moorage.lifecycle.Finding.SizeDiffers;
import dev.moorage.lifecycle.FsckOptions.Depth;
import dev.moorage.lifecycle.FsckOptions.Mode;
import dev.moorage.metadata.BlobRow;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.StoreWrapper;
import dev.moorage.testing.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check finds all that does not fit, nothing that is only on its way, and changes nothing that a row names. */
class FsckIT {

    private static final String WEB = "acme/web";

    private final byte[] bytes = ImageFactory.seeded(47).bytes(500);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
    }

    @AfterEach
    void end() throws SQLException {
        registry.close();
    }

    @Test
    void whatFitsTogetherIsCountedAndNotReported() {
        registry.pushBlob(WEB, bytes);
        registry.pushBlob(WEB, new byte[0]);
        UploadId open = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), open, RegistryHarness.chunk(bytes));
        registry.pushBlob("acme/other", bytes);

        assertThat(FsckScene.summary(registry, Depth.DIGESTS, Mode.REPAIR))
                .isEqualTo(new FsckSummary(2, 500, 500, 4, 0, 0, 0, 0));
        assertThat(registry.sql().rows("SELECT why FROM tombstone"))
                .as("the object of the second push")
                .containsExactly("the digest has an object already");
        registry.checkInvariants();
    }

    @Test
    void aRowWithoutItsObjectIsFoundUntilTheBlobIsUploadedAgain() throws IOException {
        Digest digest = registry.pushBlob(WEB, bytes);
        BlobRow row = row(digest);
        Files.delete(file(row.key()));

        assertThat(FsckScene.look(registry)).containsExactly(new ObjectAbsent(row));
        assertThat(FsckScene.repair(registry)).containsExactly(new ObjectAbsent(row));
        assertThat(row(digest)).as("the row is not touched").isEqualTo(row);
        registry.pushBlob(WEB, bytes);

        assertThat(FsckScene.lookDeep(registry)).isEmpty();
        registry.checkInvariants();
    }

    @Test
    void anObjectOfAnotherSizeIsFoundUntilTheBlobIsUploadedAgain() throws IOException {
        BlobRow row = row(registry.pushBlob(WEB, bytes));
        Files.write(file(row.key()), new byte[] {1}, StandardOpenOption.APPEND);
        assertThat(FsckScene.lookDeep(registry)).containsExactly(new SizeDiffers(row, 501));
        Files.write(file(row.key()), new byte[] {1});
        assertThat(FsckScene.repair(registry)).containsExactly(new SizeDiffers(row, 1));
        assertThat(file(row.key())).as("it is not touched").hasSize(1);

        registry.pushBlob(WEB, bytes);
        assertThat(FsckScene.look(registry)).isEmpty();
        registry.checkInvariants();
    }

    @Test
    void aFlippedByteIsFoundByADeepCheckOnlyWhateverTheAlgorithm() throws IOException {
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            byte[] content = ImageFactory.seeded(algorithm.prefix().hashCode()).bytes(70_000);
            UploadId id = registry.begin(WEB);
            registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(content));
            String digest = Digest.ofBytes(algorithm, content).toString();
            registry.uploads().finish(TestGrants.to(WEB), id, Optional.of(digest), RegistryHarness.chunk(new byte[0]));
            BlobRow row = row(RegistryHarness.digest(digest));
            assertThat(FsckScene.lookDeep(registry)).isEmpty();

            content[69_999] ^= 1;
            Files.write(file(row.key()), content);
            assertThat(FsckScene.look(registry)).isEmpty();
            assertThat(FsckScene.lookDeep(registry))
                    .containsExactly(new DigestDiffers(row, Digest.ofBytes(algorithm, content)));
            assertThat(FsckScene.repair(registry)).hasSize(1);
            assertThat(file(row.key())).as("it is not touched").hasBinaryContent(content);

            content[69_999] ^= 1;
            Files.write(file(row.key()), content);
        }
    }

    @Test
    void anObjectThatNoRowNamesIsLeftAloneUntilRepairIsAskedForAndThenGoesInItsTime() throws IOException {
        BlobKey named = row(registry.pushBlob(WEB, bytes)).key();
        BlobKey unnamed = BlobKey.of(UUID.randomUUID());
        write(unnamed, bytes);
        write(unnamed.tail(3, 1), new byte[7]);

        assertThat(FsckScene.look(registry))
                .containsExactly(
                        new ObjectUnnamed(unnamed, 500, Repair.NONE),
                        new ObjectUnnamed(unnamed.tail(3, 1), 7, Repair.NONE));
        assertThat(registry.sql().number("SELECT count(*) FROM tombstone")).isZero();

        assertThat(FsckScene.repair(registry))
                .containsExactly(
                        new ObjectUnnamed(unnamed, 500, Repair.DONE),
                        new ObjectUnnamed(unnamed.tail(3, 1), 7, Repair.DONE));
        assertThat(registry.sql()
                        .rows("SELECT storage_key, size, not_before > now() + interval '59 minutes' FROM tombstone"
                                + " ORDER BY storage_key"))
                .containsExactly(unnamed + " 500 t", unnamed.tail(3, 1) + " 7 t");
        assertThat(FsckScene.repair(registry)).as("it has a row now").isEmpty();
        assertThat(file(unnamed)).exists();

        TestHousekeeping.removeCondemned(registry);
        assertThat(registry.store().list(Optional.empty(), 10)).containsExactly(named);
        registry.checkInvariants();
    }

    @Test
    void twoRepairsAtOnceCondemnEachObjectOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            write(BlobKey.of(UUID.randomUUID()), bytes);
        }
        RegistryHarness two = registry.replica();
        Together.run(List.of(() -> FsckScene.repair(registry), () -> FsckScene.repair(two)));

        assertThat(registry.sql().number("SELECT count(*) FROM tombstone")).isEqualTo(100);
        registry.checkInvariants();
    }

    @Test
    void aPushThatFinishesBehindTheListIsNoFinding() {
        UploadId id = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));

        assertThat(FsckScene.look(
                        registry, FsckScene.afterList(registry.store(), () -> registry.finish(WEB, id, bytes))))
                .isEmpty();
    }

    @Test
    void aRemovalThatIsDoneBehindTheListIsNoFinding() {
        UploadId id = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));
        registry.uploads().cancel(TestGrants.to(WEB), id);

        assertThat(FsckScene.look(
                        registry,
                        FsckScene.afterList(registry.store(), () -> TestHousekeeping.removeCondemned(registry))))
                .isEmpty();
    }

    @Test
    void aBlobThatAPushReplacesBehindTheLookIsNoFinding() throws IOException {
        Digest digest = registry.pushBlob(WEB, bytes);
        Files.delete(file(registry.keyOf(digest)));

        assertThat(FsckScene.look(registry, FsckScene.afterStat(registry.store(), () -> registry.pushBlob(WEB, bytes))))
                .isEmpty();
    }

    @Test
    void aBlobThatIsTakenAwayBehindTheRowsIsNoFinding() {
        Digest digest = registry.pushBlob(WEB, bytes);
        StoreWrapper late = new StoreWrapper(registry.store()) {
            private final AtomicBoolean taken = new AtomicBoolean();

            @Override
            public OptionalLong stat(BlobKey key) {
                if (taken.compareAndSet(false, true)) {
                    Collector collector = new Collector(registry.plain());
                    collector.letTimePass();
                    assertThat(collector.linkAndBlob(WEB, digest.toString())).isEqualTo(Collector.Outcome.TAKEN);
                    TestHousekeeping.removeCondemned(registry);
                }
                return super.stat(key);
            }
        };

        assertThat(FsckScene.look(registry, late)).isEmpty();
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isZero();
    }

    @Test
    void whilePushesAndRemovalsGoOnNothingIsFoundAndNothingIsTaken() throws Exception {
        AtomicBoolean pushing = new AtomicBoolean(true);
        RegistryHarness two = registry.replica();
        List<Digest> pushed = new ArrayList<>();
        List<List<Finding>> found = Together.run(List.of(
                () -> {
                    try {
                        for (int i = 0; i < 60; i++) {
                            byte[] content = ImageFactory.seeded(i).bytes(200);
                            UploadId cancelled = two.begin(WEB);
                            two.uploads().append(TestGrants.to(WEB), cancelled, RegistryHarness.chunk(content));
                            two.uploads().cancel(TestGrants.to(WEB), cancelled);
                            two.pushBlob("acme/a", content);
                            pushed.add(two.pushBlob("acme/b", content));
                            TestHousekeeping.removeCondemned(two);
                        }
                    } finally {
                        pushing.set(false);
                    }
                    return List.of();
                },
                () -> {
                    List<Finding> findings = new ArrayList<>();
                    while (pushing.get()) {
                        findings.addAll(FsckScene.repair(registry));
                    }
                    return findings;
                }));

        assertThat(found).allMatch(List::isEmpty);
        assertThat(pushed).hasSize(60);
        registry.checkInvariants();
    }

    @Test
    void everyPageIsLookedAt() throws IOException {
        registry.sql().change("""
                INSERT INTO blob (digest, size, storage_key)
                SELECT 'sha256:' || encode(sha256(id::text::bytea), 'hex'), 3,
                    'blobs/' || substr(id::text, 1, 2) || '/' || substr(id::text, 3, 2) || '/' || id
                FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 2000)) many
                """);
        for (int i = 0; i < 1001; i++) {
            write(BlobKey.of(UUID.randomUUID()), new byte[2]);
        }

        assertThat(FsckScene.summary(registry, Depth.SIZES, Mode.READ))
                .isEqualTo(new FsckSummary(2000, 6000, 0, 1001, 0, 3001, 8002, 0));
    }

    @Test
    void aStoreThatDoesNotAnswerIsAFailureAndNoFinding() {
        registry.pushBlob(WEB, bytes);
        StoreWrapper away = new StoreWrapper(registry.store()) {
            @Override
            public OptionalLong stat(BlobKey key) {
                throw new StoreFailure("the store is away");
            }
        };

        assertThatThrownBy(() -> FsckScene.look(registry, away))
                .isInstanceOf(StoreFailure.class)
                .hasMessage("the store is away");
    }

    private BlobRow row(Digest digest) {
        long size = registry.sql().number("SELECT size FROM blob WHERE digest = ?", digest.toString());
        return new BlobRow(digest, size, registry.keyOf(digest));
    }

    private void write(BlobKey key, byte[] content) throws IOException {
        Files.createDirectories(file(key).getParent());
        Files.write(file(key), content);
    }

    private Path file(BlobKey key) {
        return directory.resolve(key.value());
    }
}
