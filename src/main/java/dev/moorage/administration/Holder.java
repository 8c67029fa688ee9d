package dev.moorage.administration;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who holds a role, by name.
 *
 * @param kind what he is: a {@link Kind} as it is written
 * @param name his name; within the organization, unless it is an account's
 */
public record Holder(String kind, String name) {

    /** What a holder of a role may be. */
    public enum Kind {
        ACCOUNT("account"),
        TEAM("team"),
        ROBOT("robot"),
        TRUSTED_ISSUER("trusted-issuer");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The kind as the management API writes it. */
        public String text() {
            return text;
        }

        /** Reads a kind; empty where the text is none. */
        public static Optional<Kind> parse(String text) {
            return Stream.of(values()).filter(kind -> kind.text.equals(text)).findFirst();
        }
    }
}
