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

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
