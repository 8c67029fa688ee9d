package dev.moorage.name;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What became of something that the audit trail tells of. */
public enum AuditOutcome {
    DONE,
    DENIED;

    /** The outcome as rows and answers write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads an outcome; empty where the text is none. */
    public static Optional<AuditOutcome> parse(String text) {
        return Stream.of(values())
                .filter(outcome -> outcome.text().equals(text))
                .findFirst();
    }
}
