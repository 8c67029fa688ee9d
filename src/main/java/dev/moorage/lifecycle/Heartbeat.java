package dev.moorage.lifecycle;

import dev.moorage.drain.Drain;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.ReplicaStore;
import dev.moorage.metadata.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says from time to time that this program is there. */
@ApplicationScoped
class Heartbeat {

    private static final Logger LOG = Logger.getLogger(Heartbeat.class);
    private static final int MAX_TEXT = 255;

    private final Transactions transactions;
    private final ReplicaStore replicas;
    private final Drain drain;
    private final String version;
    private final UUID id;
    private final String host;

    Heartbeat(
            Transactions transactions,
            ReplicaStore replicas,
            Drain drain,
            Supplier<UUID> randomness,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.transactions = transactions;
        this.replicas = replicas;
        this.drain = drain;
        this.version = bounded(version);
        this.id = randomness.get();
        this.host = bounded(host());
    }

    @Scheduled(every = "15s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void beat() {
        if (drain.begun()) {
            return;
        }
        try (Drain.Work _ = drain.background()) {
            transactions.run(Durability.PROGRAM_END, tx -> replicas.seen(tx, id, host, version));
        } catch (Unavailable e) {
            // Housekeeping says that the database is away.
            LOG.debugf("It is not written that this program is there: %s", e.getMessage());
        }
    }

    /** What the machine calls itself; in a container and in Kubernetes that is the name of the pod. */
    private static String host() {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> !name.isBlank())
                .orElseGet(() -> {
                    try {
                        return InetAddress.getLocalHost().getHostName();
                    } catch (UnknownHostException _) {
                        return "unknown";
                    }
                });
    }

    private static String bounded(String text) {
        return text.substring(0, Math.min(text.length(), MAX_TEXT));
    }
}
