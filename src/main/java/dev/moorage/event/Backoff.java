package dev.moorage.event;

import dev.moorage.config.WebhooksConfig;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long it is waited between attempts: about twice as long each time, up to a bound.
 *
 * @param first before the second attempt
 * @param longest the bound
 */
record Backoff(Duration first, Duration longest) {

    private static final int MOST_DOUBLINGS = 30;

    static Backoff of(WebhooksConfig config) {
        return new Backoff(config.firstWait(), config.longestWait());
    }

    /**
     * The wait after so many failed attempts, from one on.
     *
     * @param random from 0 to 1: the wait is between three quarters of the usual one and all of it, so that what failed
     *     together does not come again together
     */
    Duration after(int failures, DoubleSupplier random) {
        double doubled = first.toMillis() * Math.pow(2, Math.clamp(failures - 1L, 0, MOST_DOUBLINGS));
        double bounded = Math.min(doubled, (double) longest.toMillis());
        return Duration.ofMillis(Math.max(1, Math.round(bounded * (0.75 + random.getAsDouble() / 4))));
    }
}
