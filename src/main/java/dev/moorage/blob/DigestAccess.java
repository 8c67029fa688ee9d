package dev.moorage.blob;

import dev.moorage.config.Reflective;
import dev.moorage.name.Digest;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * The way to the inner state of the Java platform's own SHA-2 digests.
 *
 * <p>It is open where the program was started with {@code --add-opens} for {@code java.base/java.security} and {@code
 * java.base/sun.security.provider}, and is used only after a probe has come out right in this process. Where it is not,
 * everything here is empty, and nothing fails.
 */
@Reflective("the JDK has no other way to the state of its digests")
final class DigestAccess {

    private final Digest.Algorithm algorithm;
    private final Field implementation;
    private final Field chaining;
    private final Field buffer;
    private final Field pendingLength;
    private final Field count;

    private DigestAccess(Digest.Algorithm algorithm) throws ReflectiveOperationException {
        this.algorithm = algorithm;
        implementation = field(Class.forName("java.security.MessageDigest$Delegate"), "digestSpi");
        chaining = field(Class.forName(chainingClass(algorithm)), "state");
        Class<?> base = Class.forName("sun.security.provider.DigestBase");
        buffer = field(base, "buffer");
        pendingLength = field(base, "bufOfs");
        count = field(base, "bytesProcessed");
    }

    /** The way for an algorithm; empty where it is closed or the probe failed. */
    static Optional<DigestAccess> of(Digest.Algorithm algorithm) {
        return switch (algorithm) {
            case SHA256 -> Sha256.ACCESS;
            case SHA512 -> Sha512.ACCESS;
        };
    }

    /** Reads the state of a digest that was never finished. */
    Optional<HashState> extract(MessageDigest digest) {
        try {
            Object inner = implementation.get(digest);
            long taken = count.getLong(inner);
            int pending = pendingLength.getInt(inner);
            byte[] block = (byte[]) buffer.get(inner);
            HashState state = new HashState(taken, bytes(chaining.get(inner)), Arrays.copyOf(block, pending));
            return Optional.of(state).filter(read -> read.fits(algorithm));
        } catch (IllegalAccessException | RuntimeException anotherProvider) {
            return Optional.empty();
        }
    }

    /** A new digest that stands where the state was read. */
    Optional<MessageDigest> restore(HashState state) {
        try {
            MessageDigest digest = algorithm.newMessageDigest();
            Object inner = implementation.get(digest);
            byte[] pending = state.pending();
            fill(chaining.get(inner), ByteBuffer.wrap(state.chaining()));
            count.setLong(inner, state.count() - pending.length);
            digest.update(pending);
            return Optional.of(digest);
        } catch (IllegalAccessException | RuntimeException anotherProvider) {
            return Optional.empty();
        }
    }

    private static Optional<DigestAccess> open(Digest.Algorithm algorithm) {
        try {
            DigestAccess access = new DigestAccess(algorithm);
            return access.probe() ? Optional.of(access) : Optional.empty();
        } catch (ReflectiveOperationException | InaccessibleObjectException | LinkageError closed) {
            // The last is what a native image throws for what it was not told of.
            return Optional.empty();
        }
    }

    /** Carries a hash over in the middle of a block, as another Java platform may keep other things in these fields. */
    private boolean probe() {
        byte[] bytes = "some bytes that fill several blocks and leave a rest "
                .repeat(20)
                .getBytes(StandardCharsets.US_ASCII);
        int cut = 397;
        MessageDigest first = algorithm.newMessageDigest();
        first.update(bytes, 0, cut);
        Optional<byte[]> resumed = extract(first).flatMap(this::restore).map(second -> {
            second.update(bytes, cut, bytes.length - cut);
            return second.digest();
        });
        return resumed.filter(value ->
                        Arrays.equals(value, algorithm.newMessageDigest().digest(bytes)))
                .isPresent();
    }

    private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static String chainingClass(Digest.Algorithm algorithm) {
        return switch (algorithm) {
            case SHA256 -> "sun.security.provider.SHA2";
            case SHA512 -> "sun.security.provider.SHA5";
        };
    }

    private byte[] bytes(Object words) {
        ByteBuffer bytes = ByteBuffer.allocate(HashState.chainingLength(algorithm));
        switch (algorithm) {
            case SHA256 -> bytes.asIntBuffer().put((int[]) words);
            case SHA512 -> bytes.asLongBuffer().put((long[]) words);
        }
        return bytes.array();
    }

    private void fill(Object words, ByteBuffer bytes) {
        switch (algorithm) {
            case SHA256 -> bytes.asIntBuffer().get((int[]) words);
            case SHA512 -> bytes.asLongBuffer().get((long[]) words);
        }
    }

    /** Made on first use, once in a process. */
    private static final class Sha256 {
        private static final Optional<DigestAccess> ACCESS = open(Digest.Algorithm.SHA256);
    }

    /** Made on first use, once in a process. */
    private static final class Sha512 {
        private static final Optional<DigestAccess> ACCESS = open(Digest.Algorithm.SHA512);
    }
}
