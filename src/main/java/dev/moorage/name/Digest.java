package dev.moorage.name;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The digest of some bytes: an algorithm and its lower-case hexadecimal value.
 *
 * <p>OCI image specification, descriptor, "Digests". Only {@link Algorithm registered algorithms} are known here.
 *
 * @param algorithm the algorithm that made the value
 * @param hex the value, exactly as many lower-case hexadecimal digits as the algorithm gives
 */
public record Digest(Algorithm algorithm, String hex) implements Reference {

    private static final byte[] NO_DIGIT = noDigit();

    /** The registered digest algorithms. */
    public enum Algorithm {
        SHA256("sha256", "SHA-256", 64),
        SHA512("sha512", "SHA-512", 128);

        private final String prefix;
        private final String javaName;
        private final int hexLength;

        Algorithm(String prefix, String javaName, int hexLength) {
            this.prefix = prefix;
            this.javaName = javaName;
            this.hexLength = hexLength;
        }

        /** The name in front of the colon, for example {@code sha256}. */
        public String prefix() {
            return prefix;
        }

        /** Finds an algorithm by the name in front of the colon; empty for every other text. */
        public static Optional<Algorithm> parse(String text) {
            for (Algorithm algorithm : values()) {
                if (algorithm.prefix.equals(text)) {
                    return Optional.of(algorithm);
                }
            }
            return Optional.empty();
        }

        /** A new, empty message digest of this algorithm. */
        public MessageDigest newMessageDigest() {
            try {
                return MessageDigest.getInstance(javaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + javaName, e);
            }
        }
    }

    /** Refuses a value that is not exactly what the algorithm gives. */
    public Digest {
        if (!isHex(algorithm, hex)) {
            throw new IllegalArgumentException("not a " + algorithm.prefix + " value");
        }
    }

    /** Reads {@code algorithm:hex}; empty where the algorithm is unknown or the value malformed. */
    public static Optional<Digest> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String hex = text.substring(colon + 1);
        return Algorithm.parse(text.substring(0, colon))
                .filter(algorithm -> isHex(algorithm, hex))
                .map(algorithm -> new Digest(algorithm, hex));
    }

    /** The digest whose raw value a message digest returned. */
    public static Digest of(Algorithm algorithm, byte[] value) {
        return new Digest(algorithm, HexFormat.of().formatHex(value));
    }

    /** Computes the digest of bytes held in memory. */
    public static Digest ofBytes(Algorithm algorithm, byte[] bytes) {
        return of(algorithm, algorithm.newMessageDigest().digest(bytes));
    }

    private static byte[] noDigit() {
        byte[] table = new byte[128];
        Arrays.fill(table, (byte) 1);
        for (char c : "0123456789abcdef".toCharArray()) {
            table[c] = 0;
        }
        return table;
    }

    /** Without a branch for each digit, which no processor could foresee. */
    private static boolean isHex(Algorithm algorithm, String hex) {
        if (hex.length() != algorithm.hexLength) {
            return false;
        }
        int wrong = 0;
        for (int i = 0; i < hex.length(); i++) {
            int c = hex.charAt(i);
            wrong |= (c >>> 7) | NO_DIGIT[c & 0x7f];
        }
        return wrong == 0;
    }

    @Override
    public String toString() {
        return algorithm.prefix + ':' + hex;
    }
}
