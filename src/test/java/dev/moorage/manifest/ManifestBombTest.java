package dev.moorage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.moorage.error.RegistryException.ManifestInvalid;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Four mebibytes that were made to cost much: each may cost some hundred megabytes of short-lived memory at most. */
class ManifestBombTest {

    private static final int BYTES = ManifestLimits.STANDARD.bytes();
    private static final long MAX_ALLOCATED = 400L * 1024 * 1024;
    private static final Duration MAX_TIME = Duration.ofSeconds(5);

    static Stream<Arguments> bombs() {
        return Stream.of(
                Arguments.of("deep arrays", fill("{\"a\":", i -> "[", "")),
                Arguments.of("deep objects", fill("", i -> "{\"a\":", "")),
                Arguments.of("many arrays", fill("{\"a\":[[]", i -> ",[]", "]}")),
                Arguments.of("many objects", fill("{\"a\":[{}", i -> ",{}", "]}")),
                Arguments.of("many names", fill("{\"a\":0", i -> ",\"" + Integer.toString(i, 36) + "!\":0", "}")),
                Arguments.of("names of one hash", fill("{\"a\":0", i -> ",\"" + colliding(i) + "\":0", "}")),
                Arguments.of("one long name", fill("{\"", i -> "aaaaaaaa", "\":0}")),
                Arguments.of("one long text", fill("{\"mediaType\":\"", i -> "aaaaaaaa", "\"}")),
                Arguments.of("one long number", fill("{\"schemaVersion\":1", i -> "00000000", "}")),
                Arguments.of(
                        "many descriptors",
                        fill(
                                "{\"schemaVersion\":2,\"mediaType\":\"" + ManifestText.INDEX + "\",\"manifests\":[{}",
                                i -> ",{}",
                                "]}")),
                Arguments.of(
                        "long size",
                        fill(
                                "{\"schemaVersion\":2,\"mediaType\":\"" + ManifestText.INDEX
                                        + "\",\"manifests\":[{\"size\":1",
                                i -> "00000000",
                                "}]}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void bombIsRefusedAtABoundedPrice(String name, byte[] bomb) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();

        ManifestInvalid refusal = ManifestText.refusal(bomb, Optional.empty());

        assertThat(refusal.detail().toString()).as(name).hasSizeLessThan(1000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).as(name).isLessThan(MAX_ALLOCATED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(name).isLessThan(MAX_TIME);
    }

    @Test
    void fourMebibytesOfAnnotationsAreReadAtABoundedPrice() {
        String start = ManifestText.image(",\"annotations\":{\"a\":\"\"").replaceAll("}$", "");
        byte[] bytes = fill(start, i -> ",\"" + Integer.toString(i, 36) + "!\":\"\"", "}}");
        long began = System.nanoTime();

        assertThat(ManifestText.parse(bytes, Optional.empty()).annotations().values())
                .hasSizeGreaterThan(300_000);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(MAX_TIME);
    }

    /** Texts of one hash code, as many as there are numbers of 18 bits. */
    private static String colliding(int number) {
        StringBuilder name = new StringBuilder();
        for (int bit = 17; bit >= 0; bit--) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    private static byte[] fill(String start, IntFunction<String> part, String end) {
        StringBuilder text = new StringBuilder(BYTES).append(start);
        for (int i = 0; ; i++) {
            String next = part.apply(i);
            if (text.length() + next.length() + end.length() > BYTES) {
                byte[] bytes = text.append(end).toString().getBytes(UTF_8);
                return Arrays.copyOf(bytes, bytes.length);
            }
            text.append(next);
        }
    }
}
