package dev.moorage.http;

import dev.moorage.config.MoorageConfig;
import io.quarkus.arc.ClientProxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Ends requests whose bodies come too slowly, or not at all.
 *
 * <p>A client has so much time to be waited for, and earns it again by the bytes that it sends. What the program itself takes
 * is not counted.
 */
@ApplicationScoped
public class SlowBodies {

    private static final long LOOK_MILLIS = 500;

    private final Set<PatientBody> open = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanoTime;
    private final int slowest;
    private final Duration patience;

    @Inject
    SlowBodies(MoorageConfig config, Vertx vertx) {
        this(config, System::nanoTime);
        vertx.setPeriodic(LOOK_MILLIS, _ -> look());
    }

    SlowBodies(MoorageConfig config, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.slowest = config.http().limits().slowestBody();
        this.patience = config.http().limits().bodyPatience();
    }

    /** The body of a request, which ends in an error where its client is too slow. */
    public InputStream watched(InputStream body, HttpServerRequest request) {
        // It is cut from another thread, where the framework's stand-in for the request of the moment stands for none.
        HttpServerRequest itself = ClientProxy.unwrap(request);
        return watched(body, () -> Cut.failed(itself));
    }

    PatientBody watched(InputStream body, Runnable cut) {
        return new PatientBody(
                body, cut, nanoTime, patience.toNanos(), Duration.ofSeconds(1).toNanos() / (double) slowest, open);
    }

    /** Ends those whose time is over while they wait. */
    void look() {
        open.forEach(PatientBody::look);
    }
}
