package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import dev.moorage.testing.DatabaseInvariants;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Sql;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One of two replicas is killed and started again, over and over, under clients that go on at the other one: nothing that
 * was acknowledged is lost.
 *
 * <p>It lasts {@code moorage.test.kills-seconds}, 20 unless set; what the clients push follows from {@code
 * moorage.test.seed}.
 */
class ReplicaKillsIT {

    private static final long SECONDS = Long.getLong("moorage.test.kills-seconds", 20);
    private static final long SEED = Long.getLong("moorage.test.seed", System.nanoTime());
    private static final int WRITERS = 8;
    private static final int LARGE = 12_000_000;
    private static final int SMALLEST_CHUNK = 50_000;
    // Files of the database lie in the same directory where blobs do.
    private static final Pattern OBJECT = Pattern.compile("blobs/../../[^/]+$");

    private static MoorageProcess first;
    private static MoorageProcess second;

    private final AtomicBoolean over = new AtomicBoolean();

    @BeforeAll
    static void start() {
        MoorageProcess.Settings settings = MoorageProcess.Settings.usual()
                .property("moorage.storage.s3.part-size", "5242880")
                .property("moorage.uploads.reaper-interval", "1s")
                .property("moorage.uploads.removal-delay", "0s");
        first = MoorageProcess.start("kills", settings);
        second = MoorageProcess.startReplica("kills", settings, first);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    /** What one writer was told. */
    private record Told(String repository, Map<String, Image> pushed, List<String> deleted, int repeated) {}

    @Test
    void nothingThatWasAcknowledgedIsLost() throws Exception {
        System.out.println("kills: seed " + SEED);
        List<Callable<Told>> all = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            all.add(() -> write(number));
        }
        all.add(this::killAgainAndAgain);
        List<Told> told = Together.run(all).subList(0, WRITERS);

        for (Told writer : told) {
            for (MoorageProcess replica : List.of(first, second)) {
                check(writer, replica.client().repository(writer.repository()));
            }
        }
        System.out.printf(
                "kills: %d images acknowledged, %d requests sent again%n",
                told.stream().mapToInt(writer -> writer.pushed().size()).sum(),
                told.stream().mapToInt(Told::repeated).sum());
        assertThat(told).allSatisfy(writer -> assertThat(writer.pushed()).isNotEmpty());
        DatabaseInvariants.check(database());
        assertNothingIsLeft();
    }

    /**
     * The sessions that a kill cut off end as if their time were over, and the removals that one cut off are tried again
     * at once: left alone, they are put off by a minute for each attempt before, and twice as long for the next.
     */
    private static void assertNothingIsLeft() {
        Sql sql = new Sql(database());
        sql.change("UPDATE upload SET expires_at = now(), lease_until = NULL");
        sql.change("UPDATE tombstone SET not_before = least(not_before, now())");
        Await.until(Duration.ofSeconds(60), "the end of every object that is no blob's", () -> sql.rows(
                        "SELECT storage_key FROM tombstone UNION ALL SELECT id::text FROM upload")
                .isEmpty());
        List<String> blobs = sql.rows("SELECT storage_key FROM blob WHERE storage_key NOT LIKE 'rows/%'");
        assertThat(first.stored().keySet().stream()
                        .filter(name -> OBJECT.matcher(name).find()))
                .allSatisfy(name -> assertThat(blobs).anyMatch(name::endsWith))
                .hasSize(blobs.size());
        assertThat(first.unfinished()).isEmpty();
        assertThat(sql.rows("SELECT storage_key FROM small_object"))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        sql.rows("SELECT storage_key FROM blob WHERE storage_key LIKE 'rows/%'"));
    }

    private Told killAgainAndAgain() {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        Random random = new Random(SEED);
        int kills = 0;
        try {
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(
                        Duration.ofMillis(200 + random.nextInt(1500)).toNanos());
                second.kill9();
                second.restart();
                kills++;
            }
        } finally {
            over.set(true);
        }
        System.out.println("kills: " + kills);
        return new Told("", Map.of(), List.of(), 0);
    }

    private Told write(int number) {
        Random random = new Random(SEED + number + 1);
        ImageFactory images = ImageFactory.seeded(SEED + number);
        String repository = RegistryClient.newName();
        RetryingClient client = new RetryingClient(List.of(first.client(), second.client()), repository, number);
        Map<String, Image> pushed = new LinkedHashMap<>();
        List<String> deleted = new ArrayList<>();
        for (int i = 0; !over.get(); i++) {
            Content layer = images.content(ImageFactory.OCI_LAYER, images.bytes(size(random)));
            Content config = images.content(ImageFactory.OCI_CONFIG, images.bytes(100));
            Image image = images.assemble(ImageFactory.OCI_MANIFEST, config, List.of(layer), Map.of());
            String tag = "v" + i;
            client.push(tag, image, SMALLEST_CHUNK + random.nextInt(LARGE / 2));
            client.push("latest", image, LARGE);
            pushed.put(tag, image);
            pushed.put("latest", image);
            if (random.nextInt(4) == 0) {
                client.delete(tag);
                pushed.remove(tag);
                deleted.add(tag);
            }
        }
        return new Told(repository, pushed, deleted, client.refused() + client.unanswered());
    }

    /** Most are small; some are larger than a part of a multipart upload. */
    private static int size(Random random) {
        return random.nextInt(5) == 0 ? LARGE - random.nextInt(LARGE / 2) : 1 + random.nextInt(200_000);
    }

    private static void check(Told writer, RepositoryClient there) {
        assertThat(there.tags())
                .containsExactlyInAnyOrderElementsOf(writer.pushed().keySet());
        writer.pushed().forEach((tag, image) -> {
            assertThat(there.resolve(tag)).hasValue(image.digest());
            assertThat(there.get("manifests/" + tag).expect(200).body())
                    .isEqualTo(image.manifest().bytes());
            image.blobs().forEach(blob -> there.assertBlob(blob.digest(), blob.bytes()));
        });
        writer.deleted().forEach(tag -> there.get("manifests/" + tag).expect(404));
    }

    private static PGSimpleDataSource database() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(first.database().url());
        source.setUser(first.database().user());
        source.setPassword(first.database().password());
        return source;
    }
}
