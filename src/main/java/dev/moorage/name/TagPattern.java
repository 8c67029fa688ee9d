package dev.moorage.name;

import java.util.Optional;

/**
 * Says which tags a rule is about, by a {@link Glob}.
 *
 * @param value 1 to 128 characters that a tag may have, {@code *} and {@code ?}
 */
public record TagPattern(String value) {

    /** Refuses a text that no tag could match by its letters. */
    public TagPattern {
        if (!isPattern(value)) {
            throw new IllegalArgumentException("not a pattern of tags");
        }
    }

    /** Reads a pattern; empty where the text is none. */
    public static Optional<TagPattern> parse(String text) {
        return isPattern(text) ? Optional.of(new TagPattern(text)) : Optional.empty();
    }

    private static boolean isPattern(String text) {
        // A tag's first character may not be a dot or a dash, and neither may a pattern's.
        return Tag.parse(text.replace('*', '_').replace('?', '_')).isPresent();
    }

    /** Whether the rule is about this tag. */
    public boolean matches(Tag tag) {
        return new Glob(value).matches(tag.value());
    }

    @Override
    public String toString() {
        return value;
    }
}
