package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process that collects is killed at any moment, over and over: the next one ends its work.
 *
 * <p>It lasts {@code moorage.test.kills-seconds}, 20 unless set; the moments follow from {@code moorage.test.seed}.
 */
class CollectorKillsIT {

    private static final long SECONDS = Long.getLong("moorage.test.kills-seconds", 20);
    private static final long SEED = Long.getLong("moorage.test.seed", System.nanoTime());
    private static final String WEB = "acme/web";
    private static final String API = "other/api";
    private static final String OLD = "acme/old";
    private static final int LONG = 8 * 24;
    private static final int MOST_RUNS_TO_END = 10;
    private static final int LONGEST_WAIT_MILLIS = 400;

    private final Random random = new Random(SEED);
    private final ImageFactory factory = ImageFactory.seeded(SEED);
    private final Content base = factory.blob(300);
    private final Map<String, Image> kept = new TreeMap<>();
    private int rounds;

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    // Started while the one before it works: a JVM takes longer to start than all that there is to collect.
    private Process next;

    @BeforeEach
    void start() throws IOException {
        registry = RegistryHarness.fresh(new FilesystemBlobStore(directory), CollectorProgram.settings());
        next = launch();
    }

    @AfterEach
    void end() throws InterruptedException, SQLException {
        next.destroyForcibly().waitFor();
        registry.close();
    }

    @Test
    void whateverAKilledCollectorLeavesTheNextOneEnds() throws Exception {
        System.out.println("collector kills: seed " + SEED);
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        int killed = 0;
        do {
            if (left().isEmpty() || rounds == 0) {
                round();
            }
            killed += collectAndKill() ? 1 : 0;
            makeDue();
        } while (System.nanoTime() - end < 0);
        System.out.printf("collector kills: %d in %d rounds%n", killed, rounds);
        assertThat(killed).isPositive();

        for (int i = 0; i < MOST_RUNS_TO_END && !left().isEmpty(); i++) {
            endCollection();
            makeDue();
        }

        demandKept();
        demandNothingElse();
    }

    /** Some images that stay, more that go in each way there is, and all of them have layers in common. */
    private void round() {
        rounds++;
        Content common = factory.blob(100);
        for (int i = 0; i < 4; i++) {
            Image image = image(common);
            Digest digest = registry.pushImage(WEB, tag(i), image);
            registry.deletes().manifest(TestGrants.to(WEB), digest, Precondition.NONE);
            registry.deletes().blob(TestGrants.to(WEB), registry.pushBlob(WEB, factory.bytes(70)));
            // What nobody ever needs, in another organization.
            image.blobs().forEach(blob -> registry.pushBlob("more/blobs", blob.bytes()));
        }
        registry.pushImage(OLD, tag(0), image(common));
        keep(WEB, image(common));
        keep(API, image(common));
        registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), registry.begin(WEB), RegistryHarness.chunk(factory.bytes(200)));
        registry.sql().change("""
                WITH gone AS (
                    UPDATE repository SET deleted_at = now() WHERE name = ? AND deleted_at IS NULL
                    RETURNING organization_id, id)
                INSERT INTO hold (organization_id, repository_id, kind, event_id, held_until)
                SELECT organization_id, id, 'repository', (SELECT max(id) FROM event), now()
                FROM gone
                """, OLD);
        registry.sql().change("UPDATE upload SET expires_at = now(), lease_until = NULL");
        TestCollection.pass(registry, LONG);
    }

    /** What was taken up, and what waits for something else, is due again at once. */
    private void makeDue() {
        registry.sql().change("UPDATE review SET not_before = least(not_before, now())");
        registry.sql().change("UPDATE tombstone SET not_before = least(not_before, now())");
    }

    private String tag(int i) {
        return "r%d-%d".formatted(rounds, i);
    }

    private Image image(Content common) {
        return factory.assemble(
                ImageFactory.OCI_MANIFEST, factory.blob(50), List.of(base, common, factory.blob(60)), Map.of());
    }

    private void keep(String repository, Image image) {
        registry.pushImage(repository, "kept" + rounds, image);
        kept.put(repository + ' ' + "kept" + rounds, image);
    }

    /** Answers whether it was at work when it was killed. */
    private boolean collectAndKill() throws IOException, InterruptedException {
        Process process = begin();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            awaitBegin(output);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_WAIT_MILLIS)));
            boolean atWork = process.isAlive();
            process.destroyForcibly();
            process.waitFor();
            return atWork && process.exitValue() != 0;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitBegin(BufferedReader output) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); !CollectorProgram.COLLECTING.equals(line); line = output.readLine()) {
            if (line == null) {
                throw new AssertionError("the collector ended before it began: " + said);
            }
            said.append(line).append('\n');
        }
    }

    private void endCollection() throws IOException, InterruptedException {
        Process process = begin();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String said = output.lines().collect(Collectors.joining("\n"));
            assertThat(process.waitFor()).as(said).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private Process begin() throws IOException {
        Process process = next;
        next = launch();
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return process;
    }

    private Process launch() throws IOException {
        PGSimpleDataSource database = (PGSimpleDataSource) registry.plain();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CollectorProgram.class.getName(),
                        database.getUrl(),
                        database.getUser(),
                        database.getPassword(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
    }

    private void demandKept() {
        kept.forEach((place, image) -> {
            String[] words = place.split(" ", 2);
            assertThat(ModelReader.manifest(registry, words[0], new Tag(words[1])))
                    .as(place)
                    .hasValue(RegistryHarness.digest(image.digest()));
            image.blobs().forEach(blob -> assertThat(
                            ModelReader.blob(registry, words[0], RegistryHarness.digest(blob.digest())))
                    .as("%s in %s", blob.digest(), place)
                    .isTrue());
        });
    }

    private void demandNothingElse() {
        registry.checkInvariants();
        assertThat(registry.sql().number("SELECT count(*) FROM manifest")).isEqualTo(kept.size());
        TreeSet<String> links = new TreeSet<>();
        TreeSet<String> blobs = new TreeSet<>();
        kept.forEach((place, image) -> image.blobs().forEach(blob -> {
            links.add(place.substring(0, place.indexOf(' ')) + ' ' + blob.digest());
            blobs.add(blob.digest());
        }));
        assertThat(registry.sql()
                        .rows("SELECT r.name, l.digest FROM repository_blob l"
                                + " JOIN repository r ON (r.organization_id, r.id) = (l.organization_id, l.repository_id)"
                                + " ORDER BY r.name COLLATE \"C\", l.digest"))
                .containsExactlyElementsOf(links);
        assertThat(registry.sql().rows("SELECT digest FROM blob ORDER BY digest"))
                .containsExactlyElementsOf(blobs);
        assertThat(registry.store().list(Optional.empty(), Integer.MAX_VALUE)).hasSize(blobs.size());
        assertThat(left()).isEmpty();
        assertThat(registry.sql().number("SELECT count(*) FROM repository WHERE deleted_at IS NOT NULL"))
                .isZero();
    }

    private List<String> left() {
        List<String> left = new ArrayList<>();
        for (String table : List.of("review", "hold", "tombstone", "upload")) {
            left.addAll(registry.sql().rows("SELECT '%1$s', t::text FROM %1$s t".formatted(table)));
        }
        return left;
    }
}
