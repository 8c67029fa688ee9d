package dev.moorage.blob;

import dev.moorage.name.Digest;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The digest of bytes as they stream by, which can be looked at in between and carried to another process.
 *
 * <p>Used by one thread at a time.
 */
public final class ContentHash {

    private final Digest.Algorithm algorithm;
    private final MessageDigest running;
    private long count;

    private ContentHash(Digest.Algorithm algorithm, MessageDigest running, long count) {
        this.algorithm = algorithm;
        this.running = running;
        this.count = count;
    }

    /** The hash of no bytes yet. */
    public static ContentHash start(Digest.Algorithm algorithm) {
        return new ContentHash(algorithm, algorithm.newMessageDigest(), 0);
    }

    /**
     * Goes on where another hash stood.
     *
     * @param state what {@link #state()} gave
     * @return empty where the state is damaged, of another algorithm, or cannot be used on this Java platform
     */
    public static Optional<ContentHash> resume(Digest.Algorithm algorithm, byte[] state) {
        return HashState.decode(algorithm, state).flatMap(inner -> DigestAccess.of(algorithm)
                .flatMap(access -> access.restore(inner))
                .map(running -> new ContentHash(algorithm, running, inner.count())));
    }

    /** Takes the next bytes. */
    public void update(byte[] buffer, int offset, int length) {
        running.update(buffer, offset, length);
        count += length;
    }

    /** The number of bytes taken so far. */
    public long count() {
        return count;
    }

    /** The algorithm. */
    public Digest.Algorithm algorithm() {
        return algorithm;
    }

    /** The digest of the bytes taken so far; more may follow. */
    public Digest peek() {
        try {
            return Digest.of(algorithm, ((MessageDigest) running.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digests of the Java platform can be cloned", e);
        }
    }

    /**
     * Everything that {@link #resume} needs, at most 250 bytes.
     *
     * @return empty where this Java platform does not let the inner state out; the stored bytes are hashed again then
     */
    public Optional<byte[]> state() {
        return DigestAccess.of(algorithm)
                .flatMap(access -> access.extract(running))
                .map(inner -> inner.encode(algorithm));
    }
}
