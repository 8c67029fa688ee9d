package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the specifications demand of a blob pushed in chunks.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Pushing a blob in chunks: 202 MUST have Location and Range, to the last byte of the blob so far</td>
 *     <td>eachChunkIsAcknowledgedWithTheEndOfTheBlobSoFar</td></tr>
 * <tr><td>Location of each answer SHOULD be used, and is usable</td><td>chunksOf…, theBlobOf…</td></tr>
 * <tr><td>out of order MUST be 416, PATCH</td><td>aChunkOutOfOrderIsRefusedAndTheSessionSurvives, theFirstChunkBeginsAtZero</td></tr>
 * <tr><td>out of order MUST be 416, closing PUT (main)</td><td>aLastChunkOutOfOrderIsRefusedAndTheSessionSurvives</td></tr>
 * <tr><td>closing PUT MUST be 201 with a pullable Location</td><td>chunksCloseWithAnEmptyPut, chunksCloseWithTheLastChunk</td></tr>
 * <tr><td>closing PUT MUST have the digest</td><td>BadInputsIT 21</td></tr>
 * <tr><td>status MUST be 204 with Location and Range</td><td>theStatusOfAnUploadIsItsLastByte, theStatusOfAnEmptyUpload…</td></tr>
 * <tr><td>Docker, Upload Progress, Chunked Upload: Docker-Upload-UUID and an empty body</td><td>the same</td></tr>
 * <tr><td>Docker, Stream upload: PATCH without Content-Range</td><td>aStreamNeedsNeitherRangeNorLength</td></tr>
 * </table>
 */
class SpecificationChunkedIT {

    private static final int CHUNK = 1024;
    private static final byte[] NOTHING = new byte[0];

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();
    private final Content blob = images.blob(3 * CHUNK - 5);

    private byte[] part(int first, int end) {
        return Arrays.copyOfRange(blob.bytes(), first, end);
    }

    @Test
    @Section({"OCI: Pushing a blob in chunks", "Docker: Chunked Upload"})
    void eachChunkIsAcknowledgedWithTheEndOfTheBlobSoFar() {
        Answer begun = repository.begin().expect(202);
        String location = begun.header("location");
        for (int first = 0; first < blob.bytes().length; first += CHUNK) {
            int end = Math.min(first + CHUNK, blob.bytes().length);
            Answer answer =
                    repository.patchChunk(location, first, part(first, end)).expect(202);
            assertThat(answer.header("range")).isEqualTo("0-" + (end - 1));
            assertThat(answer.header("docker-upload-uuid")).isEqualTo(begun.header("docker-upload-uuid"));
            assertThat(answer.header("content-length")).isEqualTo("0");
            location = answer.header("location");
        }
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha512"})
    @Section("OCI: Pushing a blob in chunks")
    void chunksCloseWithAnEmptyPut(String algorithm) {
        String digest =
                images.with(algorithm).content(blob.mediaType(), blob.bytes()).digest();
        String location = repository
                .patchChunk(repository.beginUpload(), 0, part(0, 1500))
                .expect(202)
                .header("location");
        location = repository
                .patchChunk(location, 1500, part(1500, blob.bytes().length))
                .expect(202)
                .header("location");
        Answer done = repository.finish(location, digest, NOTHING).expect(201);
        assertThat(done.header("docker-content-digest")).isEqualTo(digest);
        assertThat(registry.get(done.header("location")).expect(200).body()).isEqualTo(blob.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha512"})
    @Section("OCI: Pushing a blob in chunks")
    void chunksCloseWithTheLastChunk(String algorithm) {
        String digest =
                images.with(algorithm).content(blob.mediaType(), blob.bytes()).digest();
        String location = repository
                .patchChunk(repository.beginUpload(), 0, part(0, CHUNK))
                .expect(202)
                .header("location");
        location = repository
                .patchChunk(location, CHUNK, part(CHUNK, 2 * CHUNK))
                .expect(202)
                .header("location");
        Answer done = repository
                .finishChunk(location, digest, 2L * CHUNK, part(2 * CHUNK, blob.bytes().length))
                .expect(201);
        assertThat(registry.get(done.header("location")).expect(200).body()).isEqualTo(blob.bytes());
    }

    @Test
    @Section("Docker: Completed Upload")
    void theLastChunkMayComeWithoutItsRange() {
        String location = repository
                .patchChunk(repository.beginUpload(), 0, part(0, CHUNK))
                .expect(202)
                .header("location");
        repository
                .finish(location, blob.digest(), part(CHUNK, blob.bytes().length))
                .expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section({"OCI: Pushing a blob in chunks", "Docker: Chunked Upload"})
    void aChunkOutOfOrderIsRefusedAndTheSessionSurvives() {
        Answer begun = repository.begin().expect(202);
        String location = repository
                .patchChunk(begun.header("location"), 0, part(0, CHUNK))
                .header("location");
        for (int wrong : new int[] {0, CHUNK - 1, CHUNK + 1, 2 * CHUNK}) {
            Answer refused = repository.patchChunk(location, wrong, part(CHUNK, 2 * CHUNK));
            refused.expectError(416, "BLOB_UPLOAD_INVALID");
            assertThat(refused.header("range")).isEqualTo("0-" + (CHUNK - 1));
            assertThat(refused.header("location")).startsWith(repository.path("blobs/uploads/"));
            assertThat(refused.header("docker-upload-uuid")).isEqualTo(begun.header("docker-upload-uuid"));
            Answer status = repository.status(location).expect(204);
            assertThat(status.header("range")).isEqualTo("0-" + (CHUNK - 1));
            location = status.header("location");
        }
        location = repository
                .patchChunk(location, CHUNK, part(CHUNK, blob.bytes().length))
                .expect(202)
                .header("location");
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: Pushing a blob in chunks")
    void theFirstChunkBeginsAtZero() {
        String location = repository.beginUpload();
        repository.patchChunk(location, CHUNK, part(CHUNK, 2 * CHUNK)).expectError(416, "BLOB_UPLOAD_INVALID");
        location = repository.status(location).expect(204).header("location");
        location = repository.patchChunk(location, 0, blob.bytes()).expect(202).header("location");
        repository.finish(location, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI main: Pushing a blob in chunks, closing PUT")
    void aLastChunkOutOfOrderIsRefusedAndTheSessionSurvives() {
        String location = repository
                .patchChunk(repository.beginUpload(), 0, part(0, CHUNK))
                .header("location");
        byte[] rest = part(CHUNK, blob.bytes().length);
        for (int wrong : new int[] {0, CHUNK - 1, CHUNK + 1}) {
            repository.finishChunk(location, blob.digest(), wrong, rest).expectError(416, "BLOB_UPLOAD_INVALID");
            repository.get("blobs/" + blob.digest()).expect(404);
            Answer status = repository.status(location).expect(204);
            assertThat(status.header("range")).isEqualTo("0-" + (CHUNK - 1));
            location = status.header("location");
        }
        repository.finishChunk(location, blob.digest(), CHUNK, rest).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section({"OCI: Pushing a blob in chunks, status", "Docker: Upload Progress"})
    void theStatusOfAnUploadIsItsLastByte() {
        Answer begun = repository.begin().expect(202);
        String location = repository
                .patchChunk(begun.header("location"), 0, part(0, 1500))
                .header("location");
        Answer status = repository.status(location).expect(204);
        assertThat(status.header("range")).isEqualTo("0-1499");
        assertThat(status.header("docker-upload-uuid")).isEqualTo(begun.header("docker-upload-uuid"));
        assertThat(status.body()).isEmpty();
        repository.patchChunk(status.header("location"), 1500, part(1500, 1501)).expect(202);
        assertThat(repository.status(location).expect(204).header("range")).isEqualTo("0-1500");
    }

    @Test
    @Section({"OCI: Pushing a blob in chunks, status", "Docker: Upload Progress"})
    void theStatusOfAnEmptyUploadIsWrittenAsZeroToZero() {
        String location = repository.beginUpload();
        Answer status = repository.status(location).expect(204);
        assertThat(status.header("range")).isEqualTo("0-0");
        assertThat(status.header("location")).startsWith(repository.path("blobs/uploads/"));
    }

    @Test
    @Section("Docker: Stream upload")
    void aStreamNeedsNeitherRangeNorLength() {
        Content large = images.blob(1_000_003);
        Answer answer =
                repository.patchStream(repository.beginUpload(), large.bytes()).expect(202);
        assertThat(answer.header("range")).isEqualTo("0-1000002");
        repository.finish(answer.header("location"), large.digest(), NOTHING).expect(201);
        repository.assertBlob(large.digest(), large.bytes());
    }

    @Test
    @Section("Docker: Stream upload")
    void aStreamWithALengthNeedsNoRange() {
        Answer answer = repository.patch(repository.beginUpload(), blob.bytes()).expect(202);
        assertThat(answer.header("range")).isEqualTo("0-" + (blob.bytes().length - 1));
        repository.finish(answer.header("location"), blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("Docker: Stream upload")
    void aSecondStreamContinuesTheFirst() {
        String location = repository
                .patch(repository.beginUpload(), part(0, 100))
                .expect(202)
                .header("location");
        Answer second =
                repository.patchStream(location, part(100, blob.bytes().length)).expect(202);
        assertThat(second.header("range")).isEqualTo("0-" + (blob.bytes().length - 1));
        repository.finish(second.header("location"), blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: Pushing a blob in chunks")
    void aWrongDigestAtTheEndIsRefusedAndNothingIsReadable() {
        Content other = images.blob(10);
        String location = repository
                .patchChunk(repository.beginUpload(), 0, blob.bytes())
                .expect(202)
                .header("location");
        repository.finish(location, other.digest(), NOTHING).expectError(400, "DIGEST_INVALID");
        repository.get("blobs/" + blob.digest()).expect(404);
        repository.get("blobs/" + other.digest()).expect(404);
    }

    @Test
    @Section("OCI: Pushing a blob in chunks, OCI-Chunk-Min-Length")
    void chunksOfOneByteAreAcceptedWhereNoMinimumIsAnnounced() {
        Answer begun = repository.begin().expect(202);
        if (begun.find("oci-chunk-min-length").isPresent()) {
            assertThat(begun.header("oci-chunk-min-length")).matches("[1-9][0-9]*");
            return;
        }
        byte[] three = part(0, 3);
        String location = begun.header("location");
        for (int i = 0; i < 3; i++) {
            Answer answer = repository.patchChunk(location, i, part(i, i + 1)).expect(202);
            assertThat(answer.header("range")).isEqualTo("0-" + i);
            location = answer.header("location");
        }
        repository.finish(location, ImageFactory.sha256(three), NOTHING).expect(201);
        repository.assertBlob(ImageFactory.sha256(three), three);
    }

    @Test
    @Section("OCI: Pushing a blob in chunks")
    void twoUploadsOfOneRepositoryDoNotMix() {
        Content second = images.blob(2000);
        String one =
                repository.patchChunk(repository.beginUpload(), 0, part(0, 500)).header("location");
        String two = repository
                .patchChunk(repository.beginUpload(), 0, Arrays.copyOf(second.bytes(), 700))
                .header("location");
        one = repository
                .patchChunk(one, 500, part(500, blob.bytes().length))
                .expect(202)
                .header("location");
        two = repository
                .patchChunk(two, 700, Arrays.copyOfRange(second.bytes(), 700, 2000))
                .expect(202)
                .header("location");
        repository.finish(two, second.digest(), NOTHING).expect(201);
        repository.finish(one, blob.digest(), NOTHING).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
        repository.assertBlob(second.digest(), second.bytes());
    }
}
