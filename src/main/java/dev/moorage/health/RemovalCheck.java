package dev.moorage.health;

import dev.moorage.lifecycle.StoreMarker;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Whether things may be removed from the store. Where its mark is not this database's nothing is, until somebody has looked
 * at it; pushes and pulls go on, so this is no reason to take the replica out of service.
 */
@Wellness
@ApplicationScoped
class RemovalCheck implements HealthCheck {

    private static final String NAME = "removal";

    private final StoreMarker marker;

    RemovalCheck(StoreMarker marker) {
        this.marker = marker;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> alarm = marker.alarm();
        return alarm.map(reason -> HealthCheckResponse.named(NAME).down().withData("reason", reason))
                .orElseGet(() -> HealthCheckResponse.named(NAME).up())
                .build();
    }
}
