package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.name.BlobKey;
import dev.moorage.testing.Await;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Request;
import dev.moorage.testing.S3Request.Operation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies go without a hash in their signature where the store was seen to check their sum, and nowhere else. */
class S3ChecksTest {

    private static final String BUCKET = "blobs";
    private static final int PART = 256 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeS3 fake = FakeS3.with(BUCKET);

    @AfterEach
    void close() {
        fake.close();
    }

    private S3BlobStore open(Map<String, String> others) {
        Map<String, String> settings =
                new HashMap<>(Map.of("bucket", BUCKET, "prefix", "under/", "part-size", Integer.toString(PART)));
        settings.putAll(others);
        return S3Connection.open(
                S3Settings.of(fake.endpoint(), FakeS3.ACCESS_KEY, "secret", settings),
                new PartMemory(16L * PART, 5_000));
    }

    @Test
    void whereTheStoreChecksTheSumNothingElseIsHashed() {
        fake.checkingSums();
        try (S3BlobStore store = open(Map.of())) {
            awaitUnsigned(store);
            BlobKey key = BlobStoreContract.newKey();
            byte[] bytes = BlobStoreContract.randomBytes(3 * PART + 5);

            BlobStoreContract.put(store, key, bytes);

            assertThat(BlobStoreContract.read(store, key)).isEqualTo(bytes);
            assertThat(fake.requests(Operation.UPLOAD_PART)).hasSize(4).allMatch(S3ChecksTest::unsigned);
            assertThat(fake.leftByChecks()).isEmpty();
        }
    }

    @Test
    void byteLostOnItsWayIsRefusedByItsSum() {
        fake.checkingSums();
        try (S3BlobStore store = open(Map.of())) {
            awaitUnsigned(store);
            BlobKey small = BlobStoreContract.newKey();
            BlobKey large = BlobStoreContract.newKey();

            fake.once(Operation.PUT_OBJECT, new S3Fault.FlippedOnArrival());
            assertThatThrownBy(() -> BlobStoreContract.put(store, small, BlobStoreContract.text("x")))
                    .isInstanceOf(StoreFailure.class);
            fake.once(Operation.UPLOAD_PART, new S3Fault.FlippedOnArrival());
            assertThatThrownBy(() -> BlobStoreContract.put(store, large, BlobStoreContract.randomBytes(3 * PART)))
                    .isInstanceOf(StoreFailure.class);

            assertThat(store.stat(small)).isEmpty();
            assertThat(store.stat(large)).isEmpty();
        }
    }

    @Test
    void whereTheStoreReadsOverSumsEveryBodyIsSigned() {
        try (S3BlobStore store = open(Map.of())) {
            awaitEndOfLook();

            BlobStoreContract.put(store, BlobStoreContract.newKey(), BlobStoreContract.randomBytes(2 * PART + 5));
            BlobStoreContract.put(store, BlobStoreContract.newKey(), BlobStoreContract.text("x"));

            assertThat(fake.requests(Operation.UPLOAD_PART)).hasSize(3).allMatch(S3ChecksTest::signed);
            assertThat(fake.requests(Operation.PUT_OBJECT)).hasSize(1).allMatch(S3ChecksTest::signed);
            assertThat(fake.leftByChecks()).isEmpty();
        }
    }

    @Test
    void whoWantsBodiesSignedHasThemSignedAndNobodyLooks() {
        fake.checkingSums();
        for (Map<String, String> wish :
                List.of(Map.of("signed-bodies", "always"), Map.of("checksums", "when-supported"))) {
            try (S3BlobStore store = open(wish)) {
                BlobStoreContract.put(store, BlobStoreContract.newKey(), BlobStoreContract.randomBytes(PART + 5));
            }
        }
        assertThat(fake.requests(Operation.UPLOAD_PART)).hasSize(4).allMatch(S3ChecksTest::signed);
        assertThat(fake.checkRequests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 501, 503})
    void lookThatIsRefusedInTheMiddleLeavesNothingAndBodiesSigned(int status) {
        fake.checkingSums();
        fake.refuseChecks(Operation.UPLOAD_PART, status);
        try (S3BlobStore store = open(Map.of())) {
            awaitEndOfLook();

            BlobStoreContract.put(store, BlobStoreContract.newKey(), BlobStoreContract.text("x"));

            assertThat(fake.requests(Operation.PUT_OBJECT)).hasSize(1).allMatch(S3ChecksTest::signed);
            assertThat(fake.leftByChecks()).isEmpty();
        }
    }

    @Test
    void storeThatIsClosedInTheMiddleOfALookLeavesNothing() throws Exception {
        fake.checkingSums();
        CountDownLatch held = new CountDownLatch(1);
        fake.holdChecks(Operation.UPLOAD_PART, held);
        S3BlobStore store = open(Map.of());
        Await.until(PATIENCE, "a part", () -> operations(fake.checkRequests()).contains(Operation.UPLOAD_PART));
        assertThat(fake.leftByChecks()).isNotEmpty();

        Thread closing = Thread.startVirtualThread(store::close);
        held.countDown();
        closing.join();

        assertThat(fake.leftByChecks()).isEmpty();
    }

    private void awaitEndOfLook() {
        Await.until(PATIENCE, "the end of the look", () -> operations(fake.checkRequests())
                .contains(Operation.DELETE_OBJECT));
    }

    private void awaitUnsigned(S3BlobStore store) {
        Await.until(PATIENCE, "a body that is not signed", () -> {
            fake.forgetRequests();
            BlobStoreContract.put(store, BlobStoreContract.newKey(), BlobStoreContract.text("x"));
            return fake.requests(Operation.PUT_OBJECT).stream().allMatch(S3ChecksTest::unsigned);
        });
        fake.forgetRequests();
    }

    private static List<Operation> operations(List<S3Request> requests) {
        return requests.stream().map(S3Request::operation).toList();
    }

    private static boolean unsigned(S3Request request) {
        return "UNSIGNED-PAYLOAD".equals(request.headers().get("x-amz-content-sha256"))
                && request.headers().containsKey("x-amz-checksum-crc32c");
    }

    private static boolean signed(S3Request request) {
        return request.headers().getOrDefault("x-amz-content-sha256", "").length() == 64;
    }
}
