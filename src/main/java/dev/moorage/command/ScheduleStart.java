package dev.moorage.command;

import io.quarkus.scheduler.Scheduler;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/**
 * Lets what is scheduled begin once the server listens ({@code quarkus.scheduler.start-mode=halted} holds it until then): a start that is
 * refused at its last step, for a port that is taken, neither writes into the database nor says anything but why.
 */
@ApplicationScoped
class ScheduleStart {

    private final Scheduler scheduler;

    ScheduleStart(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void listening(@ObservesAsync HttpServerStart start) {
        scheduler.resume();
    }

    void listening(@ObservesAsync HttpsServerStart start) {
        scheduler.resume();
    }
}
