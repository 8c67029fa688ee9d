package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.LargeBlob;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.TestFiles;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Large blobs go through a small program: up in three ways and down, never whole in memory and never in a second file.
 *
 * <p>The size in MiB is the system property {@code moorage.test.streaming-mib}; 2048 unless set.
 */
class StreamingIT {

    private static final long SIZE = Long.getLong("moorage.test.streaming-mib", 2048) << 20;
    // The parts of an upload to a bucket are in the heap, which then is used up to its end.
    private static final long PEAK_KIB = (MoorageProcess.storesInBuckets() ? 450L : 350L) << 10;
    private static final int CHUNK = 5_000_000;
    // The database writes its log in files of 16 MiB; larger ones can only be ours.
    private static final long LARGE_FILE = 17 << 20;

    private static MoorageProcess program;

    private final RegistryClient registry = program.client();
    private final RepositoryClient repository = registry.newRepository();

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "streaming", MoorageProcess.Settings.usual().option("-Xmx256m"));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void oneLargePutStreamsToOneFileAndBack() {
        LargeBlob blob = new LargeBlob(1, SIZE);
        Watch watch = new Watch();
        String target = RegistryClient.withQuery(repository.beginUpload(), "digest", blob.digest());
        try (RawHttp raw = registry.raw()) {
            raw.head("PUT", target, "Content-Type: application/octet-stream", "Content-Length: " + SIZE);
            blob.send(raw, 0, SIZE, watch);
            raw.answer("PUT").expect(201);
        }
        watch.assertStreamed("one PUT");
        assertDownload(blob);
    }

    @Test
    void oneLargePatchWithoutALengthStreamsToOneFileAndBack() {
        LargeBlob blob = new LargeBlob(2, SIZE);
        Watch watch = new Watch();
        String location;
        try (RawHttp raw = registry.raw()) {
            raw.head("PATCH", repository.beginUpload(), "Transfer-Encoding: chunked");
            blob.sendChunked(raw, watch);
            Answer answer = raw.answer("PATCH").expect(202);
            assertThat(answer.header("range")).isEqualTo("0-" + (SIZE - 1));
            location = answer.header("location");
        }
        repository.finish(location, blob.digest(), new byte[0]).expect(201);
        watch.assertStreamed("one PATCH without a length");
        assertDownload(blob);
    }

    @Test
    void manyChunksGoToOneFileAndBack() {
        LargeBlob blob = new LargeBlob(3, SIZE);
        Watch watch = new Watch();
        String location = repository.beginUpload();
        try (RawHttp raw = registry.raw()) {
            for (long first = 0; first < SIZE; first += CHUNK) {
                long end = Math.min(first + CHUNK, SIZE);
                raw.head(
                        "PATCH",
                        location,
                        "Content-Range: " + first + "-" + (end - 1),
                        "Content-Length: " + (end - first));
                blob.send(raw, first, end, sent -> {});
                Answer answer = raw.answer("PATCH").expect(202);
                assertThat(answer.header("range")).isEqualTo("0-" + (end - 1));
                location = answer.header("location");
                watch.accept(end);
            }
        }
        repository.finish(location, blob.digest(), new byte[0]).expect(201);
        watch.assertStreamed("chunks of 5 MB");
        assertDownload(blob);
    }

    private void assertDownload(LargeBlob blob) {
        long begin = System.nanoTime();
        try (RawHttp raw = registry.raw()) {
            raw.head("GET", repository.path("blobs/" + blob.digest()));
            Answer head = raw.readHead().expect(200);
            assertThat(head.header("content-length")).isEqualTo("" + SIZE);
            assertThat(blob.digestOf(raw.stream())).isEqualTo(blob.digest());
        }
        say("download", begin);
        long from = SIZE / 2 - 10;
        Answer part = repository
                .request("GET", "blobs/" + blob.digest())
                .header("Range", "bytes=" + from + "-" + (from + 99))
                .send()
                .expect(206);
        assertThat(part.body()).isEqualTo(blob.bytes(from, from + 100));
        assertThat(program.peakRssKiB()).as("peak of resident memory in KiB").isLessThan(PEAK_KIB);
    }

    private static void say(String what, long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "streaming: %s of %d MiB in %.1f s, %.0f MB/s, peak %d MiB%n",
                what, SIZE >> 20, seconds, SIZE / seconds / 1e6, program.peakRssKiB() / 1024);
    }

    /** Looks into the directories in the middle of an upload. */
    private static final class Watch implements LongConsumer {
        private final long begin = System.nanoTime();
        private final Map<String, Long> before = program.stored();
        private boolean looked;

        @Override
        public void accept(long sent) {
            if (!looked && sent > SIZE / 2) {
                looked = true;
                assertThat(largeSince()).as("files that grow").hasSizeLessThanOrEqualTo(1);
                assertThat(TestFiles.sizes(program.temporaryDirectory())).isEmpty();
            }
        }

        void assertStreamed(String what) {
            say(what, begin);
            assertThat(looked).isTrue();
            assertThat(largeSince()).containsExactly(SIZE);
            assertThat(TestFiles.sizes(program.temporaryDirectory())).isEmpty();
        }

        /** The sizes of what is large and was not there before. */
        private List<Long> largeSince() {
            return program.stored().entrySet().stream()
                    .filter(file -> file.getValue() > LARGE_FILE)
                    .filter(file -> !before.containsKey(file.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }
}
