package dev.moorage.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * How meters are made, whatever they count: in the one registry that is shown at {@code /q/metrics}.
 *
 * <p>Whoever makes one chooses labels from few and fixed words. A name that a client or a tenant has chosen is never one: each
 * would be a series that is kept for ever, and would be shown to whoever may read metrics.
 */
public final class Meters {

    private static final Duration[] STEPS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
    };

    private Meters() {}

    /** Counts durations by the steps that all meters have. */
    public static Timer timer(String name, String description, String... labels) {
        return Timer.builder(name)
                .description(description)
                .tags(labels)
                .serviceLevelObjectives(STEPS)
                .register(Metrics.globalRegistry);
    }

    /** Counts upwards. */
    public static Counter counter(String name, String description, String... labels) {
        return Counter.builder(name).description(description).tags(labels).register(Metrics.globalRegistry);
    }

    /** Shows a state whenever it is asked for; the meter does not keep the state alive. */
    public static <T> void gauge(
            String name, String description, T state, ToDoubleFunction<T> value, String... labels) {
        Gauge.builder(name, state, value).description(description).tags(labels).register(Metrics.globalRegistry);
    }
}
