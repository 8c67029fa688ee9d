package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.lifecycle.Finding.MarkDiffers;
import dev.moorage.lifecycle.Finding.Repair;
import dev.moorage.lifecycle.StoreMarker.Standing;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.StoreWrapper;
import dev.moorage.testing.Together;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is removed from a store that is another database's, or that is ahead of the database; the same on every store. */
abstract class StoreMarkerContract {

    private static final Grant GRANT = Grant.system("test");
    private static final String WEB = "acme/web";
    private static final int LONG = 8 * 24;

    private final ImageFactory factory = ImageFactory.seeded(81);
    private final List<RegistryHarness> opened = new ArrayList<>();
    private BlobStore store;
    private RegistryHarness registry;

    /** An empty store. */
    abstract BlobStore openStore() throws Exception;

    /** Closes it. */
    abstract void closeStore() throws Exception;

    /** Takes the mark away, as whoever empties a store does. */
    abstract void takeMark() throws Exception;

    @BeforeEach
    void start() throws Exception {
        store = openStore();
        registry = opened(RegistryHarness.fresh(store, TestCollection.AT_ONCE));
    }

    @AfterEach
    void end() throws Exception {
        for (RegistryHarness one : opened) {
            one.close();
        }
        closeStore();
    }

    @Test
    void aStoreWithoutAMarkIsMarkedOnceAndWorkedOn() {
        rubbish(registry, "v1");
        assertThat(store.marker()).isEmpty();

        collectAll(registry);

        assertThat(store.marker()).isPresent();
        assertThat(store.list(Optional.empty(), 100)).isEmpty();
        Optional<String> mark = store.marker();
        collectAll(registry);
        assertThat(store.marker()).as("within a minute").isEqualTo(mark);
    }

    @Test
    void aDatabaseFromABackupRemovesNothingUntilSomebodyAcknowledges() throws Exception {
        rubbish(registry, "v1");
        UploadId open = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), open, RegistryHarness.chunk(factory.bytes(300)));
        assertThat(marker(registry).allowsRemoval()).isTrue();
        RegistryHarness restored = opened(registry.restored());
        minutesPass(registry);
        assertThat(marker(registry).allowsRemoval()).as("it is marked anew").isTrue();
        byte[] late = factory.bytes(500);
        registry.pushBlob(WEB, late);
        List<BlobKey> before = store.list(Optional.empty(), 100);

        restored.sql().change("UPDATE upload SET expires_at = now(), lease_until = NULL");
        collectAll(restored);
        assertThat(TestHousekeeping.sweeper(restored, store).sweep(GRANT)).isZero();

        assertThat(store.list(Optional.empty(), 100)).isEqualTo(before);
        assertThat(restored.sql().number("SELECT count(*) FROM manifest")).isOne();
        assertThat(restored.sql().number("SELECT count(*) FROM upload WHERE storage_key IS NOT NULL"))
                .isOne();
        Image image = factory.image();
        restored.pushImage(WEB, "new", image);
        assertThat(ModelReader.blob(
                        restored,
                        WEB,
                        RegistryHarness.digest(image.blobs().getFirst().digest())))
                .as("pushes and pulls go on")
                .isTrue();

        assertThat(FsckScene.look(restored)).contains(differs(Standing.FOREIGN, Repair.NONE));
        assertThat(FsckScene.look(restored)).as("to look acknowledges nothing").hasSizeGreaterThan(1);
        assertThatThrownBy(() -> FsckScene.repair(restored))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("--acknowledge");
        assertThat(FsckScene.acknowledge(restored)).contains(differs(Standing.FOREIGN, Repair.DONE));

        collectAll(restored);
        assertThat(restored.sql().number("SELECT count(*) FROM manifest")).isOne();
        assertThat(store.list(Optional.empty(), 100))
                .as("what was pushed since stays for fsck --repair")
                .hasSize(4);
        assertThat(marker(registry).allowsRemoval())
                .as("the database that went on has lost the store")
                .isFalse();
    }

    @Test
    void anotherDatabaseRemovesNothingFromTheStore() {
        collectAll(registry);
        RegistryHarness other = opened(RegistryHarness.fresh(store, TestCollection.AT_ONCE));
        rubbish(other, "v1");

        collectAll(other);

        assertThat(store.list(Optional.empty(), 100)).isNotEmpty();
        assertThat(marker(other).look()).isEqualTo(Standing.FOREIGN);
        assertThat(marker(registry).look()).isEqualTo(Standing.OURS);
    }

    @Test
    void aStandbyThatHasMissedNothingGoesOn() throws SQLException {
        collectAll(registry);
        minutesPass(registry);
        collectAll(registry);
        RegistryHarness promoted = opened(registry.restored());
        rubbish(promoted, "v1");

        collectAll(promoted);

        assertThat(store.list(Optional.empty(), 100)).isEmpty();
    }

    @Test
    void aStoreThatDoesNotBearTheMarkAnyMoreIsNotTouched() throws Exception {
        collectAll(registry);
        rubbish(registry, "v1");
        takeMark();

        collectAll(registry);

        assertThat(store.list(Optional.empty(), 100)).isNotEmpty();
        assertThat(FsckScene.acknowledge(registry)).containsExactly(differs(Standing.LOST, Repair.DONE));
        collectAll(registry);
        assertThat(store.list(Optional.empty(), 100)).isEmpty();
    }

    @Test
    void aMarkThatNobodyUnderstandsIsNotOurs() {
        collectAll(registry);
        for (String text : List.of("", "x", "moorage store marker 1\ntoken no\n", "1".repeat(BlobStore.LONGEST_MARK))) {
            store.mark(text);
            assertThat(marker(registry).allowsRemoval()).as(text).isFalse();
        }
        assertThat(store.marker()).as("it is left as it is").hasValue("1".repeat(BlobStore.LONGEST_MARK));
    }

    @Test
    void replicasThatMarkAtOnceAllGoOn() throws Exception {
        RegistryHarness two = registry.replica();
        for (int i = 0; i < 20; i++) {
            assertThat(Together.run(List.of(() -> marker(registry).allowsRemoval(), () -> marker(two)
                            .allowsRemoval())))
                    .containsOnly(true);
            minutesPass(registry);
        }
    }

    @Test
    void aProgramThatEndsBeforeOrBehindTheMarkIsNoAlarm() {
        for (int i = 0; i < 2; i++) {
            StoreWrapper before = new StoreWrapper(store) {
                @Override
                public void mark(String text) {
                    throw new Killed();
                }
            };
            assertThatThrownBy(() -> TestHousekeeping.marker(registry, before).allowsRemoval())
                    .isInstanceOf(Killed.class);
            minutesPass(registry);
            StoreWrapper behind = new StoreWrapper(store) {
                @Override
                public void mark(String text) {
                    super.mark(text);
                    throw new Killed();
                }
            };
            assertThatThrownBy(() -> TestHousekeeping.marker(registry, behind).allowsRemoval())
                    .isInstanceOf(Killed.class);
            minutesPass(registry);
            assertThat(marker(registry).look()).isEqualTo(Standing.OURS);
            assertThat(marker(registry).allowsRemoval()).isTrue();
            minutesPass(registry);
        }
    }

    @Test
    void aStoreThatCannotBeAskedIsNotTouched() {
        collectAll(registry);
        StoreWrapper away = new StoreWrapper(store) {
            @Override
            public Optional<String> marker() {
                throw new StoreFailure("the store is away");
            }
        };

        assertThat(TestHousekeeping.marker(registry, away).allowsRemoval()).isFalse();
        assertThat(marker(registry).allowsRemoval()).isTrue();
    }

    @Test
    void aStoreThatIsFullIsClearedThoughItsMarkCannotBeRenewed() {
        collectAll(registry);
        minutesPass(registry);
        StoreWrapper full = new StoreWrapper(store) {
            @Override
            public void mark(String text) {
                throw new StoreFailure("no space left");
            }
        };
        assertThat(TestHousekeeping.marker(registry, full).allowsRemoval()).isTrue();

        Optional<String> before = store.marker();
        assertThat(marker(registry).allowsRemoval()).isTrue();
        assertThat(store.marker()).as("renewed as soon as it can be").isNotEqualTo(before);
    }

    @Test
    void aClockThatWasAheadDoesNotKeepTheMarkAnOldOne() {
        collectAll(registry);
        registry.sql().change("UPDATE store_marker SET made_at = made_at + interval '2 days'");
        Optional<String> before = store.marker();

        assertThat(marker(registry).allowsRemoval()).isTrue();
        assertThat(store.marker()).isNotEqualTo(before);
    }

    @Test
    void oldTokensAreForgottenAndTheLastOneNever() {
        for (int i = 0; i < 5; i++) {
            assertThat(marker(registry).allowsRemoval()).isTrue();
            registry.sql().change("UPDATE store_marker SET made_at = made_at - interval '2 days'");
        }
        assertThat(registry.sql().number("SELECT count(*) FROM store_marker")).isOne();
        assertThat(marker(registry).look()).isEqualTo(Standing.OURS);
    }

    @Test
    void theLogSaysItAtOnceAndThenOnlyNowAndThen() {
        List<String> errors = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                errors.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(StoreMarker.class.getName());
        logger.addHandler(handler);
        try {
            store.mark("another's");
            StoreMarker marker = marker(registry);
            for (int i = 0; i < 10; i++) {
                assertThat(marker.allowsRemoval()).isFalse();
            }
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(errors).hasSize(1);
    }

    private RegistryHarness opened(RegistryHarness harness) {
        opened.add(harness);
        return harness;
    }

    private StoreMarker marker(RegistryHarness one) {
        return TestHousekeeping.marker(one, store);
    }

    private static MarkDiffers differs(Standing standing, Repair repair) {
        return new MarkDiffers(standing.sentence(), repair);
    }

    private static void minutesPass(RegistryHarness one) {
        one.sql().change("UPDATE store_marker SET made_at = made_at - interval '2 minutes'");
    }

    /** An image that was pushed and deleted, and whose undo window is over. */
    private void rubbish(RegistryHarness one, String tag) {
        Digest image = one.pushImage(WEB, tag, factory.image());
        one.deletes().manifest(TestGrants.to(WEB), image, Precondition.NONE);
        TestCollection.pass(one, LONG);
    }

    /** All that a replica does by itself, with everything due. */
    private static void collectAll(RegistryHarness one) {
        for (int i = 0; i < 3; i++) {
            TestCollection.collect(one);
            TestHousekeeping.run(one);
        }
    }
}
