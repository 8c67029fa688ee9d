package dev.moorage.name;

import java.util.Optional;

/**
 * In which order a list comes.
 *
 * @param key by what
 * @param direction from where
 */
public record Sorting(Key key, Direction direction) {

    /** By name, in byte order. */
    public static final Sorting BY_NAME = new Sorting(Key.NAME, Direction.UP);

    /** By what a list is ordered. */
    public enum Key {
        NAME,
        PUSHED,
        SIZE
    }

    /** From where a list begins. */
    public enum Direction {
        /** The least first. */
        UP,
        /** The greatest first. */
        DOWN
    }

    /** Reads {@code name}, {@code pushed} or {@code size}, with {@code -} before it for the greatest first. */
    public static Optional<Sorting> parse(String text) {
        Direction direction = text.startsWith("-") ? Direction.DOWN : Direction.UP;
        return switch (direction == Direction.DOWN ? text.substring(1) : text) {
            case "name" -> Optional.of(new Sorting(Key.NAME, direction));
            case "pushed" -> Optional.of(new Sorting(Key.PUSHED, direction));
            case "size" -> Optional.of(new Sorting(Key.SIZE, direction));
            default -> Optional.empty();
        };
    }
}
