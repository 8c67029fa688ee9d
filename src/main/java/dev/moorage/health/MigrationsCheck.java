package dev.moorage.health;

import dev.moorage.metadata.DatabaseProbe;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * Started once the schema is migrated.
 *
 * <p>The migrations run before any port is opened, so that whoever hears an answer is past them; the database is asked once
 * for what they have made, and then no more.
 */
@Startup
@ApplicationScoped
class MigrationsCheck implements HealthCheck {

    private static final String NAME = "migrations";

    private final Question question;
    private final AtomicReference<Map<String, String>> seen = new AtomicReference<>(Map.of());

    MigrationsCheck(DatabaseProbe probe) {
        this.question = new Question(NAME, () -> {
            seen.set(Map.of("schema", probe.ask().schema()));
            return seen.get();
        });
    }

    @Override
    public HealthCheckResponse call() {
        Map<String, String> known = seen.get();
        return known.isEmpty()
                ? question.answer()
                : HealthCheckResponse.named(NAME)
                        .withData("schema", known.get("schema"))
                        .up()
                        .build();
    }
}
