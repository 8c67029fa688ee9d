package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.StoreWrapper;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects go when their tombstones are due, whatever happens to the worker, and nothing that lives goes with them. */
class TombstoneSweeperIT {

    private static final String WEB = "acme/web";
    private static final Grant GRANT = Grant.system("test");

    private final byte[] bytes = ImageFactory.seeded(43).bytes(500);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void anObjectGoesWithItsTombstoneWhenItIsDueAndNotBefore() {
        BlobKey key = condemned();
        assertThat(sweep(registry.store())).isZero();
        assertThat(registry.store().stat(key)).isPresent();

        makeDue();
        assertThat(sweep(registry.store())).isOne();
        assertThat(registry.store().stat(key)).isEmpty();
        assertThat(tombstones()).isEmpty();
    }

    @Test
    void aWorkerThatDiesBetweenObjectAndTombstoneLeavesTheRestToTheNextOne() {
        BlobKey key = condemned();
        makeDue();
        BlobStore dying = new StoreWrapper(registry.store()) {
            @Override
            public void delete(BlobKey key) {
                super.delete(key);
                throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> sweep(dying)).hasMessage("killed");
        assertThat(registry.store().stat(key)).isEmpty();
        assertThat(tombstones()).hasSize(1);

        assertThat(sweep(registry.store())).as("it is put off").isZero();
        makeDue();
        assertThat(sweep(registry.store())).isOne();
        assertThat(tombstones()).isEmpty();
    }

    @Test
    void anObjectThatCannotBeRemovedIsTriedEverMoreRarelyAndHoldsUpNoOther() {
        BlobKey stuck = condemned();
        List<BlobKey> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(condemned());
        }
        BlobStore failing = new StoreWrapper(registry.store()) {
            @Override
            public void delete(BlobKey key) {
                if (key.equals(stuck)) {
                    throw new StoreFailure("the object cannot be removed");
                }
                super.delete(key);
            }
        };
        makeDue();
        assertThat(sweep(failing)).isEqualTo(others.size());
        assertThat(others).noneMatch(key -> registry.store().stat(key).isPresent());

        List<Long> minutes = new ArrayList<>();
        for (int attempt = 1; attempt <= 14; attempt++) {
            minutes.add(
                    registry.sql().number("SELECT round(extract(epoch FROM not_before - now()) / 60) FROM tombstone"));
            makeDue();
            assertThat(sweep(failing)).isZero();
        }
        assertThat(minutes)
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1024L, 1440L, 1440L, 1440L);
        assertThat(registry.sql().number("SELECT attempts FROM tombstone")).isEqualTo(15);
    }

    @Test
    void aBlobThatIsPushedAgainKeepsItsBytesWhenItsOldObjectGoes() {
        Digest digest = registry.pushBlob(WEB, bytes);
        BlobKey old = registry.keyOf(digest);
        Collector collector = new Collector(registry.plain());
        collector.letTimePass();
        assertThat(collector.linkAndBlob(WEB, digest.toString())).isEqualTo(Collector.Outcome.TAKEN);
        registry.pushBlob(WEB, bytes);
        makeDue();

        assertThat(sweep(registry.store())).isOne();
        assertThat(registry.store().stat(old)).isEmpty();
        assertThat(registry.keyOf(digest)).isNotEqualTo(old);
        assertThat(registry.store().stat(registry.keyOf(digest))).hasValue(bytes.length);
    }

    @Test
    void twoSweepersRemoveEachOfManyObjectsOnce() throws InterruptedException {
        registry.sql().change("""
                INSERT INTO tombstone (storage_key, size, not_before, why)
                SELECT 'blobs/' || substr(id::text, 1, 2) || '/' || substr(id::text, 3, 2) || '/' || id, 1, now(), 'test'
                FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 450)) many
                """);
        Map<BlobKey, AtomicInteger> removals = new ConcurrentHashMap<>();
        BlobStore counting = new StoreWrapper(registry.store()) {
            @Override
            public void delete(BlobKey key) {
                removals.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
                super.delete(key);
            }
        };
        RegistryHarness two = registry.replica();
        List<Integer> removed =
                Together.run(List.of(() -> sweeper(registry, counting).sweep(GRANT), () -> sweeper(two, counting)
                        .sweep(GRANT)));

        assertThat(removed.get(0) + removed.get(1)).isEqualTo(450);
        assertThat(removals).hasSize(450);
        assertThat(removals.values()).allMatch(count -> count.get() == 1);
        assertThat(tombstones()).isEmpty();
    }

    /** The object of a cancelled upload. */
    private BlobKey condemned() {
        var id = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));
        String key = registry.sql()
                .rows("SELECT storage_key FROM upload WHERE id = ?", id.value())
                .getFirst();
        registry.uploads().cancel(TestGrants.to(WEB), id);
        return new BlobKey(key);
    }

    private void makeDue() {
        registry.sql().change("UPDATE tombstone SET not_before = now()");
    }

    private List<String> tombstones() {
        return registry.sql().rows("SELECT storage_key FROM tombstone");
    }

    private int sweep(BlobStore store) {
        return sweeper(registry, store).sweep(GRANT);
    }

    private static TombstoneSweeper sweeper(RegistryHarness registry, BlobStore store) {
        return TestHousekeeping.remover(registry, store);
    }
}
