package dev.moorage.name;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A pattern that a whole text matches or not: {@code *} stands for any number of characters, {@code ?} for one, and every
 * other character for itself.
 *
 * <p>Each character of the text is looked at once, whatever the pattern: the time is linear in the text's length.
 *
 * @param value the text of the pattern, 1 to {@value #MAX_LENGTH} characters, none of them a control character
 */
public record Glob(String value) {

    /** The longest pattern, in characters. */
    public static final int MAX_LENGTH = 255;

    /** Refuses a text that is no pattern. */
    public Glob {
        if (!isGlob(value)) {
            throw new IllegalArgumentException("not a glob");
        }
    }

    /** Reads a pattern; empty where the text is none. */
    public static Optional<Glob> parse(String text) {
        return isGlob(text) ? Optional.of(new Glob(text)) : Optional.empty();
    }

    private static boolean isGlob(String text) {
        return !text.isEmpty() && text.length() <= MAX_LENGTH && text.chars().noneMatch(Character::isISOControl);
    }

    /** Whether the whole text is as the pattern says. */
    public boolean matches(String text) {
        // Bit i of a set of places: so much of the text can be what the first i characters of the pattern stand for.
        BigInteger stays = BigInteger.ZERO;
        BigInteger anything = BigInteger.ZERO;
        Map<Integer, BigInteger> itself = new HashMap<>();
        int length = 0;
        for (int c : value.codePoints().toArray()) {
            switch (c) {
                case '*' -> stays = stays.setBit(length);
                case '?' -> anything = anything.setBit(length++);
                default -> itself.merge(c, BigInteger.ZERO.setBit(length++), BigInteger::or);
            }
        }
        BigInteger places = BigInteger.ONE;
        for (int c : text.codePoints().toArray()) {
            BigInteger steps = itself.getOrDefault(c, BigInteger.ZERO).or(anything);
            places = places.and(steps).shiftLeft(1).or(places.and(stays));
            if (places.signum() == 0) {
                return false;
            }
        }
        return places.testBit(length);
    }

    @Override
    public String toString() {
        return value;
    }
}
