package dev.moorage.http.v2;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done with the path of each request before anything else. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class V2PathBench {

    /** What is asked for. */
    public enum Asked {
        MANIFEST("manifests/v1.2.3"),
        BLOB("blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        UPLOAD("blobs/uploads/01890a5d-ac96-774b-bcce-b302099a8057");

        private final String path;

        Asked(String rest) {
            this.path = "/v2/acme/team/app/" + rest;
        }
    }

    /** A value each run. */
    @Param
    public Asked asked;

    private String path;

    /** Takes the path. */
    @Setup
    public void take() {
        path = asked.path;
    }

    /** Splits it. */
    @Benchmark
    public Optional<V2Path> parse() {
        return V2Path.parse(path);
    }

    /** Looks whether it is a path at all. */
    @Benchmark
    public boolean isReadable() {
        return UnreadablePaths.isReadable(path);
    }
}
