package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.ChunkOutOfPlace;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.DigestInvalid;
import dev.moorage.error.RegistryException.SizeInvalid;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.UploadService.Chunk;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.Together;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small blobs that come whole with the request that ends their upload, and whatever keeps one from going that way. */
class SmallUploadIT {

    private static final int MOST = 4096;
    private static final String WEB = "acme/web";
    private static final Grant ANNA = TestGrants.to(WEB, "anna");

    private final ImageFactory factory = ImageFactory.seeded(71);
    private final byte[] bytes = factory.bytes(MOST);
    private final Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(
                new FilesystemBlobStore(directory), Map.of("moorage.storage.rows-up-to", Integer.toString(MOST)));
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @ParameterizedTest
    @EnumSource
    void itsBytesAreInTheDatabaseAndNoObjectIsMade(Digest.Algorithm algorithm) {
        Digest named = Digest.ofBytes(algorithm, bytes);

        assertThat(finish(ANNA, begin(ANNA), named, RegistryHarness.announced(bytes)))
                .isEqualTo(named);

        assertThat(registry.keyOf(named).isRow()).isTrue();
        assertThat(registry.store().list(Optional.empty(), 10)).containsExactly(registry.keyOf(named));
        assertThat(registry.pulls().blobHead(ANNA, named).size()).isEqualTo(bytes.length);
        assertThat(read(registry, named, Optional.empty())).isEqualTo(bytes);
        RegistryHarness other = registry.replica();
        assertThat(read(other, named, Optional.of(new ByteRange(7, 99))))
                .as("a part, from a replica that has not seen the bytes")
                .isEqualTo(Arrays.copyOfRange(bytes, 7, 100));
        assertThat(read(other, named, Optional.empty())).isEqualTo(bytes);
    }

    @Test
    void oneByteMoreGoesToTheStore() {
        byte[] larger = factory.bytes(MOST + 1);
        Digest large = Digest.ofBytes(Digest.Algorithm.SHA256, larger);
        for (boolean announced : new boolean[] {true, false}) {
            for (boolean chunked : new boolean[] {true, false}) {
                UploadId id = begin(ANNA);
                Chunk body = announced ? RegistryHarness.announced(larger) : RegistryHarness.chunk(larger);
                if (chunked) {
                    assertThat(registry.uploads().append(ANNA, id, body).offset())
                            .isEqualTo(larger.length);
                }
                finish(ANNA, id, large, chunked ? RegistryHarness.chunk(new byte[0]) : body);
                assertThat(registry.keyOf(large).isRow()).isFalse();
            }
        }
        assertThat(small()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatComesBeforeTheLastRequestIsTheBlobsTooIfNothingFollows(boolean announced) {
        UploadId id = begin(ANNA);
        Chunk body = announced ? RegistryHarness.announced(bytes) : RegistryHarness.chunk(bytes);

        assertThat(registry.uploads().append(ANNA, id, body).offset()).isEqualTo(bytes.length);
        assertThat(registry.replica().uploads().status(ANNA, id).offset()).isEqualTo(bytes.length);
        assertThat(registry.store().list(Optional.empty(), 10)).hasSize(1);

        assertThat(registry.replica()
                        .uploads()
                        .finish(ANNA, id, Optional.of(digest.toString()), RegistryHarness.announced(new byte[0])))
                .isEqualTo(digest);
        assertThat(registry.keyOf(digest).isRow()).isTrue();
        assertThat(registry.store().list(Optional.empty(), 10)).containsExactly(registry.keyOf(digest));
        assertThat(read(registry.replica(), digest, Optional.empty())).isEqualTo(bytes);
        assertThat(registry.sql().number("SELECT count(*) FROM tombstone")).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MOST - 1})
    void moreBytesTakeTheFirstWithThemIntoTheStore(int first) {
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.announced(Arrays.copyOf(bytes, first)));
        BlobKey row = keyOf(id);
        assertThat(row.isRow()).isTrue();

        byte[] rest = Arrays.copyOfRange(bytes, first, bytes.length);
        assertThat(registry.replica()
                        .uploads()
                        .append(ANNA, id, RegistryHarness.announced(Arrays.copyOf(rest, 1)))
                        .offset())
                .isEqualTo(first + 1);
        assertThat(keyOf(id).isRow()).isFalse();
        finish(ANNA, id, digest, RegistryHarness.chunk(Arrays.copyOfRange(rest, 1, rest.length)));

        assertThat(registry.keyOf(digest).isRow()).isFalse();
        assertThat(registry.store().stat(registry.keyOf(digest))).hasValue(bytes.length);
        assertThat(registry.sql().rows("SELECT storage_key FROM tombstone")).containsExactly(row.value());
    }

    @Test
    void chunkThatDoesNotBeginWhereTheUploadStandsIsRefused() {
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.announced(Arrays.copyOf(bytes, 100)));

        for (long from : new long[] {0, 99, 101}) {
            assertThatThrownBy(() -> registry.uploads().append(ANNA, id, placed(from, 10)))
                    .isInstanceOf(ChunkOutOfPlace.class);
        }
        assertThat(registry.uploads().append(ANNA, id, placed(100, 10)).offset())
                .isEqualTo(110);
        UploadId other = begin(ANNA);
        assertThatThrownBy(() -> registry.uploads().append(ANNA, other, placed(1, 10)))
                .isInstanceOf(ChunkOutOfPlace.class);
        assertThat(registry.uploads().append(ANNA, other, placed(0, 10)).offset())
                .isEqualTo(10);
    }

    @Test
    void otherDigestThanThatOfTheFirstBytesEndsTheUploadAndCondemnsThem() {
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.announced(bytes));
        BlobKey row = keyOf(id);
        Digest other = Digest.ofBytes(Digest.Algorithm.SHA256, new byte[1]);

        assertThatThrownBy(() -> finish(ANNA, id, other, RegistryHarness.chunk(new byte[0])))
                .isInstanceOf(DigestInvalid.class);
        assertThatThrownBy(() -> registry.uploads().status(ANNA, id)).isInstanceOf(UploadUnknown.class);
        assertThat(registry.sql().rows("SELECT storage_key FROM tombstone")).containsExactly(row.value());
    }

    @Test
    void firstBytesThatAnotherAlgorithmNamesInTheEndAreReadAgain() {
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.announced(bytes));
        Digest long512 = Digest.ofBytes(Digest.Algorithm.SHA512, bytes);

        assertThat(finish(ANNA, id, long512, RegistryHarness.chunk(new byte[0])))
                .isEqualTo(long512);
        assertThat(registry.keyOf(long512).isRow()).isTrue();

        UploadId of512 = registry.uploads().begin(ANNA, Digest.Algorithm.SHA512).id();
        registry.uploads().append(ANNA, of512, RegistryHarness.announced(bytes));
        assertThat(keyOf(of512).isRow())
                .as("an upload of another algorithm goes the long way")
                .isFalse();
    }

    @Test
    void cancelledUploadCondemnsItsFirstBytes() {
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.announced(bytes));
        BlobKey row = keyOf(id);

        registry.uploads().cancel(ANNA, id);

        assertThat(registry.sql().rows("SELECT storage_key FROM tombstone")).containsExactly(row.value());
    }

    @Test
    void firstBytesOfADigestThatIsThereAlreadyAreCondemned() {
        finish(ANNA, begin(ANNA), digest, RegistryHarness.announced(bytes));
        UploadId id = begin(ANNA);
        registry.uploads().append(ANNA, id, RegistryHarness.announced(bytes));
        BlobKey second = keyOf(id);

        assertThat(finish(ANNA, id, digest, RegistryHarness.chunk(new byte[0]))).isEqualTo(digest);
        assertThat(registry.keyOf(digest)).isNotEqualTo(second);
        assertThat(registry.sql().rows("SELECT storage_key FROM tombstone")).containsExactly(second.value());
    }

    @Test
    void repeatedRequestIsAnsweredAsBefore() {
        UploadId id = begin(ANNA);
        finish(ANNA, id, digest, RegistryHarness.announced(bytes));

        assertThat(finish(ANNA, id, digest, RegistryHarness.announced(bytes))).isEqualTo(digest);
        assertThat(finish(ANNA, id, digest, RegistryHarness.chunk(new byte[0]))).isEqualTo(digest);
        assertThatThrownBy(() -> registry.uploads().status(ANNA, id)).isInstanceOf(UploadUnknown.class);
        assertThat(small()).isOne();
    }

    @Test
    void anotherDigestThanThatOfTheBytesEndsTheUpload() {
        UploadId id = begin(ANNA);
        Digest other = Digest.ofBytes(Digest.Algorithm.SHA256, new byte[1]);

        assertThatThrownBy(() -> finish(ANNA, id, other, RegistryHarness.announced(bytes)))
                .isInstanceOf(DigestInvalid.class)
                .hasMessageContaining(digest.toString());
        assertThatThrownBy(() -> registry.uploads().status(ANNA, id)).isInstanceOf(UploadUnknown.class);
        assertThat(small()).isZero();
    }

    @Test
    void digestThatIsThereAlreadyIsLinkedToTheObjectThatItHas() {
        finish(ANNA, begin(ANNA), digest, RegistryHarness.announced(bytes));
        BlobKey first = registry.keyOf(digest);
        Grant elsewhere = TestGrants.to("globex/other");

        finish(elsewhere, begin(elsewhere), digest, RegistryHarness.announced(bytes));
        finish(ANNA, begin(ANNA), digest, RegistryHarness.announced(bytes));

        assertThat(registry.keyOf(digest)).isEqualTo(first);
        assertThat(registry.pulls().blob(elsewhere, digest).key()).isEqualTo(first);
        assertThat(small()).isOne();
    }

    @Test
    void rowThatHasLostItsBytesIsReplacedByTheNextPush() {
        finish(ANNA, begin(ANNA), digest, RegistryHarness.announced(bytes));
        BlobKey lost = registry.keyOf(digest);
        registry.store().delete(lost);

        finish(ANNA, begin(ANNA), digest, RegistryHarness.announced(bytes));

        BlobKey present = registry.keyOf(digest);
        assertThat(present).isNotEqualTo(lost);
        assertThat(registry.store().stat(present)).hasValue(bytes.length);
        assertThat(registry.sql().rows("SELECT storage_key FROM tombstone")).containsExactly(lost.value());
    }

    @Test
    void bodyThatEndsEarlyLeavesTheUploadWhereItStandsToGoOnFrom() {
        UploadId id = begin(ANNA);
        InputStream cut = new SequenceInputStream(new ByteArrayInputStream(bytes, 0, 1000), new Gone());

        assertThatThrownBy(() ->
                        finish(ANNA, id, digest, new Chunk(Optional.empty(), Optional.of((long) bytes.length), cut)))
                .isInstanceOf(SizeInvalid.class);
        assertThat(registry.uploads().status(ANNA, id).offset()).isEqualTo(1000);

        byte[] rest = Arrays.copyOfRange(bytes, 1000, bytes.length);
        assertThat(finish(ANNA, id, digest, RegistryHarness.announced(rest))).isEqualTo(digest);
        assertThat(registry.keyOf(digest).isRow()).isFalse();
        assertThat(small()).isZero();
    }

    @Test
    void uploadIsUnknownToEverybodyButWhoBeganIt() {
        UploadId id = begin(ANNA);

        assertThatThrownBy(() -> finish(TestGrants.to(WEB, "bert"), id, digest, RegistryHarness.announced(bytes)))
                .isInstanceOf(UploadUnknown.class);
        assertThatThrownBy(
                        () -> finish(TestGrants.to("acme/other", "anna"), id, digest, RegistryHarness.announced(bytes)))
                .isInstanceOf(UploadUnknown.class);
        assertThat(small()).isZero();
        assertThat(finish(ANNA, id, digest, RegistryHarness.announced(bytes))).isEqualTo(digest);
    }

    @Test
    void uploadThatHasExpiredOrWasCancelledIsUnknown() {
        UploadId expired = begin(ANNA);
        UploadId cancelled = begin(ANNA);
        registry.sql().change("UPDATE upload SET expires_at = now() WHERE id = ?", expired.value());
        registry.uploads().cancel(ANNA, cancelled);

        for (UploadId id : List.of(expired, cancelled)) {
            assertThatThrownBy(() -> finish(ANNA, id, digest, RegistryHarness.announced(bytes)))
                    .isInstanceOf(UploadUnknown.class);
        }
        assertThat(small()).isZero();
    }

    @Test
    void manyRequestsForOneUploadMakeOneBlob() throws InterruptedException {
        UploadId id = begin(ANNA);

        List<Digest> answers = Together.run(IntStream.range(0, 10)
                .mapToObj(i -> (Callable<Digest>) () -> finish(ANNA, id, digest, RegistryHarness.announced(bytes)))
                .toList());

        assertThat(answers).containsOnly(digest);
        assertThat(small()).isOne();
    }

    @Test
    void ofTwoContentsForOneUploadOneBecomesItsBlob() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            UploadId id = begin(ANNA);
            List<String> answers = Together.run(IntStream.range(0, 6)
                    .mapToObj(i -> (Callable<String>) () -> {
                        byte[] own = factory.bytes(100 + i);
                        Digest named = Digest.ofBytes(Digest.Algorithm.SHA256, own);
                        try {
                            return finish(ANNA, id, named, RegistryHarness.announced(own))
                                    .toString();
                        } catch (DigestInvalid _) {
                            return "refused";
                        }
                    })
                    .toList());

            List<String> done =
                    answers.stream().filter(answer -> !answer.equals("refused")).toList();
            assertThat(done).hasSize(1);
            assertThat(registry.sql().rows("SELECT finished_digest FROM upload WHERE id = ?", id.value()))
                    .isEqualTo(done);
        }
        assertThat(small()).isEqualTo(20);
    }

    @Test
    void manyUploadsOfOneDigestLeaveOneRow() throws InterruptedException {
        List<Digest> answers = Together.run(IntStream.range(0, 10)
                .mapToObj(i -> TestGrants.to("acme/r" + i % 5))
                .map(grant ->
                        (Callable<Digest>) () -> finish(grant, begin(grant), digest, RegistryHarness.announced(bytes)))
                .toList());

        assertThat(answers).containsOnly(digest);
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isOne();
        assertThat(registry.sql().number("SELECT count(*) FROM repository_blob"))
                .isEqualTo(5);
        assertThat(small()).isOne();
    }

    @Test
    void ofAnOrganizationWithAQuotaWhatFitsIsKeptTheSameWayAndWhatDoesNotEndsItsUpload() {
        registry.begin(WEB);
        registry.sql().change("UPDATE organization SET quota_bytes = ?", 2L * MOST - 1);
        finish(ANNA, begin(ANNA), digest, RegistryHarness.announced(bytes));
        assertThat(registry.keyOf(digest).isRow()).isTrue();

        UploadId id = begin(ANNA);
        byte[] more = factory.bytes(MOST);
        Digest second = Digest.ofBytes(Digest.Algorithm.SHA256, more);
        assertThatThrownBy(() -> finish(ANNA, id, second, RegistryHarness.announced(more)))
                .isInstanceOf(Denied.class);
        assertThatThrownBy(() -> registry.uploads().status(ANNA, id)).isInstanceOf(UploadUnknown.class);
        assertThatThrownBy(() -> registry.pulls().blob(ANNA, second)).isInstanceOf(BlobUnknown.class);
        assertThat(small()).isOne();
    }

    @Test
    void requestThatHoldsTheUploadKeepsIt() {
        UploadId id = begin(ANNA);
        registry.sql()
                .change(
                        "UPDATE upload SET epoch = 1, lease_until = now() + interval '1 hour' WHERE id = ?",
                        id.value());

        RegistryHarness impatient =
                registry.replica(new UploadTimes(Duration.ofMillis(100), Duration.ofMillis(5), Duration.ofHours(1)));
        assertThatThrownBy(() -> impatient
                        .uploads()
                        .finish(ANNA, id, Optional.of(digest.toString()), RegistryHarness.announced(bytes)))
                .hasMessageContaining("another request");
        assertThat(small()).isZero();
    }

    private UploadId begin(Grant grant) {
        return registry.uploads().begin(grant, Digest.Algorithm.SHA256).id();
    }

    private Digest finish(Grant grant, UploadId id, Digest named, Chunk chunk) {
        return registry.uploads().finish(grant, id, Optional.of(named.toString()), chunk);
    }

    private BlobKey keyOf(UploadId id) {
        return new BlobKey(registry.sql()
                .rows("SELECT storage_key FROM upload WHERE id = ?", id.value())
                .getFirst());
    }

    private Chunk placed(long from, int length) {
        return new Chunk(
                Optional.of(new ByteRange(from, from + length - 1)),
                Optional.of((long) length),
                new ByteArrayInputStream(bytes, (int) from, length));
    }

    private long small() {
        return registry.sql().number("SELECT count(*) FROM small_object");
    }

    private static byte[] read(RegistryHarness replica, Digest digest, Optional<ByteRange> range) {
        FoundBlob found = replica.pulls().blob(ANNA, digest);
        return ((BlobBody.Bytes) replica.pulls().read(ANNA, found, range)).bytes();
    }

    /** What is left of a body whose client is gone. */
    private static final class Gone extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the client is gone");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
        }
    }
}
