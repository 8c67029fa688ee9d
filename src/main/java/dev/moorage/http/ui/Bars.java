package dev.moorage.http.ui;

import dev.moorage.name.Amount;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bars as drawings hold them: places and lengths in percent of the whole, to the hundredth. */
final class Bars {

    private static final long HUNDREDTHS = 10_000;

    private Bars() {}

    /**
     * Something that takes space.
     *
     * @param name what it is
     * @param means what that means, in a sentence
     * @param fill by which class it is painted
     */
    record Part(String name, String means, Amount amount, String fill) {}

    /**
     * A part as it is drawn.
     *
     * @param at where it begins
     * @param length how long it is
     */
    record Piece(Part part, String at, String length) {}

    /**
     * A day as it is drawn.
     *
     * @param at where its column stands
     * @param wide how wide it is
     * @param top where it begins
     * @param high how high it is
     */
    record Column(LocalDate day, Amount amount, String at, String wide, String top, String high) {}

    /** Parts of a whole one behind the other: together they are exactly all of it, where there is anything. */
    static List<Piece> stacked(List<Part> parts) {
        long whole = bytes(parts);
        List<Piece> pieces = new ArrayList<>();
        long before = 0;
        long at = 0;
        for (Part part : parts) {
            before += part.amount().bytes();
            long end = hundredths(before, whole);
            pieces.add(new Piece(part, percent(at), percent(end - at)));
            at = end;
        }
        return pieces;
    }

    /** What parts take together. */
    static long bytes(List<Part> parts) {
        return parts.stream().mapToLong(part -> part.amount().bytes()).sum();
    }

    /** How long a bar is beside the longest one. */
    static String length(long part, long longest) {
        return percent(hundredths(part, longest));
    }

    /** So many days up to the last one, each with what there is of it, the highest as high as there is room. */
    static List<Column> columns(Map<LocalDate, Amount> amounts, LocalDate last, int days) {
        long most = amounts.values().stream().mapToLong(Amount::bytes).max().orElse(0);
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < days; i++) {
            LocalDate day = last.minusDays(days - 1L - i);
            Amount amount = amounts.getOrDefault(day, new Amount(0, 0));
            long high = hundredths(amount.bytes(), most);
            long at = hundredths(i, days);
            long wide = (hundredths(i + 1L, days) - at) * 8 / 10;
            columns.add(new Column(day, amount, percent(at), percent(wide), percent(HUNDREDTHS - high), percent(high)));
        }
        return columns;
    }

    private static long hundredths(long part, long whole) {
        return whole <= 0 || part <= 0 ? 0 : Math.min(HUNDREDTHS, Math.round((double) part * HUNDREDTHS / whole));
    }

    private static String percent(long hundredths) {
        return String.format(Locale.ROOT, "%d.%02d%%", hundredths / 100, hundredths % 100);
    }
}
