package dev.moorage.access;

/**
 * Denials that are alike.
 *
 * @param first the first of them
 * @param times how many there were
 * @param firstNanos when the first was, by a clock that is never set
 * @param lastNanos when the last was
 */
record Alike(Denial first, long times, long firstNanos, long lastNanos) {

    static Alike one(Denial denial, long nanos) {
        return new Alike(denial, 1, nanos, nanos);
    }

    /** These and others. */
    Alike and(Alike other) {
        // Nanoseconds wrap around: only their difference says which was later.
        return new Alike(
                first,
                times + other.times,
                other.firstNanos - firstNanos < 0 ? other.firstNanos : firstNanos,
                other.lastNanos - lastNanos > 0 ? other.lastNanos : lastNanos);
    }
}
