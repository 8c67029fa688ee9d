package dev.moorage.health;

import dev.moorage.config.Meters;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.lifecycle.StoreMarker;
import dev.moorage.metadata.DeliveryStore;
import dev.moorage.metadata.DeliveryStore.Backlog;
import dev.moorage.metadata.QueueStore;
import dev.moorage.metadata.QueueStore.Queue;
import dev.moorage.metadata.Transactions;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Shows how much waits in the background, as it was when it was last read: a scrape asks the database nothing, and where the
 * database is away the last figures stay, with a time that grows old.
 */
@Startup
@ApplicationScoped
public class QueueMeter {

    private static final Logger LOG = Logger.getLogger(QueueMeter.class);
    private static final String DELIVERY = "delivery";
    private static final List<String> QUEUES = List.of("review", "tombstone", DELIVERY);
    private static final double MILLIS = 1000.0;

    private final Transactions transactions;
    private final QueueStore queues;
    private final DeliveryStore deliveries;
    private final Map<String, Queue> seen = new ConcurrentHashMap<>();
    private volatile long nearQuota;
    private volatile long readAtMillis;

    QueueMeter(Transactions transactions, QueueStore queues, DeliveryStore deliveries, StoreMarker marker) {
        this.transactions = transactions;
        this.queues = queues;
        this.deliveries = deliveries;
        for (String name : QUEUES) {
            seen.put(name, new Queue(name, 0, 0));
            Meters.gauge(
                    "moorage.queue.due",
                    "Entries of a queue that are due, 10,000 where there are more",
                    seen,
                    all -> all.get(name).due(),
                    "queue",
                    name);
            Meters.gauge(
                    "moorage.queue.delay.seconds",
                    "For how long the first entry of a queue has been due",
                    seen,
                    all -> all.get(name).seconds(),
                    "queue",
                    name);
        }
        Meters.gauge(
                "moorage.queue.read.timestamp.seconds",
                "When the queues were last read",
                this,
                meter -> meter.readAtMillis / MILLIS);
        Meters.gauge(
                "moorage.organizations.near.quota",
                "Organizations that use nine tenths of their quota of bytes or more",
                this,
                meter -> meter.nearQuota);
        Meters.gauge(
                "moorage.removal.stopped",
                "1 where nothing is removed since the store bears another mark",
                marker,
                known -> known.alarm().isPresent() ? 1 : 0);
    }

    @Scheduled(every = "30s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void readQueues() {
        unlessAway(() -> {
            transactions.read(queues::queues).forEach(queue -> seen.put(queue.name(), queue));
            Backlog waiting = transactions.read(tx -> deliveries.backlog(tx, QueueStore.MOST));
            seen.put(
                    DELIVERY,
                    new Queue(DELIVERY, waiting.waiting(), waiting.age().toMillis() / MILLIS));
            readAtMillis = System.currentTimeMillis();
        });
    }

    @Scheduled(every = "5m", delayed = "3s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void readQuotas() {
        unlessAway(() -> nearQuota = transactions.read(queues::nearQuota));
    }

    private static void unlessAway(Runnable work) {
        try {
            work.run();
        } catch (Unavailable e) {
            LOG.debugf("The queues cannot be read: %s", e.getMessage());
        }
    }
}
