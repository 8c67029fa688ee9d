package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the specifications demand of a blob pushed in one piece, or mounted.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Pushing blobs: an invalid or unknown digest SHOULD be 400</td><td>aWrongDigestIsRefusedAndNothingIsReadable; BadInputsIT 13, 21, 25</td></tr>
 * <tr><td>POST then PUT: 202 MUST have Location, MUST contain a UUID</td><td>aSessionHasAnAddressWithAUuid</td></tr>
 * <tr><td>201 MUST have a pullable Location</td><td>aBlobPutInOnePieceIsPullableWhereTheAnswerSays</td></tr>
 * <tr><td>Single POST: 201 MUST have a pullable Location</td><td>aSinglePostMakesTheBlob</td></tr>
 * <tr><td>Mounting: 201 MUST have a pullable Location</td><td>aMountedBlobIsInBothRepositories, anonymous…</td></tr>
 * <tr><td>Mounting: impossible SHOULD be 202</td><td>aMountThatCannotBeIsAnUpload</td></tr>
 * <tr><td>Cancel: SHOULD be 204 (main)</td><td>aCancelledUploadIsGone</td></tr>
 * <tr><td>Docker, Uploading the Layer: Range, UUID, empty body</td><td>aSessionHasAnAddressWithAUuid</td></tr>
 * <tr><td>Docker, Digest Parameter: content MUST be verified</td><td>aWrongDigestIsRefusedAndNothingIsReadable</td></tr>
 * </table>
 */
class SpecificationPushIT {

    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @Test
    @Section({"OCI: POST then PUT", "Docker: Starting An Upload", "Docker: Initiate Resumable Blob Upload"})
    void aSessionHasAnAddressWithAUuid() {
        Answer answer = repository.begin().expect(202);
        String uuid = answer.header("docker-upload-uuid");
        assertThat(uuid).matches(UUID);
        assertThat(answer.header("location"))
                .startsWith(repository.path("blobs/uploads/"))
                .contains(uuid);
        assertThat(answer.header("range")).isEqualTo("0-0");
        assertThat(answer.header("content-length")).isEqualTo("0");
        assertThat(repository.begin().header("docker-upload-uuid")).isNotEqualTo(uuid);
    }

    @Test
    @Section("OCI: POST then PUT")
    void theSessionsAddressIsRelative() {
        assertThat(repository.beginUpload()).startsWith("/v2/");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 512, 65_536, 3_000_001})
    @Section({"OCI: POST then PUT", "Docker: Monolithic Upload", "Docker: Completed Upload"})
    void aBlobPutInOnePieceIsPullableWhereTheAnswerSays(int size) {
        Content blob = images.blob(size);
        Answer done = repository
                .finish(repository.beginUpload(), blob.digest(), blob.bytes())
                .expect(201);
        assertThat(registry.get(done.header("location")).expect(200).body()).isEqualTo(blob.bytes());
        assertThat(done.header("docker-content-digest")).isEqualTo(blob.digest());
        assertThat(done.header("content-length")).isEqualTo("0");
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha512"})
    @Section({"OCI: Single POST", "Docker: Initiate Monolithic Blob Upload"})
    void aSinglePostMakesTheBlob(String algorithm) {
        Content blob = images.with(algorithm).blob(4321);
        Answer done = repository.singlePost(blob.digest(), blob.bytes()).expect(201);
        assertThat(registry.get(done.header("location")).expect(200).body()).isEqualTo(blob.bytes());
        assertThat(done.header("docker-content-digest")).isEqualTo(blob.digest());
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section({"OCI: Single POST", "OCI: Pushing blobs"})
    void aSinglePostWithAnotherDigestMakesNothing() {
        Content blob = images.blob(4321);
        Content other = images.blob(10);
        repository.singlePost(other.digest(), blob.bytes()).expectError(400, "DIGEST_INVALID");
        repository.begin().expect(202);
        repository.get("blobs/" + blob.digest()).expect(404);
        repository.get("blobs/" + other.digest()).expect(404);
    }

    @Test
    @Section("OCI: Single POST")
    void theEmptyBlobIsPushedInOnePost() {
        String digest = ImageFactory.sha256(new byte[0]);
        repository.singlePost(digest, new byte[0]).expect(201);
        repository.assertBlob(digest, new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha512"})
    @Section({"OCI: Pushing blobs", "Docker: Digest Parameter"})
    void aWrongDigestIsRefusedAndNothingIsReadable(String algorithm) {
        Content right = images.with(algorithm).blob(2000);
        Content wrong = images.with(algorithm).blob(2000);
        String location = repository.beginUpload();
        repository.finish(location, wrong.digest(), right.bytes()).expectError(400, "DIGEST_INVALID");
        repository.push("v1", images.image());
        repository.assertNoBlob(right.digest());
        repository.assertNoBlob(wrong.digest());
    }

    @Test
    @Section("OCI main: Pushing blobs, digest-algorithm")
    void theAlgorithmCanBeAnnounced() {
        Content blob = images.with("sha512").blob(3000);
        String location = repository
                .request("POST", "blobs/uploads/?digest-algorithm=sha512")
                .send()
                .expect(202)
                .header("location");
        location = repository.patch(location, blob.bytes()).expect(202).header("location");
        repository.finish(location, blob.digest(), new byte[0]).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI main: Pushing blobs, digest-algorithm")
    void theAlgorithmNeedNotBeAnnounced() {
        Content blob = images.with("sha512").blob(3000);
        String location = repository
                .patch(repository.beginUpload(), blob.bytes())
                .expect(202)
                .header("location");
        repository.finish(location, blob.digest(), new byte[0]).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: POST then PUT")
    void theSameBlobCanBePushedAgainAndElsewhere() {
        Content blob = images.blob(900);
        repository.pushBlob(blob.digest(), blob.bytes());
        repository.pushBlob(blob.digest(), blob.bytes());
        RepositoryClient other = registry.newRepository();
        other.pushBlob(blob.digest(), blob.bytes());
        repository.assertBlob(blob.digest(), blob.bytes());
        other.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: Pulling blobs")
    void aBlobIsOnlyInTheRepositoryItWasPushedTo() {
        Content blob = images.blob(900);
        registry.newRepository().pushBlob(blob.digest(), blob.bytes());
        repository.push("v1", images.image());
        repository.assertNoBlob(blob.digest());
    }

    @Test
    @Section("OCI: POST then PUT (RFC 9110, section 10.1.1)")
    void theBodyIsAskedForWhenTheClientWaitsForThat() {
        Content blob = images.blob(100_000);
        String target = RegistryClient.withQuery(repository.beginUpload(), "digest", blob.digest());
        try (RawHttp raw = registry.raw()) {
            raw.head(
                    "PUT",
                    target,
                    "Content-Type: application/octet-stream",
                    "Content-Length: 100000",
                    "Expect: 100-continue");
            raw.answer("PUT").expect(100);
            raw.bytes(blob.bytes()).flush();
            raw.answer("PUT").expect(201);
        }
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: POST then PUT (RFC 9112, section 7.1)")
    void theClosingPutMayComeInTheChunkedCoding() {
        Content blob = images.blob(100_000);
        String target = RegistryClient.withQuery(repository.beginUpload(), "digest", blob.digest());
        try (RawHttp raw = registry.raw()) {
            raw.head("PUT", target, "Transfer-Encoding: chunked")
                    .chunk(blob.bytes())
                    .lastChunk();
            raw.answer("PUT").expect(201);
        }
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section({"OCI: Mounting a blob from another repository", "Docker: Cross Repository Blob Mount"})
    void aMountedBlobIsInBothRepositories() {
        Content blob = images.blob(700);
        RepositoryClient source = registry.newRepository();
        source.pushBlob(blob.digest(), blob.bytes());
        Answer mounted =
                repository.mount(blob.digest(), Optional.of(source.name())).expect(201);
        assertThat(registry.get(mounted.header("location")).expect(200).body()).isEqualTo(blob.bytes());
        assertThat(mounted.header("docker-content-digest")).isEqualTo(blob.digest());
        assertThat(mounted.header("content-length")).isEqualTo("0");
        repository.assertBlob(blob.digest(), blob.bytes());
        source.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: Mounting a blob from another repository, from is optional")
    void anonymousMountFindsABlobOfTheSameOrganization() {
        Content blob = images.blob(700);
        RepositoryClient source = registry.repository(repository.name() + "/source");
        source.pushBlob(blob.digest(), blob.bytes());
        Answer mounted = repository.mount(blob.digest(), Optional.empty()).expect(201);
        assertThat(registry.get(mounted.header("location")).expect(200).body()).isEqualTo(blob.bytes());
    }

    @Test
    @Section("OCI: Mounting a blob from another repository, from is optional")
    void anonymousMountFindsABlobOfAnotherOrganizationThatTheCallerMayRead() {
        Content blob = images.blob(700);
        registry.newRepository().pushBlob(blob.digest(), blob.bytes());
        repository.mount(blob.digest(), Optional.empty()).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section({"OCI: Mounting a blob from another repository", "Docker: Cross Repository Blob Mount"})
    void aMountThatCannotBeIsAnUpload() {
        Content blob = images.blob(700);
        RepositoryClient empty = registry.newRepository();
        empty.push("v1", images.image());
        for (Optional<String> from :
                List.of(Optional.of(empty.name()), Optional.of("absent/repository"), Optional.<String>empty())) {
            Answer answer = repository.mount(blob.digest(), from).expect(202);
            assertThat(answer.header("range")).isEqualTo("0-0");
            assertThat(answer.header("docker-upload-uuid")).matches(UUID);
            repository.get("blobs/" + blob.digest()).expect(404);
            repository.cancel(answer.header("location")).expect(204);
        }
        String location =
                repository.mount(blob.digest(), Optional.of(empty.name())).header("location");
        repository.finish(location, blob.digest(), blob.bytes()).expect(201);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: Mounting a blob from another repository")
    void aBlobDeletedInTheSourceCannotBeMountedFromIt() {
        Content blob = images.blob(700);
        RepositoryClient source = registry.newRepository();
        source.pushBlob(blob.digest(), blob.bytes());
        source.delete("blobs/" + blob.digest()).expect(202);
        repository.mount(blob.digest(), Optional.of(source.name())).expect(202);
        repository.get("blobs/" + blob.digest()).expect(404);
    }

    @Test
    @Section({"OCI main: Cancel a blob upload", "Docker: Canceling an Upload"})
    void aCancelledUploadIsGone() {
        Content blob = images.blob(700);
        String location = repository
                .patch(repository.beginUpload(), blob.bytes())
                .expect(202)
                .header("location");
        assertThat(repository.cancel(location).expect(204).body()).isEmpty();
        repository.status(location).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        repository.patch(location, blob.bytes()).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        repository.finish(location, blob.digest(), new byte[0]).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        repository.cancel(location).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        repository.get("blobs/" + blob.digest()).expect(404);
    }

    @Test
    @Section("Docker: Canceling an Upload")
    void anUploadThatHasNothingYetCanBeCancelled() {
        String location = repository.beginUpload();
        repository.cancel(location).expect(204);
        repository.status(location).expectError(404, "BLOB_UPLOAD_UNKNOWN");
    }
}
