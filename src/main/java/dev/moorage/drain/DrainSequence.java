package dev.moorage.drain;

import dev.moorage.config.DrainConfig;
import dev.moorage.config.MoorageConfig;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * What happens between the signal and the end, while everything still works: the framework waits for this before it stops
 * anything.
 *
 * <p>A second signal ends each wait at once; uploads park all the same.
 */
@ApplicationScoped
class DrainSequence {

    private static final Logger LOG = Logger.getLogger(DrainSequence.class);
    private static final Duration FOR_BACKGROUND = Duration.ofSeconds(2);

    private final Drain drain;
    private final DrainConfig config;

    DrainSequence(Drain drain, MoorageConfig config) {
        this.drain = drain;
        this.config = config.drain();
    }

    void end(@Observes ShutdownDelayInitiatedEvent signal) {
        Drain.attempt(() -> NextSignal.run(drain::hurry));
        try {
            run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void run() throws InterruptedException {
        drain.begin();
        drain.pause(config.delay());
        if (!drain.awaitRequests(config.timeout())) {
            LOG.warnf(
                    "%d requests are still under way at the end, and are cut; uploads go on elsewhere",
                    drain.requests());
            drain.park();
            drain.awaitCut(Drain.TO_PARK);
            drain.pause(Drain.TO_HEAR);
            drain.cut();
            drain.awaitCut(Drain.TO_END);
        }
        drain.awaitBackground(FOR_BACKGROUND);
    }
}
