package dev.moorage.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What a request shows of who makes it, as its header {@code Authorization} says, or on pages a cookie. */
public sealed interface Credentials {

    /** Nothing. */
    record None() implements Credentials {}

    /** A token (RFC 6750, section 2.1). */
    record Bearer(String token) implements Credentials {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** A name and a password, or a secret in its place (RFC 7617). */
    record Basic(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    /** A session of the console, by its secret: only the console's pages look for one, which a browser shows them alone. */
    record Session(String secret) implements Credentials {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** Something that cannot be read. */
    record Unreadable() implements Credentials {}

    /** Reads the header. */
    static Credentials of(Optional<String> header) {
        if (header.isEmpty()) {
            return new None();
        }
        String text = header.get().strip();
        int blank = text.indexOf(' ');
        String rest = blank < 0 ? "" : text.substring(blank + 1).strip();
        return switch (blank < 0 ? text : text.substring(0, blank)) {
            case String scheme when scheme.equalsIgnoreCase("Bearer") && !rest.isEmpty() -> new Bearer(rest);
            case String scheme when scheme.equalsIgnoreCase("Basic") -> basic(rest);
            default -> new Unreadable();
        };
    }

    private static Credentials basic(String encoded) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
            String pair = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            int colon = pair.indexOf(':');
            return colon < 0 || pair.indexOf('\0') >= 0
                    ? new Unreadable()
                    : new Basic(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return new Unreadable();
        }
    }
}
