package dev.moorage.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition and never longer than for the condition. */
public final class Await {

    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private Await() {}

    /** Returns as soon as the condition holds; fails the test, naming it, when the time is over. */
    public static void until(Duration limit, String what, BooleanSupplier condition) {
        value(limit, what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** Returns the first value that is there; fails the test, naming what was waited for, when the time is over. */
    public static <T> T value(Duration limit, String what, Supplier<Optional<T>> question) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + limit.toSeconds() + " s in vain for: " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
