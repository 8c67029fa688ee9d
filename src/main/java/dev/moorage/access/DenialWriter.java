package dev.moorage.access;

import dev.moorage.error.RegistryException.Unavailable;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Writes every few seconds what this replica has denied, and all of it when it ends. */
@ApplicationScoped
class DenialWriter {

    private static final Logger LOG = Logger.getLogger(DenialWriter.class);

    private final Denials denials;

    DenialWriter(Denials denials) {
        this.denials = denials;
    }

    @Scheduled(every = "2s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void write() {
        unlessAway(denials::write);
    }

    // Behind the last request: those under way are ended before this is told.
    void end(@Observes ShutdownEvent end) {
        unlessAway(denials::writeAll);
    }

    private static void unlessAway(Runnable work) {
        try {
            work.run();
        } catch (Unavailable e) {
            LOG.warnf("What was denied waits for the database: %s", e.getMessage());
        }
    }
}
