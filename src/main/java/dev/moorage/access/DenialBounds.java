package dev.moorage.access;

/**
 * How much is remembered and written of what was denied.
 *
 * @param kinds how many kinds are remembered
 * @param kindsOfOne and of one actor
 * @param rowsPerHour how many rows an hour are written, and at once where there were none for an hour
 * @param rowsPerHourOfOne and of one actor
 */
record DenialBounds(int kinds, int kindsOfOne, int rowsPerHour, int rowsPerHourOfOne) {

    private static final int KINDS_SHARE = 16;
    private static final int ROWS_SHARE = 10;

    /** For those whom nobody can tell apart. */
    static DenialBounds whole(int kinds, int rowsPerHour) {
        return new DenialBounds(kinds, kinds, rowsPerHour, rowsPerHour);
    }

    /** For those who are known: one of them leaves room for the others. */
    static DenialBounds shared(int kinds, int rowsPerHour) {
        return new DenialBounds(
                kinds, Math.max(1, kinds / KINDS_SHARE), rowsPerHour, Math.max(1, rowsPerHour / ROWS_SHARE));
    }
}
