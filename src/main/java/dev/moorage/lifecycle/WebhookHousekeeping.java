package dev.moorage.lifecycle;

import dev.moorage.drain.Drain;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.event.WebhookSender;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Looks from moment to moment for what webhooks are to be told; any replica tells it. */
@ApplicationScoped
class WebhookHousekeeping {

    private static final Logger LOG = Logger.getLogger(WebhookHousekeeping.class);

    private final WebhookSender sender;
    private final Drain drain;

    WebhookHousekeeping(WebhookSender sender, Drain drain) {
        this.sender = sender;
        this.drain = drain;
    }

    @Scheduled(
            every = "${moorage.webhooks.interval}",
            delayed = "5s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tell() {
        unlessAway(sender::work);
    }

    @Scheduled(
            every = "${moorage.uploads.reaper-interval}",
            delayed = "${moorage.uploads.reaper-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tidy() {
        unlessAway(sender::tidy);
    }

    private void unlessAway(Runnable work) {
        if (drain.begun()) {
            return;
        }
        try (Drain.Work _ = drain.background()) {
            work.run();
        } catch (Unavailable e) {
            // At the end the database goes first, and whoever comes next takes the work up again.
            if (!drain.begun()) {
                LOG.warnf("Webhooks wait for the database: %s", e.getMessage());
            }
        }
    }
}
