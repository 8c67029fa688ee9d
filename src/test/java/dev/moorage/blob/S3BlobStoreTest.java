package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.config.MoorageConfig;
import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.testing.Await;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Fault.Moment;
import dev.moorage.testing.S3Request.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The object store keeps the contract, and its own promises about requests. */
class S3BlobStoreTest extends BlobStoreContract {

    private static final String BUCKET = "blobs";
    private static final int PART = 256 * 1024;
    private static final long MEMORY = 64L * PART;

    private final FakeS3 fake = FakeS3.with(BUCKET);
    private S3BlobStore store;
    private S3BlobStore other;

    @BeforeEach
    void openStores() {
        store = open(Map.of());
        other = open(Map.of());
        fake.forgetRequests();
    }

    @AfterEach
    void close() {
        store.close();
        other.close();
        fake.close();
    }

    private S3BlobStore open(Map<String, String> settings) {
        return S3Connection.open(config(settings), new PartMemory(MEMORY, 5_000));
    }

    private MoorageConfig.S3 config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "bucket", BUCKET, "prefix", "under/", "part-size", Integer.toString(PART), "read-timeout", "500ms"));
        all.putAll(settings);
        return S3Settings.of(fake.endpoint(), FakeS3.ACCESS_KEY, "secret", all);
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Override
    BlobStore otherReplica() {
        return other;
    }

    @Test
    void aSmallBlobCostsOneWriteRequest() {
        put(store, newKey(), text("small"));

        assertThat(fake.writes()).containsExactly(Operation.PUT_OBJECT);
    }

    @Test
    void aSmallBlobInTwoRequestsCostsOneWriteRequestToo() {
        BlobKey key = newKey();
        ResumePoint point;
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "small");
            point = writer.durable();
        }
        try (BlobWriter writer = other.open(key, point, WriteJournal.NONE)) {
            writer.commit();
            assertThat(writer.key()).isEqualTo(key);
        }

        assertThat(fake.writes()).containsExactly(Operation.PUT_OBJECT);
        assertThat(read(other, key)).isEqualTo(text("small"));
    }

    @Test
    void aLargeBlobGoesInEqualPartsToItsKey() {
        BlobKey key = newKey();
        byte[] bytes = randomBytes(3 * PART + 1);

        put(store, key, bytes);

        assertThat(fake.writes())
                .containsExactly(
                        Operation.CREATE_UPLOAD,
                        Operation.UPLOAD_PART,
                        Operation.UPLOAD_PART,
                        Operation.UPLOAD_PART,
                        Operation.UPLOAD_PART,
                        Operation.COMPLETE_UPLOAD);
        assertThat(fake.objects(BUCKET)).containsOnlyKeys("under/" + key);
        assertThat(read(store, key)).isEqualTo(bytes);
    }

    @Test
    void requestsThatFailAreSentAgain() {
        fake.once(Operation.PUT_OBJECT, S3Fault.internalError());
        put(store, newKey(), text("x"));

        fake.once(Operation.UPLOAD_PART, S3Fault.slowDown());
        fake.once(Operation.CREATE_UPLOAD, new S3Fault.Reset(Moment.BEFORE_THE_EFFECT));
        fake.once(Operation.COMPLETE_UPLOAD, new S3Fault.Reset(Moment.BEFORE_THE_EFFECT));
        BlobKey key = newKey();
        byte[] bytes = randomBytes(2 * PART);
        put(store, key, bytes);

        assertThat(read(store, key)).isEqualTo(bytes);
    }

    @Test
    void aStoreThatAnswersNothingIsAFailureInTime() {
        CountDownLatch never = new CountDownLatch(1);
        fake.once(Operation.PUT_OBJECT, new S3Fault.Silence(never));
        fake.once(Operation.PUT_OBJECT, new S3Fault.Silence(never));
        BlobKey key = newKey();

        assertThatThrownBy(() -> put(store, key, text("x"))).isInstanceOf(StoreFailure.class);

        never.countDown();
        assertThat(store.stat(key)).isEmpty();
    }

    @Test
    void aLostAnswerToTheLastRequestIsSettledByTheObjectItself() {
        BlobKey key = newKey();
        byte[] bytes = randomBytes(2 * PART + 5);
        fake.once(Operation.COMPLETE_UPLOAD, new S3Fault.Reset(Moment.AFTER_THE_EFFECT));

        put(store, key, bytes);

        assertThat(read(store, key)).isEqualTo(bytes);
        assertThat(fake.uploads(BUCKET)).isEmpty();
    }

    @Test
    void aStoreThatIsStillPuttingThePartsTogetherIsWaitedFor() throws Exception {
        BlobKey key = newKey();
        byte[] bytes = randomBytes(2 * PART + 5);
        fake.once(Operation.COMPLETE_UPLOAD, new S3Fault.Late());

        try (S3BlobStore patient = open(Map.of("retries", "0", "read-timeout", "10s"))) {
            CompletableFuture<Void> pushed = CompletableFuture.runAsync(() -> put(patient, key, bytes));
            Await.until(Duration.ofSeconds(10), "a look at the object", () -> !fake.requests(Operation.HEAD_OBJECT)
                    .isEmpty());
            assertThat(pushed).isNotDone();
            fake.landLate();
            pushed.get();
        }

        assertThat(read(store, key)).isEqualTo(bytes);
    }

    @Test
    void anErrorInTheBodyOfASuccessIsAnError() {
        fake.once(Operation.COMPLETE_UPLOAD, new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 200, "InternalError"));
        fake.once(Operation.COMPLETE_UPLOAD, new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 200, "InternalError"));
        BlobKey key = newKey();

        assertThatThrownBy(() -> put(store, key, randomBytes(2 * PART))).isInstanceOf(StoreFailure.class);

        assertThat(store.stat(key)).isEmpty();
    }

    @Test
    void aPartThatTheStoreKnowsByAnotherTagIsNotCommitted() {
        fake.once(Operation.UPLOAD_PART, new S3Fault.WrongTag());
        BlobKey key = newKey();

        assertThatThrownBy(() -> put(store, key, randomBytes(2 * PART))).isInstanceOf(ResumePointLost.class);

        assertThat(store.stat(key)).isEmpty();
    }

    @Test
    void aByteLostOnItsWayIsRefusedByTheStoreAndSentAgainByNobody() {
        fake.once(Operation.PUT_OBJECT, new S3Fault.FlippedOnArrival());
        assertThatThrownBy(() -> put(store, newKey(), text("x"))).isInstanceOf(StoreFailure.class);

        fake.once(Operation.UPLOAD_PART, new S3Fault.FlippedOnArrival());
        assertThatThrownBy(() -> put(store, newKey(), randomBytes(3 * PART))).isInstanceOf(StoreFailure.class);

        assertThat(fake.objects(BUCKET)).isEmpty();
    }

    @Test
    void aTailThatComesBackChangedIsNotBuiltUpon() {
        BlobKey key = newKey();
        ResumePoint point;
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "first");
            point = writer.durable();
        }
        fake.once(Operation.GET_OBJECT, new S3Fault.FlippedAnswer());

        try (BlobWriter writer = other.open(key, point, WriteJournal.NONE)) {
            assertThatThrownBy(() -> append(writer, "second")).isInstanceOf(ResumePointLost.class);
            assertThatThrownBy(writer::commit).isInstanceOf(StoreFailure.class);
        }
    }

    @Test
    void aDownloadThatTheStoreCutsIsCutAndNeverShort() throws IOException {
        BlobKey key = newKey();
        put(store, key, randomBytes(100_000));
        fake.once(Operation.GET_OBJECT, new S3Fault.CutAnswer());

        BlobBody.Stream body =
                (BlobBody.Stream) store.read(key, Optional.empty()).orElseThrow();

        assertThat(body.length()).isEqualTo(100_000);
        try (InputStream bytes = body.bytes()) {
            assertThatThrownBy(bytes::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aReadIsTriedAgainBeforeItsFirstByte() {
        BlobKey key = newKey();
        put(store, key, text("x"));
        fake.once(Operation.GET_OBJECT, S3Fault.slowDown());

        assertThat(read(store, key)).isEqualTo(text("x"));
    }

    @Test
    void aReaderThatGoesAwayLeavesTheConnectionsToOthers() throws IOException {
        try (S3BlobStore narrow = open(Map.of("max-connections", "1"))) {
            BlobKey key = newKey();
            put(narrow, key, randomBytes(2_000_000));
            for (int i = 0; i < 3; i++) {
                BlobBody.Stream body =
                        (BlobBody.Stream) narrow.read(key, Optional.empty()).orElseThrow();
                assertThat(body.bytes().read()).isNotNegative();
                body.bytes().close();
            }
        }
    }

    @Test
    void onlyWritersWithRoomInTheBudgetBegin() {
        try (S3BlobStore small = S3Connection.open(config(Map.of()), new PartMemory(3 * PART, 10));
                BlobWriter first = small.open(newKey(), ResumePoint.START, WriteJournal.NONE);
                BlobWriter second = small.open(newKey(), ResumePoint.START, WriteJournal.NONE)) {
            assertThatThrownBy(() -> small.open(newKey(), ResumePoint.START, WriteJournal.NONE))
                    .isInstanceOf(StoreBusy.class);
            first.close();
            small.open(newKey(), ResumePoint.START, WriteJournal.NONE).close();
            second.close();
        }
    }

    @Test
    void whatIsNotOursInTheBucketIsNeitherListedNorCounted() {
        BlobKey key = newKey();
        put(store, key, text("x"));
        fake.objects(BUCKET).put("under/blobs/notes.txt", text("x"));
        fake.objects(BUCKET).put("elsewhere", text("x"));
        fake.begin(BUCKET, "under/blobs/notes.txt");

        assertThat(store.list(Optional.empty(), 1)).containsExactly(key);
        assertThat(store.list(Optional.empty(), 10)).containsExactly(key);
        assertThat(store.unfinished(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void whatWasBegunIsListedInPagesAndAbandonedByItsNameOrWithoutIt() {
        List<BlobKey> keys = Stream.generate(BlobStoreContract::newKey)
                .limit(5)
                .sorted(Comparator.comparing(BlobKey::value))
                .toList();
        keys.forEach(key -> fake.begin(BUCKET, "under/" + key));
        fake.begin(BUCKET, "under/" + keys.getFirst());

        List<Unfinished> first = store.unfinished(Optional.empty(), 4);
        List<Unfinished> second = store.unfinished(Optional.of(first.getLast()), 4);
        assertThat(first).extracting(Unfinished::key).startsWith(keys.get(0), keys.get(0), keys.get(1));
        assertThat(second).extracting(Unfinished::key).containsExactly(keys.get(3), keys.get(4));

        store.abandon(keys.get(0), Optional.empty());
        store.abandon(second.getLast().key(), Optional.of(second.getLast().id()));
        store.abandon(second.getLast().key(), Optional.of(second.getLast().id()));
        assertThat(fake.uploads(BUCKET)).hasSize(3);
    }
}
