package dev.moorage.access;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests that one caller has left: a minute's worth at most, which come back evenly.
 *
 * <p>Kept as one number, the moment at which all of them are back.
 */
final class RequestBucket {

    private final AtomicLong fullAt = new AtomicLong(Long.MIN_VALUE);

    /**
     * Takes one request.
     *
     * @param now in nanoseconds of a clock that is never set
     * @param interval after how many nanoseconds one comes back
     * @param most how many there are at most
     * @return 0, or after how many nanoseconds there is one again
     */
    long take(long now, long interval, int most) {
        long whole = interval * most;
        while (true) {
            long seen = fullAt.get();
            long next = Math.max(seen, now) + interval;
            if (next > now + whole) {
                return next - now - whole;
            }
            if (fullAt.compareAndSet(seen, next)) {
                return 0;
            }
        }
    }
}
