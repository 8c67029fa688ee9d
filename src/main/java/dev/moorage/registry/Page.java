package dev.moorage.registry;

import java.util.List;

/**
 * One page of a list.
 *
 * @param items what is on the page
 * @param more whether something comes behind it
 */
public record Page<T>(List<T> items, boolean more) {

    /** Keeps its own copy of the items. */
    public Page {
        items = List.copyOf(items);
    }

    /** The first {@code size} of what was found, where one more was asked for than the page holds. */
    public static <T> Page<T> of(List<T> found, int size) {
        return found.size() > size ? new Page<>(found.subList(0, size), true) : new Page<>(found, false);
    }
}
