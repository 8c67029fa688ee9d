package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Balancer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two replicas behind a balancer are restarted, one after the other, under pushes and pulls: no request fails. */
class RollingRestartIT {

    private static final int ROUNDS = 2;
    private static final int CLIENTS = 4;

    private static MoorageProcess database;
    private static List<MoorageProcess> replicas;
    private static Balancer balancer;

    private final AtomicBoolean over = new AtomicBoolean();

    @BeforeAll
    static void start() {
        MoorageProcess.Settings settings = MoorageProcess.Settings.usual().property("moorage.drain.delay", "4s");
        // It has the database, and no clients.
        database = MoorageProcess.start("rolling", settings);
        replicas = List.of(
                MoorageProcess.startReplica("rolling", settings, database),
                MoorageProcess.startReplica("rolling", settings, database));
        balancer = new Balancer(replicas);
        replicas.forEach(balancer::awaitReady);
    }

    @AfterAll
    static void stop() {
        balancer.close();
        replicas.forEach(MoorageProcess::close);
        database.close();
    }

    /** What a client was told. */
    private record Told(String repository, Map<String, Image> pushed, int refused, int unanswered) {}

    @Test
    void noRequestFails() throws Exception {
        List<Callable<Told>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            all.add(this::pushAndPull);
        }
        all.add(this::restartOneAfterTheOther);
        List<Told> told = Together.run(all).subList(0, CLIENTS);

        int unanswered = told.stream().mapToInt(Told::unanswered).sum();
        System.out.printf(
                "rolling: %d images, %d requests sent again%n",
                told.stream().mapToInt(client -> client.pushed().size()).sum(), unanswered);
        // A client that was held up for as long as the delay may meet the end of a connection it kept, and sends again
        // by itself.
        assertThat(unanswered).isLessThanOrEqualTo(ROUNDS * replicas.size());
        assertThat(told).allSatisfy(client -> {
            assertThat(client.refused()).isZero();
            assertThat(client.pushed()).hasSizeGreaterThan(1);
            RepositoryClient there = database.client().repository(client.repository());
            client.pushed().forEach((tag, image) -> {
                assertThat(there.resolve(tag)).hasValue(image.digest());
                image.blobs().forEach(blob -> there.assertBlob(blob.digest(), blob.bytes()));
            });
        });
        replicas.forEach(replica -> assertThat(replica.output()).doesNotContain("Exception", "ERROR", "are cut"));
    }

    private Told restartOneAfterTheOther() {
        try {
            for (int i = 0; i < ROUNDS; i++) {
                for (MoorageProcess replica : replicas) {
                    assertThat(replica.terminate()).isEqualTo(143);
                    replica.restart();
                    balancer.awaitReady(replica);
                    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
                }
            }
        } finally {
            over.set(true);
        }
        return new Told("", Map.of(), 0, 0);
    }

    private Told pushAndPull() {
        ImageFactory images = ImageFactory.fresh();
        String repository = RegistryClient.newName();
        RegistryClient registry = new RegistryClient(balancer.base());
        RepositoryClient pulls = registry.repository(repository);
        RetryingClient client = new RetryingClient(List.of(registry), repository, 0);
        Map<String, Image> pushed = new LinkedHashMap<>();
        for (int i = 0; !over.get(); i++) {
            Content layer = images.content(ImageFactory.OCI_LAYER, images.bytes(i % 3 == 0 ? 5_000_000 : 50_000));
            Content config = images.content(ImageFactory.OCI_CONFIG, images.bytes(100));
            Image image = images.assemble(ImageFactory.OCI_MANIFEST, config, List.of(layer), Map.of());
            String tag = "v" + i;
            client.push(tag, image, 2_000_000);
            pushed.put(tag, image);
            assertThat(pulls.get("manifests/" + tag).expect(200).body())
                    .isEqualTo(image.manifest().bytes());
            pulls.assertBlob(layer.digest(), layer.bytes());
        }
        return new Told(repository, pushed, client.refused(), client.unanswered());
    }
}
