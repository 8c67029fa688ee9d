package dev.moorage.name;

import java.util.Optional;

/**
 * A tag: 1 to 128 characters of {@code [a-zA-Z0-9_][a-zA-Z0-9._-]*}.
 *
 * <p>OCI distribution specification, "Pulling manifests".
 *
 * @param value the text
 */
public record Tag(String value) implements Reference {

    /** The longest tag, in characters. */
    public static final int MAX_LENGTH = 128;

    /** Refuses a text that is no tag. */
    public Tag {
        if (!isTag(value)) {
            throw new IllegalArgumentException("not a tag");
        }
    }

    /** Reads a tag; empty where the text is none. */
    public static Optional<Tag> parse(String text) {
        return isTag(text) ? Optional.of(new Tag(text)) : Optional.empty();
    }

    private static boolean isTag(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            if (!word && (i == 0 || (c != '.' && c != '-'))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
