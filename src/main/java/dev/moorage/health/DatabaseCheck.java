package dev.moorage.health;

import dev.moorage.metadata.DatabaseProbe;
import dev.moorage.metadata.DatabaseProbe.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while the database does not answer: without it nothing is served, not even from the store. */
@Readiness
@ApplicationScoped
class DatabaseCheck implements HealthCheck {

    private final Question question;

    DatabaseCheck(DatabaseProbe probe) {
        this.question = new Question("database", () -> data(probe.ask()));
    }

    private static Map<String, String> data(State state) {
        return Map.of("mode", state.standby() ? "read-only" : "read-write");
    }

    @Override
    public HealthCheckResponse call() {
        return question.answer();
    }

    double up() {
        return question.up();
    }
}
