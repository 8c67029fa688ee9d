package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.name.Digest;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.Together;
import dev.moorage.testing.WatchedDataSource.Work;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A collector that ends at any moment, that fails, or that is not alone. */
class CollectionKillIT {

    private static final Grant GRANT = Grant.system("test");
    private static final String WEB = "acme/web";
    private static final int WINDOW = 7 * 24;

    private final ImageFactory factory = ImageFactory.seeded(72);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    /** When the program ends: with all its work done and nothing of it there, or with it there and the next not begun. */
    enum Moment {
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    @BeforeEach
    void start() {
        Map<String, String> settings = new HashMap<>(TestCollection.AT_ONCE);
        settings.put("moorage.collection.batch", "3");
        registry = RegistryHarness.fresh(new FilesystemBlobStore(directory), settings);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @ParameterizedTest
    @EnumSource
    void aCollectorThatEndsAtAnyTransactionLeavesTheRestToTheNextOne(Moment moment) {
        Image kept = factory.image();
        registry.pushImage(WEB, "kept", kept);
        int transactions = 0;
        boolean killed = true;
        while (killed) {
            somethingOfEachKind();
            killed = killedAt(moment, transactions);
            registry.checkInvariants();
            // What was taken up and not done is taken up again when its next attempt is due.
            registry.sql().change("UPDATE review SET not_before = now()");
            collector().collect(GRANT);
            assertOnly(kept);
            transactions++;
        }
        assertThat(transactions).as("transactions of a collection").isGreaterThan(15);
    }

    @Test
    void whatCannotBeLookedAtIsTriedEverMoreRarelyAndHoldsUpNoOther() {
        Digest stuck = registry.pushImage(WEB, factory.image());
        List<Digest> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(registry.pushImage(WEB, factory.image()));
        }
        delete(stuck);
        others.forEach(this::delete);
        TestCollection.pass(registry, WINDOW + 1);
        registry.sql().change("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'poisoned'; END $$
                """);
        registry.sql()
                .change("CREATE TRIGGER poison BEFORE DELETE ON manifest FOR EACH ROW WHEN (OLD.digest = '" + stuck
                        + "') EXECUTE FUNCTION refuse()");
        collector().collect(GRANT);
        assertThat(registry.sql().rows("SELECT digest FROM manifest")).containsExactly(stuck.toString());

        List<Long> minutes = new ArrayList<>();
        for (int attempt = 1; attempt <= 14; attempt++) {
            minutes.add(registry.sql().number("SELECT round(extract(epoch FROM not_before - now()) / 60) FROM review"));
            registry.sql().change("UPDATE review SET not_before = now()");
            assertThat(collector().collect(GRANT)).isZero();
        }
        assertThat(minutes)
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1024L, 1440L, 1440L, 1440L);
        assertThat(registry.sql().number("SELECT attempts FROM review")).isEqualTo(15);

        registry.sql().change("DROP TRIGGER poison ON manifest");
        registry.sql().change("UPDATE review SET not_before = now()");
        collector().collect(GRANT);
        assertThat(registry.sql().number("SELECT count(*) FROM manifest")).isZero();
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isZero();
    }

    @Test
    void entriesOfANewerVersionAreLeftToItAndHoldUpNoOther() {
        delete(registry.pushImage(WEB, factory.image()));
        TestCollection.pass(registry, WINDOW + 1);
        // As the migration of a newer version would have it, while a replica of this one still runs.
        registry.sql().change("ALTER TABLE review DROP CONSTRAINT review_kind_check");
        registry.sql().change("""
                INSERT INTO review (kind, organization_id, repository_id, digest, because, not_before)
                VALUES ('signature', 1, 1, 'sha256:0', 'newer', '-infinity'),
                    ('link', 1, 1, 'blake3:0123', 'newer', '-infinity'),
                    ('shelf', 1, 1, 'sha256:' || repeat('0', 64), 'newer', '-infinity')
                """);

        assertThat(collector().collect(GRANT)).isPositive();
        assertThat(registry.sql().number("SELECT count(*) FROM manifest")).isZero();
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isZero();
        assertThat(
                        registry.sql()
                                .rows(
                                        "SELECT kind, attempts, not_before > now() + interval '50 seconds' FROM review ORDER BY kind"))
                .containsExactly("link 1 t", "shelf 1 t", "signature 1 t");

        registry.sql().change("UPDATE review SET not_before = now()");
        assertThat(collector().collect(GRANT)).isZero();
        assertThat(registry.sql().number("SELECT round(extract(epoch FROM min(not_before) - now()) / 60) FROM review"))
                .as("ever more rarely")
                .isEqualTo(2);
        registry.sql().change("DELETE FROM review");
    }

    @Test
    void twoCollectorsTakeEachThingOnce() throws InterruptedException {
        Content base = factory.blob(400);
        Content config = factory.blob(50);
        List<Digest> images = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Image image =
                    factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(base, factory.blob(60)), Map.of());
            images.add(registry.pushImage(WEB, image));
            image.blobs().forEach(blob -> registry.pushBlob("acme/api", blob.bytes()));
        }
        images.forEach(this::delete);
        TestCollection.pass(registry, WINDOW + 1);
        RegistryHarness two = registry.replica();
        List<Integer> gone =
                Together.run(List.of(() -> TestCollection.collect(registry), () -> TestCollection.collect(two)));
        // One may have ended while the other still put things into the queue.
        int rest = TestCollection.collect(registry);

        assertThat(gone.get(0) + gone.get(1) + rest)
                .as("40 manifests, their links and as many in another repository, and the blobs")
                .isEqualTo(40 + 2 * 42 + 42);
        for (String table : List.of("manifest", "repository_blob", "organization_blob", "blob", "review")) {
            assertThat(registry.sql().number("SELECT count(*) FROM " + table))
                    .as(table)
                    .isZero();
        }
        assertThat(registry.sql().number("SELECT count(*) FROM tombstone WHERE why = 'no repository shows it'"))
                .isEqualTo(42);
    }

    /** A deleted image, a deleted blob, one that was never needed, and a deleted repository; all of it is due. */
    private void somethingOfEachKind() {
        delete(registry.pushImage(WEB, "v1", factory.image()));
        registry.deletes().blob(TestGrants.to(WEB), registry.pushBlob(WEB, factory.bytes(70)));
        Digest last = registry.pushBlob(WEB, factory.bytes(80));
        registry.pushImage("acme/old", "v1", factory.image());
        registry.sql().change("""
                WITH gone AS (
                    UPDATE repository SET deleted_at = now() WHERE name = 'acme/old' AND deleted_at IS NULL
                    RETURNING organization_id, id)
                INSERT INTO hold (organization_id, repository_id, kind, event_id, held_until)
                SELECT organization_id, id, 'repository', (SELECT max(id) FROM event), now()
                FROM gone
                """);
        TestHousekeeping.run(registry);
        TestCollection.pass(registry, WINDOW + 1);
        assertThat(registry.pulls().blob(TestGrants.to(WEB), last).size()).isEqualTo(80);
    }

    private boolean killedAt(Moment moment, int transaction) {
        AtomicInteger seen = new AtomicInteger();
        Consumer<Work> killer = _ -> {
            if (seen.getAndIncrement() == transaction) {
                throw new Killed();
            }
        };
        RegistryHarness dying = registry.replica();
        switch (moment) {
            case BEFORE_COMMIT -> dying.database().onCommitting(killer);
            case AFTER_COMMIT -> dying.database().onCommitted(killer);
        }
        try {
            TestCollection.collect(dying);
            return false;
        } catch (Killed _) {
            return true;
        }
    }

    private void assertOnly(Image kept) {
        // Uploads that have ended are forgotten, and the repository waits for that.
        registry.sql().change("UPDATE upload SET expires_at = now()");
        TestHousekeeping.run(registry);
        registry.sql().change("UPDATE review SET not_before = now()");
        collector().collect(GRANT);
        TestHousekeeping.run(registry);
        registry.checkInvariants();
        assertThat(registry.sql().rows("SELECT name FROM repository")).containsExactly(WEB);
        assertThat(registry.sql().number("SELECT count(*) FROM manifest")).isOne();
        assertThat(registry.sql().rows("SELECT digest FROM blob ORDER BY digest"))
                .containsExactlyElementsOf(
                        kept.blobs().stream().map(Content::digest).sorted().toList());
        assertThat(registry.sql().number("SELECT count(*) FROM review")).isZero();
        assertThat(registry.store().list(Optional.empty(), 100))
                .hasSize(kept.blobs().size());
    }

    private GarbageCollector collector() {
        return TestCollection.collector(registry);
    }

    private void delete(Digest manifest) {
        registry.deletes().manifest(TestGrants.to(WEB), manifest, Precondition.NONE);
    }
}
