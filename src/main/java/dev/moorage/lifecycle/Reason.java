package dev.moorage.lifecycle;

import dev.moorage.error.AdministrationException.Invalid;
import java.util.Optional;

/** The reason that somebody gives for what he does, for others to read in the history. */
final class Reason {

    private static final int LONGEST = 1000;

    private Reason() {}

    /** A reason of 1 to 1000 characters, in one line; 400 otherwise. */
    static String of(String field, String text) {
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw new Invalid(field, "%s is one line of 1 to %d characters".formatted(field, LONGEST));
        }
        return text;
    }

    /** The same, or none. */
    static Optional<String> of(String field, Optional<String> text) {
        return text.map(some -> of(field, some));
    }
}
