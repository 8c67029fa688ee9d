package dev.moorage.manifest;

import java.util.Optional;

/** Short texts out of strangers' JSON that go into columns and onto pages. */
final class PlainText {

    private static final int MAX_LENGTH = 255;

    private PlainText() {}

    /** The text, if it is not empty, not long, and free of control characters and of halves of surrogate pairs. */
    static Optional<String> of(String text) {
        boolean plain = !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.codePoints().noneMatch(c -> Character.isISOControl(c) || isSurrogate(c));
        return plain ? Optional.of(text) : Optional.empty();
    }

    /**
     * The text with a mark in the place of each character that cannot be written everywhere: control characters but tab and
     * line feed, and halves of surrogate pairs.
     */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> (Character.isISOControl(c) && c != '\t' && c != '\n') || isSurrogate(c) ? 0xFFFD : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
