package dev.moorage.health;

import dev.moorage.drain.Drain;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready once the program has begun to end. */
@Readiness
@ApplicationScoped
class DrainCheck implements HealthCheck {

    private final Drain drain;

    DrainCheck(Drain drain) {
        this.drain = drain;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.builder()
                .name("accepting")
                .status(!drain.begun())
                .build();
    }
}
