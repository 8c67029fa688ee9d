package dev.moorage.metadata;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Whether it is worth the wait that others come with the same question: where the last {@value #RECENT} came within as many
 * waits, another one comes within this one, mostly.
 *
 * <p>Not safe for several threads: a {@link Gathering} asks under its lock.
 */
final class Company {

    private static final int RECENT = 4;

    private final long waitNanos;
    private final LongSupplier clock;
    private final long[] last = new long[RECENT];
    private long came;

    /** The wait, zero for none, and a clock in nanoseconds. */
    Company(Duration wait, LongSupplier clock) {
        this.waitNanos = wait.toNanos();
        this.clock = clock;
    }

    /** Where others are never waited for. */
    static Company never() {
        return new Company(Duration.ZERO, System::nanoTime);
    }

    /** Says that somebody has come. */
    void came() {
        if (waitNanos > 0) {
            last[(int) (came++ % RECENT)] = clock.getAsLong();
        }
    }

    /** Whether somebody will come within the wait. */
    boolean expected() {
        return came >= RECENT && clock.getAsLong() - last[(int) (came % RECENT)] < RECENT * waitNanos;
    }

    /** Lets the wait pass; true where the thread was interrupted meanwhile, which does not end it. */
    boolean await() {
        boolean interrupted = false;
        long end = System.nanoTime() + waitNanos;
        for (long left = waitNanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            interrupted |= Thread.interrupted();
        }
        return interrupted;
    }
}
