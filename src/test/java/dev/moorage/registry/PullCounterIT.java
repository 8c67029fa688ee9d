package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.TestGrants;
import dev.moorage.metadata.PullStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls are counted in memory and written in batches. */
class PullCounterIT {

    private static final String REPOSITORY = "acme/web";
    private static final String COUNTS = "SELECT digest, pulls FROM manifest_pull ORDER BY pulls, digest";

    private final ImageFactory factory = ImageFactory.seeded(71);

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
    void pullByTagAndByDigestCountAndAQuestionByHeadDoesNot() {
        Digest digest = registry.pushImage(REPOSITORY, "v1", factory.image());
        pull("v1");
        registry.pulls().manifest(TestGrants.to(REPOSITORY), digest);
        registry.pulls().manifestHead(TestGrants.to(REPOSITORY), new Tag("v1"));
        assertThat(registry.sql().rows(COUNTS)).isEmpty();

        registry.counter().write();
        assertThat(registry.sql().rows(COUNTS)).containsExactly(digest + " 2");
        registry.counter().write();
        assertThat(registry.sql().rows(COUNTS)).containsExactly(digest + " 2");
        assertThat(
                        registry.sql()
                                .number(
                                        "SELECT count(*) FROM manifest_pull WHERE last_pulled_at > now() - interval '1 minute'"))
                .isEqualTo(1);
    }

    @Test
    void lastPullIsWhenItWasAndNotWhenItWasWritten() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        PullCounter counter = counter(nanos, 10);
        Digest digest = registry.pushImage(REPOSITORY, "v1", factory.image());
        count(counter, digest);
        nanos.addAndGet(3600 * 1_000_000_000L);
        counter.write();

        assertThat(registry.sql().number("""
                        SELECT extract(epoch FROM now() - last_pulled_at)::bigint FROM manifest_pull
                        """)).isBetween(3600L, 3700L);
    }

    @Test
    void manyReplicasCountTheSameManifestsAndNoPullIsLost() throws InterruptedException {
        List<Digest> digests = IntStream.range(0, 20)
                .mapToObj(i -> registry.pushImage(REPOSITORY, "v" + i, factory.image()))
                .toList();
        List<PullCounter> counters =
                Stream.generate(() -> counter(new AtomicLong(), 1000)).limit(4).toList();
        List<Callable<Boolean>> all = counters.stream()
                .<Callable<Boolean>>map(counter -> () -> {
                    for (int round = 0; round < 10; round++) {
                        digests.forEach(digest -> count(counter, digest));
                        counter.write();
                    }
                    return true;
                })
                .toList();
        assertThat(Together.run(all)).doesNotContain(false);

        assertThat(registry.sql().rows("SELECT DISTINCT pulls FROM manifest_pull"))
                .containsExactly("40");
        assertThat(registry.sql().number("SELECT count(*) FROM manifest_pull")).isEqualTo(20);
    }

    @Test
    void memoryIsBoundedAndWhatIsCountedAlreadyCountsOn() {
        PullCounter counter = counter(new AtomicLong(), 2);
        List<Digest> digests = IntStream.range(0, 3)
                .mapToObj(i -> registry.pushImage(REPOSITORY, "v" + i, factory.image()))
                .toList();
        digests.forEach(digest -> count(counter, digest));
        count(counter, digests.getFirst());
        counter.write();

        assertThat(registry.sql().rows(COUNTS)).containsExactly(digests.get(1) + " 1", digests.getFirst() + " 2");
        count(counter, digests.getLast());
        counter.write();
        assertThat(registry.sql().number("SELECT count(*) FROM manifest_pull")).isEqualTo(3);
    }

    @Test
    void whatCouldNotBeWrittenIsCountedOn() {
        Digest digest = registry.pushImage(REPOSITORY, "v1", factory.image());
        pull("v1");
        registry.sql().change("ALTER TABLE manifest_pull RENAME TO away");
        assertThatThrownBy(() -> registry.counter().write()).isInstanceOf(RuntimeException.class);
        registry.sql().change("ALTER TABLE away RENAME TO manifest_pull");
        pull("v1");
        registry.counter().write();

        assertThat(registry.sql().rows(COUNTS)).containsExactly(digest + " 2");
    }

    @Test
    void countOfAManifestThatIsGoneIsPassedOver() {
        Digest kept = registry.pushImage(REPOSITORY, "v1", factory.image());
        count(registry.counter(), Digest.parse(factory.image().digest()).orElseThrow());
        pull("v1");
        registry.counter().write();

        assertThat(registry.sql().rows(COUNTS)).containsExactly(kept + " 1");
    }

    private void pull(String tag) {
        registry.pulls().manifest(TestGrants.to(REPOSITORY), new Tag(tag));
    }

    private PullCounter counter(AtomicLong nanos, int most) {
        return new PullCounter(registry.transactions(), new PullStore(), nanos::get, most);
    }

    private void count(PullCounter counter, Digest digest) {
        counter.count(
                registry.transactions()
                        .read(tx -> new RepositoryStore()
                                .find(tx, TestGrants.to(REPOSITORY).scope()))
                        .orElseThrow()
                        .key(),
                digest);
    }
}
