package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.LargeBlob;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An upload survives what networks, machines and operators do to it; nothing that was acknowledged is lost. */
class UploadFaultsIT {

    private static final byte[] NOTHING = new byte[0];
    private static final int RESUME_POINT = 32 << 20;
    // The server's wait is 12 s; the rest is for a busy machine.
    private static final Duration TAKEOVER = Duration.ofSeconds(20);

    private static MoorageProcess program;

    private final RegistryClient registry = program.client();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @BeforeAll
    static void start() {
        program = MoorageProcess.start("faults", MoorageProcess.Settings.usual());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100000",
        "1, 100000",
        "8191, 100000",
        "8192, 100000",
        "8193, 100000",
        "65535, 100000",
        "65536, 100000",
        "65537, 100000",
        "99999, 100000",
        "1048575, 3000000",
        "1048577, 3000000",
        "2999999, 3000000"
    })
    void anUploadCutInTheMiddleOfABodyIsContinued(int cut, int size) {
        Content blob = images.blob(size);
        String location = repository.beginUpload();
        cutPatch(location, blob.bytes(), 0, cut, "Content-Length: " + size);
        assertThat(offset(location)).isLessThanOrEqualTo(cut);
        resume(location, blob.bytes());
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 65_536, 65_537, 500_000})
    void anUploadInTheChunkedCodingCutInTheMiddleIsContinued(int cut) {
        Content blob = images.blob(600_000);
        String location = repository.beginUpload();
        try (RawHttp raw = registry.raw()) {
            raw.head("PATCH", location, "Transfer-Encoding: chunked");
            raw.chunk(Arrays.copyOf(blob.bytes(), cut)).reset();
        }
        assertThat(offset(location)).isLessThanOrEqualTo(cut);
        resume(location, blob.bytes());
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void anUploadCutInALaterChunkKeepsTheChunksBefore() {
        Content blob = images.blob(300_000);
        String location = repository
                .patchChunk(repository.beginUpload(), 0, Arrays.copyOf(blob.bytes(), 100_000))
                .expect(202)
                .header("location");
        cutPatch(location, blob.bytes(), 100_000, 170_000, "Content-Length: 200000", "Content-Range: 100000-299999");
        assertThat(offset(location)).isBetween(100_000L, 170_000L);
        resume(location, blob.bytes());
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50_000, 99_999})
    void aClosingPutCutInTheMiddleLeavesNothingReadableAndCanBeSentAgain(int cut) {
        Content blob = images.blob(100_000);
        String location = repository.beginUpload();
        String target = RegistryClient.withQuery(location, "digest", blob.digest());
        try (RawHttp raw = registry.raw()) {
            raw.head("PUT", target, "Content-Length: 100000");
            raw.bytes(blob.bytes(), 0, cut).reset();
        }
        repository.get("blobs/" + blob.digest()).expect(404);
        resume(location, blob.bytes());
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aLongBodyThatIsCutKeepsWhatItsLastResumePointHas() {
        LargeBlob blob = new LargeBlob(7, 2L * RESUME_POINT);
        String location = repository.beginUpload();
        try (RawHttp raw = registry.raw()) {
            raw.head("PATCH", location, "Content-Length: " + blob.size());
            blob.send(raw, 0, RESUME_POINT + 5_000_000L, sent -> {});
            awaitOffset(location, RESUME_POINT);
            raw.reset();
        }
        long offset = offset(location);
        assertThat(offset).isBetween((long) RESUME_POINT, RESUME_POINT + 5_000_000L);
        finish(location, blob);
    }

    @Test
    void anUploadOutlivesTheKilledProgram() {
        try (MoorageProcess own = MoorageProcess.start("killed", MoorageProcess.Settings.usual())) {
            RepositoryClient there = own.client().newRepository();
            Content small = images.blob(1000);
            there.pushBlob(small.digest(), small.bytes());
            ImageFactory.Image image = there.push("v1", images.image());
            LargeBlob blob = new LargeBlob(8, 3L * RESUME_POINT);
            String location = there.beginUpload();
            String acknowledged = there.patchChunk(there.beginUpload(), 0, images.bytes(70_000))
                    .expect(202)
                    .header("location");
            long seen;
            try (RawHttp raw = own.client().raw()) {
                raw.head("PATCH", location, "Content-Length: " + blob.size());
                blob.send(raw, 0, RESUME_POINT + 7_000_000L, sent -> {});
                seen = awaitOffset(there, location, RESUME_POINT);
                own.kill9();
            }
            own.restart();
            long offset = offset(there, location);
            assertThat(offset).isBetween(seen, RESUME_POINT + 7_000_000L);
            assertThat(offset(there, acknowledged)).isEqualTo(70_000);
            there.assertBlob(small.digest(), small.bytes());
            assertThat(there.resolve("v1")).hasValue(image.digest());
            finish(there, location, blob);
        }
    }

    @Test
    void oneOfTwoRequestsAtOnceOnASessionIsRefusedWhileTheOtherMoves() throws Exception {
        Content blob = images.blob(4_000_000);
        String location = repository.beginUpload();
        try (RawHttp holder = registry.raw()) {
            holder.head("PATCH", location, "Content-Length: " + blob.bytes().length);
            int sent = 0;
            // A slow client that lives. Nothing shows from outside when it holds the session: it has two seconds for
            // it.
            for (int i = 0; i < 8; i++) {
                sent = drip(holder, blob, sent);
            }
            CompletableFuture<Answer> second =
                    CompletableFuture.supplyAsync(() -> repository.patch(location, images.bytes(10)));
            long begin = System.nanoTime();
            while (!second.isDone()) {
                sent = drip(holder, blob, sent);
                assertThat(System.nanoTime() - begin)
                        .as("waiting for the refusal")
                        .isLessThan(TAKEOVER.toNanos());
            }
            second.get().expectError(416, "BLOB_UPLOAD_INVALID");
            holder.bytes(blob.bytes(), sent, blob.bytes().length - sent).flush();
            holder.answer("PATCH").expect(202);
        }
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    private static int drip(RawHttp holder, Content blob, int sent) {
        holder.bytes(blob.bytes(), sent, 10_000).flush();
        LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
        return sent + 10_000;
    }

    @Test
    void aSecondRequestTakesOverFromAHolderThatSendsNothing() {
        Content blob = images.blob(500_000);
        String location = repository.beginUpload();
        try (RawHttp holder = registry.raw()) {
            holder.head("PATCH", location, "Content-Length: 500000");
            holder.bytes(blob.bytes(), 0, 100_000).flush();
            long begin = System.nanoTime();
            resume(location, blob.bytes());
            assertThat(System.nanoTime() - begin).isLessThan(TAKEOVER.toNanos());
            repository.finish(location, blob.digest(), NOTHING).expect(201);
            repository.assertBlob(blob.digest(), blob.bytes());
            // What the first one sends now reaches nobody.
            try {
                holder.bytes(new byte[400_000]).flush();
                assertThat(holder.answer("PATCH").status()).isBetween(400, 499);
            } catch (UncheckedIOException cutByTheServer) {
                assertThat(cutByTheServer).hasCauseInstanceOf(java.io.IOException.class);
            }
        }
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aSecondRequestTakesOverFromAHolderWhoseConnectionIsCut() {
        Content blob = images.blob(500_000);
        String location = repository.beginUpload();
        cutPatch(location, blob.bytes(), 0, 200_000, "Content-Length: 500000");
        long begin = System.nanoTime();
        resume(location, blob.bytes());
        assertThat(System.nanoTime() - begin).isLessThan(TAKEOVER.toNanos());
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aClosingPutWhoseAnswerWasLostIsAnsweredAgainAndMakesOneBlob() {
        Content blob = images.blob(123_457);
        String location = repository.beginUpload();
        String target = RegistryClient.withQuery(location, "digest", blob.digest());
        try (RawHttp raw = registry.raw()) {
            raw.head("PUT", target, "Content-Length: 123457");
            raw.bytes(blob.bytes()).flush();
            Await.until(
                    Duration.ofSeconds(20),
                    "the blob",
                    () -> repository.head("blobs/" + blob.digest()).status() == 200);
            raw.reset();
        }
        Answer again = repository.finish(location, blob.digest(), blob.bytes()).expect(201);
        assertThat(again.header("docker-content-digest")).isEqualTo(blob.digest());
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.finish(location, images.blob(9).digest(), NOTHING).expectError(400, "DIGEST_INVALID");
        repository.assertBlob(blob.digest(), blob.bytes());
        assertThat(program.stored().values().stream().filter(size -> size == 123_457))
                .hasSize(1);
    }

    @Test
    void aManifestWhoseAnswerWasLostIsAnsweredAgain() {
        ImageFactory.Image image = images.image();
        repository.pushBlobs(image);
        byte[] bytes = image.manifest().bytes();
        try (RawHttp raw = registry.raw()) {
            raw.head(
                    "PUT",
                    repository.path("manifests/v1"),
                    "Content-Type: " + image.manifest().mediaType(),
                    "Content-Length: " + bytes.length);
            raw.bytes(bytes).flush();
            Await.until(Duration.ofSeconds(20), "the tag", () -> repository
                    .resolve("v1")
                    .isPresent());
            raw.reset();
        }
        repository.put("v1", image.manifest()).expect(201);
        assertThat(repository.tags()).containsExactly("v1");
    }

    @Test
    void aProgramThatIsAskedToEndKeepsTheUploadAndEndsInTime() {
        try (MoorageProcess own = MoorageProcess.start("terminated", MoorageProcess.Settings.usual())) {
            RepositoryClient there = own.client().newRepository();
            Content blob = images.blob(2_000_000);
            String location = there.beginUpload();
            try (RawHttp raw = own.client().raw()) {
                raw.head("PATCH", location, "Content-Length: 2000000");
                raw.bytes(blob.bytes(), 0, 900_000).flush();
                own.beginTermination();
                own.awaitEnd();
            }
            own.restart();
            assertThat(offset(there, location)).isLessThanOrEqualTo(900_000);
            resume(there, location, blob.bytes());
            there.finish(location, blob.digest(), NOTHING).expect(201);
            there.assertBlob(blob.digest(), blob.bytes());
        }
    }

    private void cutPatch(String location, byte[] bytes, int from, int cut, String... headers) {
        try (RawHttp raw = registry.raw()) {
            raw.head("PATCH", location, headers);
            raw.bytes(bytes, from, cut - from).reset();
        }
    }

    private long offset(String location) {
        return offset(repository, location);
    }

    /** The number of durable bytes; a range of 0-0 says none, or one, and is taken for none. */
    private static long offset(RepositoryClient there, String location) {
        String range = there.status(location).expect(204).header("range");
        assertThat(range).matches("0-[0-9]+");
        long last = Long.parseLong(range.substring(2));
        return last == 0 ? 0 : last + 1;
    }

    private void awaitOffset(String location, long least) {
        awaitOffset(repository, location, least);
    }

    private static long awaitOffset(RepositoryClient there, String location, long least) {
        return Await.value(Duration.ofSeconds(30), "a durable offset of " + least, () -> {
            long offset = offset(there, location);
            return offset >= least ? Optional.of(offset) : Optional.empty();
        });
    }

    private void resume(String location, byte[] bytes) {
        resume(repository, location, bytes);
    }

    /** What a client does: asks for the offset and sends the rest, again where the offset has moved meanwhile. */
    private static void resume(RepositoryClient there, String location, byte[] bytes) {
        Await.until(TAKEOVER, "the rest to be accepted", () -> {
            int offset = Math.toIntExact(offset(there, location));
            int other = offset == 0 ? 1 : offset;
            return sendFrom(there, location, bytes, offset) || sendFrom(there, location, bytes, other);
        });
    }

    private static boolean sendFrom(RepositoryClient there, String location, byte[] bytes, int offset) {
        if (offset == bytes.length) {
            return true;
        }
        Answer answer = there.patchChunk(location, offset, Arrays.copyOfRange(bytes, offset, bytes.length));
        if (answer.status() == 416) {
            return false;
        }
        assertThat(answer.expect(202).header("range")).isEqualTo("0-" + (bytes.length - 1));
        return true;
    }

    private void finish(String location, LargeBlob blob) {
        finish(repository, location, blob);
    }

    private static void finish(RepositoryClient there, String location, LargeBlob blob) {
        Await.until(TAKEOVER, "the rest to be accepted", () -> {
            long offset = offset(there, location);
            try (RawHttp raw = there.registry().raw()) {
                raw.head(
                        "PATCH",
                        location,
                        "Content-Range: " + offset + "-" + (blob.size() - 1),
                        "Content-Length: " + (blob.size() - offset));
                blob.send(raw, offset, blob.size(), sent -> {});
                return raw.answer("PATCH").status() == 202;
            } catch (UncheckedIOException refusedAndClosed) {
                return false;
            }
        });
        there.finish(location, blob.digest(), NOTHING).expect(201);
        try (RawHttp raw = there.registry().raw()) {
            raw.head("GET", there.path("blobs/" + blob.digest()));
            raw.readHead().expect(200);
            assertThat(blob.digestOf(raw.stream())).isEqualTo(blob.digest());
        }
    }
}
