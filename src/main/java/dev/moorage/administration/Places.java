package dev.moorage.administration;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.name.Sorting;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where a page ends, as the text that the next one is asked for with: {@code name}, or {@code key~name} with a push date in
 * microseconds or a size in bytes as the key.
 */
final class Places {

    private static final char BETWEEN = '~';
    private static final long LAST_MICROS =
            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    private Places() {}

    /** A place in an order. */
    record Place(Instant pushedAt, long size, String rest) {}

    static String text(Sorting sorting, Instant pushedAt, long size, String rest) {
        return switch (sorting.key()) {
            case NAME -> rest;
            case PUSHED -> ChronoUnit.MICROS.between(Instant.EPOCH, pushedAt) + "" + BETWEEN + rest;
            case SIZE -> size + "" + BETWEEN + rest;
        };
    }

    /** Reads a place; 400 where it is none. */
    static Place parse(Sorting sorting, String text) {
        int between = text.indexOf(BETWEEN);
        return switch (sorting.key()) {
            case NAME -> new Place(Instant.EPOCH, 0, text);
            case PUSHED ->
                new Place(
                        Instant.EPOCH.plus(number(text, between, LAST_MICROS), ChronoUnit.MICROS),
                        0,
                        text.substring(between + 1));
            case SIZE -> new Place(Instant.EPOCH, number(text, between, Long.MAX_VALUE), text.substring(between + 1));
        };
    }

    private static long number(String text, int end, long most) {
        try {
            long number = end < 0 ? -1 : Long.parseLong(text.substring(0, end));
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Refused below as every other text.
        }
        throw new Invalid("after", "after is what next was on the page before, in the same order");
    }
}
