package dev.moorage.blob;

import dev.moorage.name.Digest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The inner state of a SHA-2 digest between two updates (FIPS 180-4, section 6), independent of who computes it.
 *
 * <p>Its bytes: a version, the algorithm, the count, the chaining value, the bytes of the unfinished block, and the first
 * {@value #CHECK} bytes of the SHA-256 of all that.
 */
final class HashState {

    private static final byte VERSION = 1;
    private static final int CHECK = 8;
    private static final int FIXED = 2 + Long.BYTES;

    private final long count;
    private final byte[] chaining;
    private final byte[] pending;

    /**
     * A state.
     *
     * @param count the number of bytes taken
     * @param chaining the chaining value, big-endian
     * @param pending the bytes taken since the last whole block
     */
    HashState(long count, byte[] chaining, byte[] pending) {
        this.count = count;
        this.chaining = chaining.clone();
        this.pending = pending.clone();
    }

    long count() {
        return count;
    }

    byte[] chaining() {
        return chaining.clone();
    }

    byte[] pending() {
        return pending.clone();
    }

    byte[] encode(Digest.Algorithm algorithm) {
        byte[] body = ByteBuffer.allocate(FIXED + chaining.length + pending.length)
                .put(VERSION)
                .put(number(algorithm))
                .putLong(count)
                .put(chaining)
                .put(pending)
                .array();
        return ByteBuffer.allocate(body.length + CHECK)
                .put(body)
                .put(check(body))
                .array();
    }

    /** Reads a state; empty for everything that {@link #encode} has not made for this algorithm. */
    static Optional<HashState> decode(Digest.Algorithm algorithm, byte[] bytes) {
        int chainingLength = chainingLength(algorithm);
        int bodyLength = bytes.length - CHECK;
        if (bodyLength < FIXED + chainingLength) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOf(bytes, bodyLength);
        if (!Arrays.equals(check(body), Arrays.copyOfRange(bytes, bodyLength, bytes.length))) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(body);
        if (fields.get() != VERSION || fields.get() != number(algorithm)) {
            return Optional.empty();
        }
        long count = fields.getLong();
        byte[] chaining = new byte[chainingLength];
        fields.get(chaining);
        byte[] pending = new byte[fields.remaining()];
        fields.get(pending);
        return Optional.of(new HashState(count, chaining, pending)).filter(state -> state.fits(algorithm));
    }

    /**
     * Whether the parts can belong together. The pending bytes may be a whole block: the JDK's compiled SHA-512 sometimes
     * leaves the last one for the next call.
     */
    boolean fits(Digest.Algorithm algorithm) {
        int block = blockLength(algorithm);
        return chaining.length == chainingLength(algorithm)
                && pending.length <= block
                && count >= pending.length
                && (count - pending.length) % block == 0;
    }

    /** The length of the chaining value in bytes. */
    static int chainingLength(Digest.Algorithm algorithm) {
        return switch (algorithm) {
            case SHA256 -> 32;
            case SHA512 -> 64;
        };
    }

    private static int blockLength(Digest.Algorithm algorithm) {
        return switch (algorithm) {
            case SHA256 -> 64;
            case SHA512 -> 128;
        };
    }

    private static byte number(Digest.Algorithm algorithm) {
        return switch (algorithm) {
            case SHA256 -> 1;
            case SHA512 -> 2;
        };
    }

    private static byte[] check(byte[] body) {
        return Arrays.copyOf(Digest.Algorithm.SHA256.newMessageDigest().digest(body), CHECK);
    }
}
