package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RepositoryClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A replica that is told to end, and what becomes of the requests that it has. */
class DrainIT {

    private static final int TERMINATED = 143;
    private static final int SIZE = 4_000_000;

    private static MoorageProcess stays;

    private final Content blob = ImageFactory.fresh().blob(SIZE);

    @BeforeAll
    static void start() {
        stays = MoorageProcess.start("drain-stays", MoorageProcess.Settings.usual());
    }

    @AfterAll
    static void stop() {
        stays.close();
    }

    private static MoorageProcess replica(String delay, String timeout) {
        return MoorageProcess.startReplica(
                "drain",
                MoorageProcess.Settings.usual()
                        .property("moorage.drain.delay", delay)
                        .property("moorage.drain.timeout", timeout),
                stays);
    }

    @Test
    void anUploadThatTakesTooLongIsTakenOverAtOnceByAnotherReplica() {
        try (MoorageProcess leaves = replica("0s", "1s")) {
            RepositoryClient there = leaves.client().newRepository();
            RepositoryClient here = there.through(stays.client());
            String location = there.beginUpload();
            int sent = 0;
            Optional<Answer> told = Optional.empty();
            try (RawHttp slow = leaves.client().raw()) {
                slow.head("PATCH", location, "Content-Length: " + SIZE);
                leaves.beginTermination();
                // Never silent, and never done.
                while (told.isEmpty() && sent < SIZE / 2) {
                    slow.bytes(blob.bytes(), sent, 1000).flush();
                    sent += 1000;
                    told = slow.answerWithin(Duration.ofMillis(10), "PATCH");
                }
            } catch (UncheckedIOException cut) {
                assertThat(told).isEmpty();
            }
            told.ifPresent(answer -> {
                answer.expectError(503, "UNAVAILABLE");
                assertThat(answer.header("retry-after")).isNotEmpty();
                assertThat(answer.header("connection")).isEqualToIgnoringCase("close");
            });
            leaves.awaitEnd();
            assertThat(leaves.exitStatus()).isEqualTo(TERMINATED);

            long begin = System.nanoTime();
            String range = here.status(location).expect(204).header("range");
            int offset = Integer.parseInt(range.substring("0-".length())) + 1;
            assertThat(offset).isBetween(1000, sent);
            here.patchChunk(location, offset, Arrays.copyOfRange(blob.bytes(), offset, SIZE))
                    .expect(202);
            here.finish(location, blob.digest(), new byte[0]).expect(201);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            here.assertBlob(blob.digest(), blob.bytes());
            assertThat(leaves.output()).contains("are still under way").doesNotContain("Exception", "ERROR");
        }
    }

    @Test
    void aSilentClientIsCutAndItsUploadIsNobodys() {
        try (MoorageProcess leaves = replica("0s", "1s")) {
            RepositoryClient there = leaves.client().newRepository();
            String location = there.beginUpload();
            try (RawHttp silent = leaves.client().raw()) {
                silent.head("PATCH", location, "Content-Length: " + SIZE)
                        .bytes(blob.bytes(), 0, 100_000)
                        .flush();
                awaitBytes(100_000);
                leaves.terminate();
            }
            long begin = System.nanoTime();
            RepositoryClient here = there.through(stays.client());
            here.patchChunk(location, 100_000, Arrays.copyOfRange(blob.bytes(), 100_000, SIZE))
                    .expect(202);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            here.finish(location, blob.digest(), new byte[0]).expect(201);
            here.assertBlob(blob.digest(), blob.bytes());
        }
    }

    @Test
    void whatIsUnderWayEndsWellAndItsConnectionWithIt() {
        try (MoorageProcess leaves = replica("0s", "60s")) {
            RepositoryClient there = leaves.client().newRepository();
            String location = there.beginUpload();
            try (RawHttp slow = leaves.client().raw();
                    RawHttp beside = leaves.client().raw()) {
                beside.head("GET", "/v2/").answer("GET").expect(200);
                slow.head("PATCH", location, "Content-Length: " + SIZE)
                        .bytes(blob.bytes(), 0, 1_000_000)
                        .flush();
                awaitBytes(1_000_000);
                leaves.beginTermination();
                Await.until(Duration.ofSeconds(20), "an answer that says so", () -> {
                    // What still comes is served, and told to go elsewhere.
                    try (RawHttp late = leaves.client().raw()) {
                        Answer answer = late.head("GET", "/v2/").answer("GET").expect(200);
                        return answer.find("connection")
                                .filter("close"::equalsIgnoreCase)
                                .isPresent();
                    }
                });
                assertThat(beside.head("GET", "/v2/").answer("GET").expect(200).header("connection"))
                        .isEqualToIgnoringCase("close");
                slow.bytes(blob.bytes(), 1_000_000, SIZE - 1_000_000).flush();
                assertThat(slow.answer("PATCH").expect(202).header("connection"))
                        .isEqualToIgnoringCase("close");
            }
            leaves.awaitEnd();
            assertThat(leaves.exitStatus()).isEqualTo(TERMINATED);
            there.through(stays.client())
                    .finish(location, blob.digest(), new byte[0])
                    .expect(201);
            assertThat(leaves.output()).doesNotContain("Exception", "WARN", "ERROR");
        }
    }

    @Test
    void duringTheDelayEverythingIsServedAndAnotherSignalEndsIt() {
        try (MoorageProcess leaves = replica("1h", "1h")) {
            RepositoryClient there = leaves.client().newRepository();
            leaves.beginTermination();
            Await.until(Duration.ofSeconds(20), "the beginning of the end", () -> leaves.client()
                    .get("/v2/")
                    .expect(200)
                    .find("connection")
                    .isPresent());
            there.push("v1", ImageFactory.fresh().image());
            assertThat(there.through(stays.client()).resolve("v1")).isPresent();

            leaves.beginTermination();
            leaves.awaitEnd();
            assertThat(leaves.exitStatus()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void withNothingUnderWayTheEndIsQuick() {
        try (MoorageProcess leaves = replica("0s", "60s")) {
            leaves.client().newRepository().push("v1", ImageFactory.fresh().image());
            long begin = System.nanoTime();
            assertThat(leaves.terminate()).isEqualTo(TERMINATED);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(leaves.output()).doesNotContain("WARN", "ERROR");
        }
    }

    /** Until the object has so many bytes: then the request is well under way. */
    private static void awaitBytes(long bytes) {
        if (MoorageProcess.storesInBuckets()) {
            return;
        }
        Await.until(Duration.ofSeconds(20), "the bytes in the store", () -> stays.stored().values().stream()
                .anyMatch(size -> size == bytes));
    }
}
