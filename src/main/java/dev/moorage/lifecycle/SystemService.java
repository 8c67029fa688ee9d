package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.Management;
import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.DeliveryStore;
import dev.moorage.metadata.DeliveryStore.Backlog;
import dev.moorage.metadata.QueueStore;
import dev.moorage.metadata.ReplicaStore;
import dev.moorage.metadata.ReplicaStore.Standing;
import dev.moorage.metadata.Schema;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Says how the registry itself is: its programs, its database and store, and what waits in the background. */
@ApplicationScoped
public class SystemService {

    private final Management management;
    private final QueueStore queues;
    private final DeliveryStore deliveries;
    private final ReplicaStore replicas;
    private final Schema schema;
    private final StoreMarker marker;
    private final MoorageConfig config;
    private final String version;
    private final String revision;

    SystemService(
            Management management,
            QueueStore queues,
            DeliveryStore deliveries,
            ReplicaStore replicas,
            Schema schema,
            StoreMarker marker,
            MoorageConfig config,
            @ConfigProperty(name = "quarkus.application.version") String version,
            @ConfigProperty(name = "build.revision") String revision) {
        this.management = management;
        this.queues = queues;
        this.deliveries = deliveries;
        this.replicas = replicas;
        this.schema = schema;
        this.marker = marker;
        this.config = config;
        this.version = version;
        this.revision = revision;
    }

    /**
     * How the registry is.
     *
     * @param version that of the program that answers
     * @param revision the commit that it was built of; {@code unknown} where the build was not told
     * @param mode {@code open} or {@code secured}
     * @param schema the last migration of the database
     * @param storage what keeps the bytes of blobs: {@code directory} or {@code s3}
     * @param collection whether this program collects what nothing keeps
     * @param removalStopped why nothing is removed from the store; null where nothing is wrong
     * @param queues what waits in the background
     * @param replicas the programs that serve the registry, and those that did within ten minutes
     */
    public record Status(
            String version,
            String revision,
            String mode,
            String schema,
            String storage,
            boolean collection,
            Optional<String> removalStopped,
            List<Queue> queues,
            List<Replica> replicas) {

        /** Keeps its own copies. */
        public Status {
            queues = List.copyOf(queues);
            replicas = List.copyOf(replicas);
        }
    }

    /**
     * A queue.
     *
     * @param name which
     * @param due how many entries are due; {@value QueueStore#MOST} where there are more
     * @param seconds for how long the first of them has been due
     */
    public record Queue(String name, long due, long seconds) {}

    /**
     * A program.
     *
     * @param id what it calls itself since its start
     * @param host the name of its machine
     * @param state {@code serving}, or {@code silent} where it has not been heard of for a minute
     */
    public record Replica(String id, String host, String version, Instant startedAt, Instant seenAt, String state) {}

    /** How the registry is; for its administrators. */
    public Status status(Grant grant) {
        record Found(List<Queue> queues, List<Replica> replicas) {}
        Found found = management.read(grant, (tx, powers) -> {
            Management.demand(powers.everywhere(Action.ADMINISTER));
            return new Found(
                    Stream.concat(
                                    queues.queues(tx).stream().map(SystemService::queue),
                                    Stream.of(queue(deliveries.backlog(tx, QueueStore.MOST))))
                            .toList(),
                    replicas.all(tx).stream().map(SystemService::replica).toList());
        });
        return new Status(
                version,
                revision,
                config.access().mode().name().toLowerCase(Locale.ROOT),
                schema.version(),
                config.storage().type().name().toLowerCase(Locale.ROOT),
                config.collection().enabled(),
                marker.alarm(),
                found.queues(),
                found.replicas());
    }

    private static Queue queue(QueueStore.Queue queue) {
        return new Queue(queue.name(), queue.due(), Math.round(queue.seconds()));
    }

    private static Queue queue(Backlog backlog) {
        return new Queue("delivery", backlog.waiting(), backlog.age().toSeconds());
    }

    private static Replica replica(ReplicaStore.Replica row) {
        return new Replica(
                row.id().toString(),
                row.host(),
                row.version(),
                row.startedAt(),
                row.seenAt(),
                row.standing() == Standing.SERVING ? "serving" : "silent");
    }
}
