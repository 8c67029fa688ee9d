package dev.moorage.health;

import dev.moorage.config.Meters;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.Readiness;

/**
 * Shows whether the database and the store answered when they were last asked: also where nothing is served that would fail,
 * and where no probe comes. A scrape asks neither.
 */
@Startup
@ApplicationScoped
public class ProbeMeter {

    private final DatabaseCheck database;
    private final StoreCheck store;

    ProbeMeter(@Readiness DatabaseCheck database, StoreCheck store) {
        this.database = database;
        this.store = store;
        Meters.gauge(
                "moorage.database.up",
                "1 where the database answered when it was last asked",
                this,
                meter -> meter.database.up());
        Meters.gauge(
                "moorage.store.up",
                "1 where the store answered when it was last asked",
                this,
                meter -> meter.store.up());
    }

    @Scheduled(every = "15s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void ask() {
        database.call();
        store.call();
    }
}
