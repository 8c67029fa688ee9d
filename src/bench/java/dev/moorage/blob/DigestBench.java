package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Hashing of an upload of 64 MiB as its pieces come in; an operation is one MiB.
 *
 * <p>{@link #plain} is the limit: what the JDK needs for the same pieces without the program.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DigestBench {

    private static final Digest.Algorithm ALGORITHM = Digest.Algorithm.SHA256;
    private static final int MIB = 64;
    private static final long LENGTH = (long) MIB << 20;
    // As the program's default, moorage.uploads.resume-point-bytes.
    private static final long EVERY = 32L << 20;
    private static final BlobKey KEY = BlobKey.of(UUID.fromString("abcdef01-0000-4000-8000-000000000001"));

    /** How many bytes a read gives at most. */
    @Param({"65536", "131072"})
    public int piece;

    private final DiscardingStore store = new DiscardingStore();
    private byte[] bytes;

    /** Makes a piece. */
    @Setup
    public void make() {
        bytes = new byte[piece];
        new Random(1).nextBytes(bytes);
    }

    /** The JDK's digest. */
    @Benchmark
    @OperationsPerInvocation(MIB)
    public byte[] plain() {
        MessageDigest digest = ALGORITHM.newMessageDigest();
        for (long done = 0; done < LENGTH; done += piece) {
            digest.update(bytes, 0, piece);
        }
        return digest.digest();
    }

    /** The digest that can be carried to another process. */
    @Benchmark
    @OperationsPerInvocation(MIB)
    public Digest contentHash() {
        ContentHash hash = ContentHash.start(ALGORITHM);
        for (long done = 0; done < LENGTH; done += piece) {
            hash.update(bytes, 0, piece);
        }
        return hash.peek();
    }

    /** The whole way of an upload up to the store, with the snapshots that are taken of a long one. */
    @Benchmark
    @OperationsPerInvocation(MIB)
    public Digest verifyingStream(Blackhole snapshots) {
        try (VerifyingWriter writer =
                VerifyingWriter.open(store, KEY, Snapshot.start(ALGORITHM), WriteJournal.NONE, _ -> {})) {
            writer.transferFrom(new Pieces(piece, LENGTH), Long.MAX_VALUE, EVERY, snapshots::consume);
            return writer.digest();
        }
    }

    /** A client's bytes, whatever is in the buffer: to copy them is the network's work. */
    private static final class Pieces extends InputStream {
        private final int piece;
        private long left;

        Pieces(int piece, long length) {
            this.piece = piece;
            this.left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int start, int length) {
            if (left == 0) {
                return -1;
            }
            int read = (int) Math.min(left, Math.min(piece, length));
            left -= read;
            return read;
        }
    }
}
