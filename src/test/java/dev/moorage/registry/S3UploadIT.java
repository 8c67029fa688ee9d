package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.S3BlobStore;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.DigestInvalid;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.lifecycle.TestHousekeeping;
import dev.moorage.name.BlobBody;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.UploadService.Chunk;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Fault.Moment;
import dev.moorage.testing.S3Request.Operation;
import dev.moorage.testing.TestSettings;
import dev.moorage.testing.Together;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads through the use cases, with rows in a database and bytes in a bucket. */
class S3UploadIT {

    private static final String BUCKET = "blobs";
    private static final String WEB = "acme/web";
    private static final int PART = 100_000;

    private final FakeS3 fake = FakeS3.with(BUCKET);
    private S3BlobStore store;
    private RegistryHarness registry;
    private RegistryHarness replica;

    @BeforeEach
    void start() {
        Map<String, String> settings = BucketSettings.inProcess(fake, BUCKET, PART);
        store = S3BlobStore.open(TestSettings.with(settings));
        registry = RegistryHarness.fresh(store, settings);
        replica = registry.replica();
        fake.forgetRequests();
    }

    @AfterEach
    void nothingIsLeft() throws SQLException {
        registry.checkInvariants();
        registry.close();
        store.close();
        fake.close();
    }

    @Test
    void aSmallBlobCostsOneWriteRequestWhicheverReplicaEndsIt() {
        byte[] bytes = bytes(500);
        UploadId id = registry.begin(WEB);
        replica.uploads().append(grant(), id, RegistryHarness.chunk(bytes));
        Digest digest = registry.finish(WEB, id, bytes);

        assertThat(fake.writes()).containsExactly(Operation.PUT_OBJECT);
        assertThat(read(digest)).isEqualTo(bytes);
        assertThat(leftAfterHousekeeping())
                .containsExactly(registry.keyOf(digest).value());
    }

    @Test
    void chunksGoOnAtEveryReplicaInTurn() {
        byte[] bytes = bytes(5 * PART + 77);
        UploadId id = registry.begin(WEB);
        int at = 0;
        for (int length : List.of(10, 2 * PART, 5, PART, 0, PART + 13)) {
            RegistryHarness next = at % 2 == 0 ? registry : replica;
            next.uploads().append(grant(), id, RegistryHarness.chunk(Arrays.copyOfRange(bytes, at, at + length)));
            at += length;
        }
        String digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes).toString();
        replica.uploads()
                .finish(
                        grant(),
                        id,
                        Optional.of(digest),
                        RegistryHarness.chunk(Arrays.copyOfRange(bytes, at, bytes.length)));

        assertThat(read(RegistryHarness.digest(digest))).isEqualTo(bytes);
        assertThat(leftAfterHousekeeping())
                .containsExactly(registry.keyOf(RegistryHarness.digest(digest)).value());
    }

    @Test
    void aBlobInOneRequestIsReadBackByItsOtherDigest() {
        byte[] bytes = bytes(3 * PART);
        UploadId id = registry.begin(WEB);
        registry.uploads().append(grant(), id, RegistryHarness.chunk(bytes));
        String sha512 = Digest.ofBytes(Digest.Algorithm.SHA512, bytes).toString();

        Digest digest = replica.uploads().finish(grant(), id, Optional.of(sha512), RegistryHarness.chunk(new byte[0]));

        assertThat(read(digest)).isEqualTo(bytes);
    }

    @Test
    void aWrongDigestLeavesNothing() {
        byte[] bytes = bytes(3 * PART + 5);
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            UploadId id = registry.begin(WEB);
            registry.uploads().append(grant(), id, RegistryHarness.chunk(bytes));
            String wrong = Digest.ofBytes(algorithm, bytes(4)).toString();
            assertThatThrownBy(() -> replica.uploads()
                            .finish(grant(), id, Optional.of(wrong), RegistryHarness.chunk(new byte[0])))
                    .isInstanceOf(DigestInvalid.class);
        }

        assertThat(leftAfterHousekeeping()).isEmpty();
    }

    @Test
    void anUploadThatIsCancelledOrExpiresLeavesNothing() {
        UploadId cancelled = registry.begin(WEB);
        registry.uploads().append(grant(), cancelled, RegistryHarness.chunk(bytes(2 * PART + 5)));
        replica.uploads().append(grant(), cancelled, RegistryHarness.chunk(bytes(7)));
        registry.uploads().cancel(grant(), cancelled);
        UploadId expired = registry.begin(WEB);
        registry.uploads().append(grant(), expired, RegistryHarness.chunk(bytes(2 * PART + 5)));
        registry.uploads().append(grant(), registry.begin(WEB), RegistryHarness.chunk(bytes(5)));
        registry.sql().change("UPDATE upload SET expires_at = now()");

        assertThat(leftAfterHousekeeping()).isEmpty();
    }

    @Test
    void aClientThatGoesAwayFindsItsBytesWhereverItComesBack() {
        byte[] bytes = bytes(3 * PART + 50);
        UploadId id = registry.begin(WEB);
        InputStream cut = new InputStream() {
            private final InputStream sent = new ByteArrayInputStream(bytes, 0, PART + 50);

            @Override
            public int read() throws IOException {
                throw new IOException("not used");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int run = sent.read(buffer, offset, length);
                if (run < 0) {
                    throw new IOException("connection reset");
                }
                return run;
            }
        };
        assertThatThrownBy(() -> registry.uploads().append(grant(), id, RegistryHarness.chunk(cut)))
                .isInstanceOf(RegistryException.class);

        int stands = (int) replica.uploads().status(grant(), id).offset();
        assertThat(stands).isEqualTo(PART + 50);
        replica.uploads().append(grant(), id, RegistryHarness.chunk(Arrays.copyOfRange(bytes, stands, bytes.length)));
        assertThat(read(registry.finish(WEB, id, bytes))).isEqualTo(bytes);
    }

    @Test
    void aChunkThatIsGivenUpLeavesTheChunksBeforeItToBeFinished() {
        byte[] bytes = bytes(500);
        UploadId id = registry.begin(WEB);
        registry.uploads().append(grant(), id, RegistryHarness.chunk(bytes));
        fake.once(Operation.PUT_OBJECT, S3Fault.internalError());
        assertThatThrownBy(() -> registry.uploads().append(grant(), id, RegistryHarness.chunk(bytes(70))))
                .isInstanceOf(Unavailable.class);

        Digest digest = replica.finish(WEB, id, bytes);

        assertThat(read(digest)).isEqualTo(bytes);
        assertThat(leftAfterHousekeeping())
                .containsExactly(registry.keyOf(digest).value());
    }

    @Test
    void aLengthThatNoNumberCanHoldWithWhatIsThereIsRefused() {
        UploadId id = registry.begin(WEB);
        registry.uploads().append(grant(), id, RegistryHarness.chunk(bytes(500)));
        Chunk tooLong = new Chunk(Optional.empty(), Optional.of(Long.MAX_VALUE), new ByteArrayInputStream(new byte[1]));

        assertThatThrownBy(() -> registry.uploads().append(grant(), id, tooLong))
                .isInstanceOf(RegistryException.SizeInvalid.class);
    }

    @Test
    void anObjectThatIsShorterThanItWasIsNeverAWholeAnswer() {
        Digest digest = registry.pushBlob(WEB, bytes(500));
        fake.objects(BUCKET).put(registry.keyOf(digest).value(), bytes(400));

        assertThatThrownBy(() -> read(digest)).isInstanceOf(Unavailable.class);

        fake.objects(BUCKET).put(registry.keyOf(digest).value(), bytes(500));
    }

    @Test
    void aLostAnswerToTheLastRequestIsA503ThatTheSameRequestHeals() {
        byte[] bytes = bytes(2 * PART + 5);
        UploadId id = registry.begin(WEB);
        registry.uploads().append(grant(), id, RegistryHarness.chunk(bytes));
        fake.once(Operation.COMPLETE_UPLOAD, new S3Fault.Reset(Moment.AFTER_THE_EFFECT));
        fake.once(Operation.HEAD_OBJECT, S3Fault.internalError());
        assertThatThrownBy(() -> registry.finish(WEB, id, bytes)).isInstanceOf(Unavailable.class);

        Digest digest = replica.finish(WEB, id, bytes);

        assertThat(read(digest)).isEqualTo(bytes);
        assertThat(leftAfterHousekeeping())
                .containsExactly(registry.keyOf(digest).value());
    }

    @Test
    void aStoreThatFailsInTheMiddleCostsNoByteThatWasRecorded() {
        byte[] bytes = bytes(6 * PART);
        UploadId id = registry.begin(WEB);
        fake.once(request -> request.partNumber() == 5, S3Fault.internalError());
        assertThatThrownBy(() -> registry.uploads().append(grant(), id, RegistryHarness.chunk(bytes)))
                .isInstanceOf(Unavailable.class);

        int stands = (int) replica.uploads().status(grant(), id).offset();
        assertThat(stands).isEqualTo(4 * PART);
        replica.uploads().append(grant(), id, RegistryHarness.chunk(Arrays.copyOfRange(bytes, stands, bytes.length)));
        Digest digest = replica.finish(WEB, id, bytes);

        assertThat(read(digest)).isEqualTo(bytes);
        assertThat(leftAfterHousekeeping())
                .containsExactly(registry.keyOf(digest).value());
    }

    @Test
    void tenClientsThatPushOneBlobLeaveOneObject() throws Exception {
        byte[] bytes = bytes(2 * PART + 5);
        List<Callable<Digest>> pushes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RegistryHarness one = i % 2 == 0 ? registry : replica;
            String repository = "acme/web" + i % 3;
            pushes.add(() -> one.pushBlob(repository, bytes));
        }
        assertThat(Together.run(pushes)).hasSize(10);

        assertThat(leftAfterHousekeeping()).hasSize(1);
    }

    @Test
    void aLengthThatNoPartsCanHoldIsRefusedWithTheLimit() {
        UploadId id = registry.begin(WEB);
        Chunk tooLong =
                new Chunk(Optional.empty(), Optional.of(Long.MAX_VALUE / 4), new ByteArrayInputStream(new byte[1]));

        assertThatThrownBy(() -> registry.uploads().append(grant(), id, tooLong))
                .isInstanceOf(RegistryException.SizeInvalid.class)
                .hasMessageContaining("moorage.uploads.bytes-in-flight");
    }

    private List<String> leftAfterHousekeeping() {
        TestHousekeeping.run(registry);
        return fake.everything(BUCKET);
    }

    private byte[] read(Digest digest) {
        BlobBody body = replica.pulls().read(grant(), replica.pulls().blob(grant(), digest), Optional.empty());
        try (InputStream in = ((BlobBody.Stream) body).bytes()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Grant grant() {
        return TestGrants.to(WEB);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
