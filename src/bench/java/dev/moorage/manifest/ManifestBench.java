package dev.moorage.manifest;

import dev.moorage.name.MediaType;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading of a manifest that a client pushes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ManifestBench {

    private final ImageFactory factory = ImageFactory.seeded(1);
    private final Content image = image(5);
    private final Content index =
            factory.index(Stream.generate(() -> image(5)).limit(10).toList(), Map.of());

    private Content image(int layers) {
        return factory.assemble(
                        ImageFactory.OCI_MANIFEST,
                        factory.json(ImageFactory.OCI_CONFIG, Map.of("architecture", "amd64", "os", "linux")),
                        Stream.generate(() -> factory.blob(1000)).limit(layers).toList(),
                        Map.of())
                .manifest();
    }

    /** An image of a config and five layers. */
    @Benchmark
    public Manifest image() {
        return parsed(image);
    }

    /** An index of ten images. */
    @Benchmark
    public Manifest index() {
        return parsed(index);
    }

    private static Manifest parsed(Content content) {
        // The header is parsed for each request, too.
        Optional<MediaType> type = MediaType.parseHeader(content.mediaType());
        return Manifest.parse(content.bytes(), type, ManifestLimits.STANDARD);
    }
}
