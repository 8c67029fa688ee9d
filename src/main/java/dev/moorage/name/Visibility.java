package dev.moorage.name;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a repository can be pulled by everybody. */
public enum Visibility {
    PRIVATE,
    PUBLIC;

    /** Reads a visibility as the database writes it, in lower case; empty where the text is none. */
    public static Optional<Visibility> parse(String text) {
        return Stream.of(values())
                .filter(visibility -> visibility.text().equals(text))
                .findFirst();
    }

    /** The visibility as the database writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
