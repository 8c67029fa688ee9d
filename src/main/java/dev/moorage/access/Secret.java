package dev.moorage.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A secret that the registry made: shown once, and kept as a hash.
 *
 * <p>It begins with what it is, so that scanners of leaked secrets find it, and ends with a checksum, so that they can tell
 * it from what only looks like one. Between the two are 178 random bits, or more: no one can try them all, so a plain SHA-256 keeps
 * them as safe as a slow hash would, and costs nothing at each login.
 */
public final class Secret {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int CHECKSUM_CHARACTERS = 6;

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** What a secret is for. */
    public enum Kind {
        /** A personal access token. */
        PERSONAL("moorage_pat_"),
        /** A robot's secret. */
        ROBOT("moorage_robot_"),
        /** A refresh token. */
        REFRESH("moorage_refresh_"),
        /** What a webhook's messages are signed with; nobody logs in by it. */
        WEBHOOK("moorage_webhook_"),
        /** What a browser shows that has logged in to the console; nowhere else anybody logs in by it. */
        SESSION("moorage_session_", 34);

        private static final int USUAL_CHARACTERS = 30;

        private final String prefix;
        private final int randomCharacters;

        Kind(String prefix) {
            this(prefix, USUAL_CHARACTERS);
        }

        Kind(String prefix, int randomCharacters) {
            this.prefix = prefix;
            this.randomCharacters = randomCharacters;
        }

        /** What every secret of this kind begins with. */
        public String prefix() {
            return prefix;
        }

        /** The kind whose prefix a text begins with, whether or not it is a secret. */
        public static Optional<Kind> of(String text) {
            return Stream.of(values())
                    .filter(kind -> text.startsWith(kind.prefix))
                    .findFirst();
        }
    }

    /** A new secret. */
    public static Secret make(Kind kind) {
        StringBuilder text = new StringBuilder(kind.prefix);
        new SecureRandom()
                .ints(kind.randomCharacters, 0, ALPHABET.length())
                .forEach(index -> text.append(ALPHABET.charAt(index)));
        return new Secret(text.append(checksum(text.toString())).toString());
    }

    /** Reads a secret of a kind; empty where the text cannot be one. */
    public static Optional<Secret> parse(Kind kind, String text) {
        int body = kind.prefix.length() + kind.randomCharacters;
        boolean whole = text.startsWith(kind.prefix)
                && text.length() == body + CHECKSUM_CHARACTERS
                && text.endsWith(checksum(text.substring(0, body)));
        return whole ? Optional.of(new Secret(text)) : Optional.empty();
    }

    /** The text, for the one who is to keep it. */
    public String reveal() {
        return text;
    }

    /** What is kept of it: its SHA-256. */
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        long rest = crc.getValue();
        char[] digits = new char[CHECKSUM_CHARACTERS];
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
            rest /= ALPHABET.length();
        }
        return new String(digits);
    }

    @Override
    public String toString() {
        return "***";
    }
}
