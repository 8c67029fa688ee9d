package dev.moorage.health;

import dev.moorage.blob.BlobStore;
import dev.moorage.config.MoorageConfig;
import dev.moorage.config.MoorageConfig.StorageType;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.HealthRegistry;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the store of blobs answers.
 *
 * <p>A directory is mounted at each replica for itself: one whose mount is gone is not ready, and the others serve. A bucket is
 * the same one for all: where it does not answer, no replica is better than another, and to take them all out of service would
 * take away what needs no bucket too (manifests, tags, tokens, the administration), and the registry's own 503 with it. So of a
 * bucket it is told among what the operator should look at.
 */
@ApplicationScoped
class StoreCheck {

    private final StorageType type;
    private final Question question;

    StoreCheck(BlobStore store, MoorageConfig config) {
        this.type = config.storage().type();
        Map<String, String> data = Map.of("type", type.name().toLowerCase(Locale.ROOT));
        this.question = new Question("store", () -> {
            store.probe();
            return data;
        });
    }

    void start(@Observes StartupEvent event, @Readiness HealthRegistry readiness, @Wellness HealthRegistry wellness) {
        (type == StorageType.DIRECTORY ? readiness : wellness).register("store", this::call);
    }

    HealthCheckResponse call() {
        return question.answer();
    }

    double up() {
        return question.up();
    }
}
