package dev.moorage.http.ui;

import java.time.Duration;

/**
 * A time as forms and sentences hold it: a number of the largest unit in which it is whole.
 *
 * @param number how many
 * @param unit {@code days}, {@code hours}, {@code minutes} or {@code seconds}
 */
record Age(long number, String unit) {

    static Age of(Duration time) {
        if (!time.isZero() && time.equals(Duration.ofDays(time.toDays()))) {
            return new Age(time.toDays(), "days");
        }
        if (!time.isZero() && time.equals(Duration.ofHours(time.toHours()))) {
            return new Age(time.toHours(), "hours");
        }
        if (!time.isZero() && time.equals(Duration.ofMinutes(time.toMinutes()))) {
            return new Age(time.toMinutes(), "minutes");
        }
        return new Age(time.toSeconds(), "seconds");
    }

    /** A number of a unit as the interfaces write it; a unit that is none is left for them to refuse. */
    static String text(String number, String unit) {
        return switch (unit) {
            case "days" -> "P" + number + "D";
            case "hours" -> "PT" + number + "H";
            case "minutes" -> "PT" + number + "M";
            case "seconds" -> "PT" + number + "S";
            default -> number + " " + unit;
        };
    }

    @Override
    public String toString() {
        return number + " " + (number == 1 ? unit.substring(0, unit.length() - 1) : unit);
    }
}
