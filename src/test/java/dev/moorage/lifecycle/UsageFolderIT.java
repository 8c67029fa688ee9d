package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TestAdministration;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.Together;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger stays short, and its sums stay what they were, whoever writes meanwhile. */
class UsageFolderIT {

    private static final Grant GRANT = Grant.system("test");
    private static final OrganizationName ACME = new OrganizationName("acme");
    private static final int REPOSITORIES = 3;
    private static final int IMAGES = 8;

    private final ImageFactory factory = ImageFactory.seeded(47);

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
    void oneEntryAnOwnerAndKindRemainsAndTheSumsAreTheSame() {
        for (int i = 0; i < IMAGES; i++) {
            registry.pushImage("acme/r" + i % REPOSITORIES, "v" + i, factory.image());
        }
        List<Object> before = report();
        assertThat(folder(registry).fold(GRANT)).isPositive();

        assertThat(report()).isEqualTo(before);
        assertThat(registry.sql().rows("SELECT kind, count(*) FROM usage_entry GROUP BY kind ORDER BY kind"))
                .containsExactly("blob 1", "link 3", "manifest 4");
        assertThat(folder(registry).fold(GRANT)).isZero();

        registry.pushImage("acme/r0", "again", factory.image());
        List<Object> more = report();
        assertThat(more).isNotEqualTo(before);
        folder(registry).fold(GRANT);
        assertThat(report()).isEqualTo(more);
        assertThat(registry.sql().number("SELECT count(*) FROM usage_entry")).isEqualTo(8);
    }

    @Test
    void manyFoldWhileManyPushAndNothingIsLostNorCountedTwice() throws InterruptedException {
        RegistryHarness two = registry.replica();
        registry.begin("acme/r0");
        AtomicBoolean pushing = new AtomicBoolean(true);
        List<List<Image>> images = IntStream.range(0, 6)
                .mapToObj(_ -> Stream.generate(factory::image).limit(IMAGES).toList())
                .toList();
        Callable<Long> fold = () -> {
            long seen = 0;
            while (pushing.get()) {
                folder(registry).fold(GRANT);
                long used = used(two);
                assertThat(used).as("what is only added to never shrinks").isGreaterThanOrEqualTo(seen);
                seen = used;
            }
            return seen;
        };
        List<Callable<Long>> pushers = IntStream.range(0, images.size())
                .mapToObj(i -> (Callable<Long>) () -> {
                    images.get(i).forEach(image -> (i % 2 == 0 ? registry : two).pushImage("acme/r" + i % 2, image));
                    return 0L;
                })
                .toList();
        Callable<Long> allPushers = () -> {
            Together.run(pushers);
            pushing.set(false);
            return 0L;
        };
        Together.run(List.of(fold, fold, allPushers));

        registry.checkInvariants();
        long used = used(registry);
        folder(registry).fold(GRANT);
        assertThat(used(registry)).isEqualTo(used);
        assertThat(registry.sql().number("SELECT count(*) FROM usage_entry")).isEqualTo(6);
        assertThat(registry.database().rollbacks() + two.database().rollbacks()).isZero();
    }

    @Test
    void whatIsTakenAwayLeavesTheSums() {
        Image image = factory.image();
        registry.pushImage("acme/r0", image);
        byte[] bytes = factory.bytes(100);
        registry.pushBlob("acme/r0", bytes);
        folder(registry).fold(GRANT);
        long before = used(registry);
        Collector collector = new Collector(registry.plain());
        collector.letTimePass();
        collector.link("acme/r0", Digest.ofBytes(Digest.Algorithm.SHA256, bytes).toString());

        assertThat(used(registry)).isEqualTo(before - 100);
        folder(registry).fold(GRANT);
        assertThat(used(registry)).isEqualTo(before - 100);
        assertThat(registry.sql().number("SELECT count(*) FROM usage_entry")).isEqualTo(4);
    }

    private List<Object> report() {
        var quotas = TestAdministration.quotas(registry.transactions());
        var administrator = TestAdministration.everybody();
        return List.of(
                quotas.organization(administrator, ACME),
                quotas.repositories(administrator, ACME, new Listing.Asked("", 10))
                        .items(),
                quotas.repository(administrator, new RepositoryName("acme/r0")));
    }

    private static long used(RegistryHarness by) {
        return TestAdministration.used(by, ACME);
    }

    private static UsageFolder folder(RegistryHarness by) {
        return new UsageFolder(by.transactions(), new UsageStore());
    }
}
