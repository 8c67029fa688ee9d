package dev.moorage.administration;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list, in the order of a key.
 *
 * @param items what is on the page
 * @param next behind what the next page begins; empty on the last one
 */
public record Listing<T>(List<T> items, Optional<String> next) {

    /** Keeps its own copy of the items. */
    public Listing {
        items = List.copyOf(items);
    }

    /**
     * Which page is asked for.
     *
     * @param after the key behind which it begins; empty for the first one
     * @param limit how many items at most, 1 to {@link #MAX_LIMIT}
     */
    public record Asked(String after, int limit) {

        /** How many items a page holds at most, and where none is asked for. */
        public static final int MAX_LIMIT = 1000;

        /** One more than the page holds, so that it is known whether another one follows. */
        public int rows() {
            return limit + 1;
        }

        /** The key as the number that it is; 0 where it is none, which no number lies before. */
        long number() {
            try {
                return Long.parseLong(after);
            } catch (NumberFormatException _) {
                return 0;
            }
        }
    }

    /** The page of what was found, where {@link Asked#rows} were asked for. */
    public static <R, T> Listing<T> of(List<R> found, Asked asked, Function<R, T> view, Function<R, String> key) {
        List<R> page = found.size() > asked.limit() ? found.subList(0, asked.limit()) : found;
        return new Listing<>(
                page.stream().map(view).toList(),
                found.size() > asked.limit() ? Optional.of(key.apply(page.getLast())) : Optional.empty());
    }
}
