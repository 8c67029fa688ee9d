package dev.moorage.lifecycle;

import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.registry.PullCounter;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Writes every few seconds what this replica has counted, and once more when it ends. */
@ApplicationScoped
class PullWriter {

    private static final Logger LOG = Logger.getLogger(PullWriter.class);

    private final PullCounter counter;

    PullWriter(PullCounter counter) {
        this.counter = counter;
    }

    @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void write() {
        unlessAway();
    }

    // Behind the last request: those under way are ended before this is told.
    void end(@Observes ShutdownEvent end) {
        unlessAway();
    }

    private void unlessAway() {
        try {
            counter.write();
        } catch (Unavailable e) {
            LOG.warnf("The counts of pulls wait for the database: %s", e.getMessage());
        }
    }
}
