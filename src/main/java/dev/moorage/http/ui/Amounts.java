package dev.moorage.http.ui;

import dev.moorage.administration.OrganizationService.UndoWindow;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts as people type them. */
final class Amounts {

    private static final Pattern BYTES = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?) ?([KMGTP]?B)?");
    private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB", "PB");
    private static final Pattern DAYS = Pattern.compile("[0-9]{1,4}");

    private Amounts() {}

    /** A number of bytes, as {@code 50 GB} with the decimal units in which pages show them. */
    static long bytes(String field, String text) {
        Matcher typed = BYTES.matcher(text.toUpperCase(Locale.ROOT));
        if (typed.matches()) {
            int power = typed.group(2) == null ? 0 : UNITS.indexOf(typed.group(2));
            try {
                return new BigDecimal(typed.group(1))
                        .scaleByPowerOfTen(3 * power)
                        .longValueExact();
            } catch (ArithmeticException _) {
                // Refused below as what is no amount.
            }
        }
        throw new Invalid(field, field + " is a number of bytes as 50 GB, or empty");
    }

    /** A number of things. */
    static int count(String field, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new Invalid(field, field + " is a number from 0 on, or empty");
        }
    }

    /** A window of undo: a number of days, a duration as PT36H, or nothing for the usual one. */
    static UndoWindow window(String text) {
        if (text.isEmpty()) {
            return new UndoWindow.Usual();
        }
        return DAYS.matcher(text).matches()
                ? new UndoWindow.Of(Duration.ofDays(Integer.parseInt(text)))
                : Fields.undoWindow(text);
    }

    /** A window as it is typed. */
    static String shownWindow(String duration) {
        Duration window = Duration.parse(duration);
        return window.equals(Duration.ofDays(window.toDays())) ? Long.toString(window.toDays()) : duration;
    }
}
