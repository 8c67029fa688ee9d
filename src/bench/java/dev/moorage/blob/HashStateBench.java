package dev.moorage.blob;

import dev.moorage.name.Digest;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a chunk costs beside the hashing of its bytes: the digest is written down after it, and taken up before the next one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HashStateBench {

    private static final Digest.Algorithm ALGORITHM = Digest.Algorithm.SHA256;

    private final ContentHash hash = ContentHash.start(ALGORITHM);
    private byte[] state;

    /** Stands in the middle of a block. */
    @Setup
    public void begin() {
        byte[] bytes = new byte[100_003];
        new Random(1).nextBytes(bytes);
        hash.update(bytes, 0, bytes.length);
        // Where the JDK was not opened there would be nothing to measure.
        state = hash.state().orElseThrow();
    }

    /** Writes the state down. */
    @Benchmark
    public byte[] write() {
        return hash.state().orElseThrow();
    }

    /** Takes the state up. */
    @Benchmark
    public ContentHash takeUp() {
        return ContentHash.resume(ALGORITHM, state).orElseThrow();
    }

    /** Looks at the digest so far. */
    @Benchmark
    public Digest peek() {
        return hash.peek();
    }
}
