package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Fault.Moment;
import dev.moorage.testing.S3Request;
import dev.moorage.testing.S3Request.Operation;
import dev.moorage.testing.Together;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see of a store that fails: a refusal that says when to come again, a cut connection, never wrong bytes. */
class S3StoreFaultsIT {

    private static final String BUCKET = "blobs";
    private static final byte[] NOTHING = new byte[0];
    private static final int PART = 5 << 20;
    private static final int RETRIES = 4;
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(60);

    private static FakeS3 fake;
    private static MoorageProcess program;

    private final RepositoryClient repository = program.client().newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @BeforeAll
    static void start() {
        fake = FakeS3.with(BUCKET);
        program = MoorageProcess.start(
                "s3-faults",
                BucketSettings.of(fake, BUCKET)
                        .property("moorage.storage.s3.part-size", Integer.toString(PART))
                        .property("moorage.storage.s3.retries", Integer.toString(RETRIES))
                        .property("moorage.uploads.reaper-interval", "1s")
                        .property("moorage.uploads.removal-delay", "0s"));
    }

    /** No request that failed is still waited for. */
    @AfterAll
    static void stop() {
        program.terminate();
        String output = program.output();
        program.close();
        fake.close();
        assertThat(output).doesNotContain("Timed out waiting for graceful shutdown");
    }

    @AfterEach
    void heal() {
        fake.heal();
    }

    private static Stream<S3Fault> outages() {
        return Stream.of(
                S3Fault.internalError(),
                new S3Fault.Reset(Moment.BEFORE_THE_EFFECT),
                new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 404, "NoSuchBucket"),
                new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 403, "AccessDenied"));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void aDownloadFromAStoreThatFailsIsRefusedBeforeItsFirstByte(S3Fault outage) {
        Content blob = images.blob(200_000);
        repository.pushBlob(blob.digest(), blob.bytes());
        fake.times(RETRIES + 1, Operation.GET_OBJECT, outage);

        demandLater(repository.get("blobs/" + blob.digest()));

        fake.heal();
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aReadThatFailsOnceIsTriedAgainAndNobodySeesIt() {
        Content blob = images.blob(200_000);
        repository.pushBlob(blob.digest(), blob.bytes());
        fake.once(Operation.GET_OBJECT, S3Fault.internalError());

        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aStoreThatIsDownStopsNeitherManifestsNorHeads() {
        Image image = repository.push("v1", images.image());
        fake.crashWhen((moment, request) -> true);

        repository.head("blobs/" + image.blobs().getFirst().digest()).expect(200);
        assertThat(repository.get("manifests/v1").expect(200).body())
                .isEqualTo(image.manifest().bytes());
        demandLater(repository.get("blobs/" + image.blobs().getFirst().digest()));
        Content unsent = images.blob(1000);
        demandLater(repository.singlePost(unsent.digest(), unsent.bytes()));

        fake.heal();
        repository.assertNoBlob(unsent.digest());
        repository.pushBlob(unsent.digest(), unsent.bytes());
        repository.assertBlob(unsent.digest(), unsent.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 65_536, 3_000_000})
    void aDownloadThatTheStoreCutsIsCutAndNeverAShortSuccess(int size) {
        Content blob = images.blob(size);
        repository.pushBlob(blob.digest(), blob.bytes());
        fake.once(Operation.GET_OBJECT, new S3Fault.CutAnswer());
        int printed = program.output().length();

        try (RawHttp raw = repository.registry().raw()) {
            raw.head("GET", repository.path("blobs/" + blob.digest()));
            demandCut(raw, blob);
        }

        assertThat(program.output().substring(printed))
                .contains("A download was cut off")
                .doesNotContain("ERROR");
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    /** The connection ends before the head of the answer, or before the bytes that the head promises. */
    private static void demandCut(RawHttp raw, Content blob) {
        Answer head;
        try {
            head = raw.readHead();
        } catch (UncheckedIOException ended) {
            assertThat(ended).hasCauseInstanceOf(EOFException.class);
            return;
        }
        if (head.status() == 200) {
            assertThat(head.header("content-length")).isEqualTo(Integer.toString(blob.bytes().length));
            assertThat(head.find("transfer-encoding")).isEmpty();
            assertThat(readToTheEnd(raw)).isLessThan(blob.bytes().length);
        } else {
            assertThat(head.status()).isBetween(500, 599);
        }
    }

    private static int readToTheEnd(RawHttp raw) {
        try {
            return raw.stream().readAllBytes().length;
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the connection stays open, and the client waits", open);
        } catch (IOException reset) {
            return 0;
        }
    }

    @Test
    void aStoreThatIsTooBusyForAPushIsWaitedForLongerAndLonger() {
        Content blob = images.blob(5000);
        String location = repository.beginUpload();
        fake.times(RETRIES, Operation.PUT_OBJECT, S3Fault.slowDown());
        fake.forgetRequests();

        String next = repository.patch(location, blob.bytes()).expect(202).header("location");

        List<S3Request> attempts = fake.requests(Operation.PUT_OBJECT);
        assertThat(attempts).hasSize(RETRIES + 1);
        Duration waited = Duration.ofNanos(
                attempts.getLast().nanoTime() - attempts.getFirst().nanoTime());
        // Each wait is random below 1, 2, 4, 8 s; after other failures it would be below 50, 100, 200, 400 ms.
        assertThat(waited).isBetween(Duration.ofMillis(750), Duration.ofSeconds(25));
        repository.finish(next, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aStoreThatStaysTooBusyIsA503AndTheUploadGoesOnLater() {
        Content blob = images.blob(5000);
        String location = repository.beginUpload();
        fake.times(RETRIES + 1, Operation.PUT_OBJECT, S3Fault.slowDown());
        fake.forgetRequests();

        demandLater(repository.patch(location, blob.bytes()));

        // Puts only: the housekeeping of this program removes what earlier uploads left, at any moment.
        assertThat(fake.requests(Operation.PUT_OBJECT)).hasSize(RETRIES + 1);
        String next = repository.status(location).expect(204).header("location");
        String sent = repository.patch(next, blob.bytes()).expect(202).header("location");
        repository.finish(sent, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aPartThatTheStoreIsTooBusyForIsSentAgain() {
        Content blob = images.blob(2 * PART + 1000);
        fake.once(request -> request.partNumber() == 2, S3Fault.slowDown());

        repository.pushBlob(blob.digest(), blob.bytes());

        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aLostAnswerToTheLastRequestOfALargeBlobIsNoFailure() {
        Content blob = images.blob(PART + 1000);
        fake.forgetRequests();
        fake.once(Operation.COMPLETE_UPLOAD, new S3Fault.Reset(Moment.AFTER_THE_EFFECT));

        repository.pushBlob(blob.digest(), blob.bytes());

        assertThat(fake.requests(Operation.COMPLETE_UPLOAD)).isNotEmpty();
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aLostAnswerThatNobodyCanSettleIsA503ThatTheSameRequestHeals() {
        Content blob = images.blob(PART + 1000);
        String location = repository
                .patch(repository.beginUpload(), blob.bytes())
                .expect(202)
                .header("location");
        fake.times(RETRIES + 1, Operation.COMPLETE_UPLOAD, new S3Fault.Reset(Moment.AFTER_THE_EFFECT));
        fake.times(RETRIES + 1, Operation.HEAD_OBJECT, S3Fault.internalError());

        demandLater(repository.finish(location, blob.digest(), NOTHING));
        repository.assertNoBlob(blob.digest());

        fake.heal();
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void anErrorInTheBodyOfASuccessIsAnError() {
        S3Fault error = new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 200, "InternalError");
        Content blob = images.blob(PART + 1000);
        String location = repository
                .patch(repository.beginUpload(), blob.bytes())
                .expect(202)
                .header("location");
        fake.times(RETRIES + 1, Operation.COMPLETE_UPLOAD, error);

        demandLater(repository.finish(location, blob.digest(), NOTHING));
        repository.assertNoBlob(blob.digest());

        fake.heal();
        fake.once(Operation.COMPLETE_UPLOAD, error);
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, PART + 1000})
    void aByteFlippedOnItsWayIsRefusedAndNothingBecomesReadable(int size) {
        Content blob = images.blob(size);
        Operation write = size < PART ? Operation.PUT_OBJECT : Operation.UPLOAD_PART;
        fake.times(RETRIES + 1, write, new S3Fault.FlippedOnArrival());

        demandLater(repository.singlePost(blob.digest(), blob.bytes()));

        repository.assertNoBlob(blob.digest());
        fake.heal();
        repository.singlePost(blob.digest(), blob.bytes()).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void tenClientsThatPushOneDigestAtOnceLeaveOneObject() throws Exception {
        Content blob = images.blob(PART + 1000);
        List<String> before = fake.everything(BUCKET);
        List<Callable<Answer>> pushes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RepositoryClient one = i % 2 == 0 ? repository : program.client().newRepository();
            pushes.add(() -> {
                String location =
                        one.patch(one.beginUpload(), blob.bytes()).expect(202).header("location");
                return one.finish(location, blob.digest(), NOTHING);
            });
        }

        assertThat(Together.run(pushes)).extracting(Answer::status).containsOnly(201);

        Await.until(HOUSEKEEPING, "one object of ten", () -> added(before).size() <= 1);
        assertThat(added(before)).singleElement().asString().startsWith("blobs/");
        assertThat(fake.objects(BUCKET).get(added(before).getFirst())).isEqualTo(blob.bytes());
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    private static List<String> added(List<String> before) {
        List<String> all = new ArrayList<>(fake.everything(BUCKET));
        all.removeAll(before);
        return all;
    }

    private static void demandLater(Answer answer) {
        answer.expectError(503, "UNAVAILABLE");
        assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
    }
}
