package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.name.BlobKey;
import dev.moorage.testing.Await;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Fault.Moment;
import dev.moorage.testing.S3Request;
import dev.moorage.testing.S3Request.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of one upload that are on their way together, in whatever order the store takes them. */
class S3PartsTest {

    private static final String BUCKET = "blobs";
    private static final int PART = 256 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeS3 fake = FakeS3.with(BUCKET);
    private final PartMemory memory = new PartMemory(16L * PART, 5_000);
    private final S3BlobStore store = open(memory);

    @AfterEach
    void close() {
        store.close();
        fake.close();
        assertThat(memory.taken()).isZero();
    }

    private S3BlobStore open(PartMemory budget) {
        return S3Connection.open(
                S3Settings.of(
                        fake.endpoint(),
                        FakeS3.ACCESS_KEY,
                        "secret",
                        Map.of("bucket", BUCKET, "part-size", Integer.toString(PART), "read-timeout", "20s")),
                budget);
    }

    @Test
    void fourAreOnTheirWayTogetherAndNoMore() throws Exception {
        CountDownLatch held = hold(_ -> true, 8);
        BlobKey key = BlobStoreContract.newKey();
        byte[] bytes = BlobStoreContract.randomBytes(7 * PART + 5);

        CompletableFuture<Void> upload = putting(store, key, bytes);
        Await.until(PATIENCE, "four parts", () -> parts().size() == PartsOnTheirWay.MOST);
        assertThat(upload).isNotDone();
        assertThat(memory.taken()).isEqualTo(5L * PART);
        held.countDown();
        upload.get(20, TimeUnit.SECONDS);

        assertThat(parts()).hasSize(8);
        assertThat(BlobStoreContract.read(store, key)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void partThatComesLastIsInItsPlace(int number) throws Exception {
        CountDownLatch held = hold(numbered(number), 1);
        BlobKey key = BlobStoreContract.newKey();
        byte[] bytes = BlobStoreContract.randomBytes(4 * PART + 77);

        CompletableFuture<Void> upload = putting(store, key, bytes);
        Await.until(PATIENCE, "all parts", () -> parts().size() == 5);
        held.countDown();
        upload.get(20, TimeUnit.SECONDS);

        assertThat(BlobStoreContract.read(store, key)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void withLittleMemoryFewerAreOnTheirWay(long affordable) throws Exception {
        PartMemory little = new PartMemory(affordable * PART, 5_000);
        try (S3BlobStore poor = open(little)) {
            CountDownLatch held = hold(_ -> true, 6);
            BlobKey key = BlobStoreContract.newKey();
            byte[] bytes = BlobStoreContract.randomBytes(5 * PART + 1);

            CompletableFuture<Void> upload = putting(poor, key, bytes);
            Await.until(PATIENCE, "parts", () -> parts().size() == affordable);
            assertThat(upload).isNotDone();
            assertThat(little.taken()).isEqualTo(affordable * PART);
            held.countDown();
            upload.get(20, TimeUnit.SECONDS);

            assertThat(BlobStoreContract.read(poor, key)).isEqualTo(bytes);
        }
        assertThat(little.taken()).isZero();
    }

    @Test
    void whatIsBorrowedComesBackWithItsPart() throws Exception {
        CountDownLatch held = hold(_ -> true, 4);
        try (BlobWriter writer = store.open(BlobStoreContract.newKey(), ResumePoint.START, WriteJournal.NONE)) {
            byte[] part = BlobStoreContract.randomBytes(PART);
            for (int i = 0; i < 4; i++) {
                writer.append(part, 0, PART);
            }
            assertThat(memory.taken()).isEqualTo(5L * PART);

            held.countDown();
            writer.durable();

            assertThat(memory.taken()).isEqualTo(2L * PART);
        }
    }

    @Test
    void whatEndedIsGivenBackWhileTheClientIsSilent() {
        try (BlobWriter writer = store.open(BlobStoreContract.newKey(), ResumePoint.START, WriteJournal.NONE)) {
            CountDownLatch held = hold(_ -> true, 4);
            byte[] part = BlobStoreContract.randomBytes(PART);
            for (int i = 0; i < 4; i++) {
                writer.append(part, 0, PART);
            }
            assertThat(memory.taken()).isEqualTo(5L * PART);

            held.countDown();

            Await.until(PATIENCE, "two parts", () -> {
                writer.settle();
                return memory.taken() == 2L * PART;
            });
        }
    }

    @Test
    void whoWaitsGetsAllThatAnotherBorrowed() throws Exception {
        PartMemory narrow = new PartMemory(6L * PART, 20_000);
        CountDownLatch first = hold(numbered(1), 1);
        CountDownLatch next = hold(request -> Integer.parseInt(request.query().get("partNumber")) <= 4, 3);
        CountDownLatch later = hold(numbered(5), 1);
        byte[] part = BlobStoreContract.randomBytes(PART);
        try (S3BlobStore poor = open(narrow);
                BlobWriter greedy = poor.open(BlobStoreContract.newKey(), ResumePoint.START, WriteJournal.NONE)) {
            for (int i = 0; i < 4; i++) {
                greedy.append(part, 0, PART);
            }
            BlobWriter second = poor.open(BlobStoreContract.newKey(), ResumePoint.START, WriteJournal.NONE);
            assertThat(narrow.taken()).isEqualTo(6L * PART);
            CompletableFuture<BlobWriter> third = opening(poor);
            Await.until(PATIENCE, "the third", narrow::wanted);
            first.countDown();
            Await.until(PATIENCE, "one part", () -> {
                greedy.settle();
                return third.isDone();
            });
            CompletableFuture<BlobWriter> fourth = opening(poor);
            Await.until(PATIENCE, "the fourth", narrow::wanted);

            Thread client = Thread.startVirtualThread(() -> greedy.append(part, 0, PART));
            next.countDown();

            fourth.get(20, TimeUnit.SECONDS).close();
            later.countDown();
            client.join();
            third.get().close();
            second.close();
        }
        assertThat(narrow.taken()).isZero();
    }

    private static CompletableFuture<BlobWriter> opening(BlobStore store) {
        return CompletableFuture.supplyAsync(
                () -> store.open(BlobStoreContract.newKey(), ResumePoint.START, WriteJournal.NONE),
                Thread::startVirtualThread);
    }

    @Test
    void marksBecomeDurableInTheirOrderAndOnlyWithAllBeforeThem() {
        CountDownLatch held = hold(numbered(1), 1);
        BlobKey key = BlobStoreContract.newKey();
        byte[] bytes = BlobStoreContract.randomBytes(3 * PART);
        List<ResumePoint> durable = new ArrayList<>();
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            for (int i = 0; i < 3; i++) {
                writer.append(bytes, i * PART, PART);
                assertThat(writer.atMark()).isTrue();
                writer.mark(durable::add);
            }
            Await.until(PATIENCE, "later parts", () -> fake.uploads(BUCKET).size() == 1 && parts().size() == 3);
            writer.settle();
            assertThat(durable).isEmpty();

            held.countDown();
            Await.until(PATIENCE, "all marks", () -> {
                writer.settle();
                return durable.size() == 3;
            });
        }

        assertThat(durable).extracting(ResumePoint::offset).containsExactly((long) PART, 2L * PART, 3L * PART);
        // From the second point on, as another replica would that knows no later one.
        try (BlobWriter writer = store.open(key, durable.get(1), WriteJournal.NONE)) {
            writer.append(bytes, 2 * PART, PART);
            writer.commit();
        }
        assertThat(BlobStoreContract.read(store, key)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void partThatTheStoreRefusesEndsTheUpload(int number) {
        fake.once(numbered(number), new S3Fault.Refusal(Moment.BEFORE_THE_EFFECT, 403, "AccessDenied"));
        BlobKey key = BlobStoreContract.newKey();

        assertThatThrownBy(() -> BlobStoreContract.put(store, key, BlobStoreContract.randomBytes(4 * PART)))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("AccessDenied");

        assertThat(store.stat(key)).isEmpty();
    }

    @Test
    void writerThatIsClosedLeavesNoPartOnItsWay() {
        CountDownLatch never = hold(_ -> true, 4);
        BlobWriter writer = store.open(BlobStoreContract.newKey(), ResumePoint.START, WriteJournal.NONE);
        byte[] part = BlobStoreContract.randomBytes(PART);
        for (int i = 0; i < 3; i++) {
            writer.append(part, 0, PART);
        }

        writer.close();

        assertThat(memory.taken()).isZero();
        never.countDown();
    }

    private CountDownLatch hold(Predicate<S3Request> which, int number) {
        CountDownLatch held = new CountDownLatch(1);
        for (int i = 0; i < number; i++) {
            fake.once(
                    request -> request.operation() == Operation.UPLOAD_PART && which.test(request),
                    new S3Fault.Held(held));
        }
        return held;
    }

    private static Predicate<S3Request> numbered(int number) {
        return request -> Integer.toString(number).equals(request.query().get("partNumber"));
    }

    private List<S3Request> parts() {
        return fake.requests(Operation.UPLOAD_PART);
    }

    private static CompletableFuture<Void> putting(BlobStore store, BlobKey key, byte[] bytes) {
        return CompletableFuture.runAsync(() -> BlobStoreContract.put(store, key, bytes), Thread::startVirtualThread);
    }
}
