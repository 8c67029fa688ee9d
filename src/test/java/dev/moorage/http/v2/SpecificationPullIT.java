package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the specifications demand of a pull.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Determining Support: 200 on the base</td><td>theBaseSaysThatTheRegistryIsHere</td></tr>
 * <tr><td>Docker, API Version Check: the version header SHOULD be there</td><td>the same</td></tr>
 * <tr><td>OCI, Pulling manifests: name MUST match</td><td>everyNameOfTheGrammarNamesARepository; the others in BadInputsIT</td></tr>
 * <tr><td>reference MUST be a tag of at most 128 characters or a digest</td><td>aTagOf128CharactersIsATag; BadInputsIT 11–13</td></tr>
 * <tr><td>MUST be 200 with the manifest</td><td>aManifestComesByTagAndByDigestExactlyAsPushed</td></tr>
 * <tr><td>Content-Type SHOULD match, SHOULD NOT have parameters</td><td>theTypeOfAManifestIsTheOneItWasPushedWith</td></tr>
 * <tr><td>Docker-Content-Digest MUST be there (main)</td><td>aManifestComesByTagAndByDigestExactlyAsPushed</td></tr>
 * <tr><td>absent MUST be 404</td><td>anAbsentManifestIs404, anAbsentBlobIs404</td></tr>
 * <tr><td>Pulling blobs: MUST be 200 with the blob and its digest</td><td>aBlobComesWhole</td></tr>
 * <tr><td>SHOULD support Range</td><td>aRangeOfABlobIsServed and the tests beside it</td></tr>
 * <tr><td>Checking if content exists: HEAD MUST be 200, MUST have digest and length</td><td>headOf…</td></tr>
 * <tr><td>Docker, Pulling a Layer: caching, ETag, ranges SHOULD be supported</td><td>whatTheClientHasIsNotSentAgain, aBlobSaysThatItNeverChanges</td></tr>
 * <tr><td>OCI main, Registry Proxying: ns MAY be ignored</td><td>theProxyParameterIsIgnored</td></tr>
 * </table>
 */
class SpecificationPullIT {

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @Test
    @Section({"OCI: Determining Support", "Docker: API Version Check"})
    void theBaseSaysThatTheRegistryIsHere() {
        Answer answer = registry.get("/v2/").expect(200);
        assertThat(answer.header("docker-distribution-api-version")).isEqualTo("registry/2.0");
        registry.request("HEAD", "/v2/").send().expect(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "0", "a.b_c__d-e---f", "blobs", "tags/list/x", "manifests", "a/uploads/blobs", "v2/v2"})
    @Section({"OCI: Pulling manifests", "Docker: Overview"})
    void everyNameOfTheGrammarNamesARepository(String suffix) {
        RepositoryClient named = registry.repository(RegistryClient.newName() + "/" + suffix);
        Image image = named.push("v1", images.image());
        assertThat(named.get("manifests/v1").expect(200).body())
                .isEqualTo(image.manifest().bytes());
        assertThat(named.tags()).containsExactly("v1");
        named.assertBlob(
                image.blobs().getLast().digest(), image.blobs().getLast().bytes());
    }

    @Test
    @Section("Docker: Overview")
    void aNameOf255CharactersNamesARepository() {
        String start = RegistryClient.newName() + "/";
        RepositoryClient named = registry.repository(start + "a".repeat(255 - start.length()));
        named.push("v1", images.image());
        assertThat(named.tags()).containsExactly("v1");
    }

    @Test
    @Section("OCI: Pulling manifests")
    void aTagOf128CharactersIsATag() {
        String tag = "_" + "T.x-y_9".repeat(18) + "z";
        assertThat(tag).hasSize(128);
        Image image = repository.push(tag, images.image());
        assertThat(repository.resolve(tag)).hasValue(image.digest());
    }

    @Test
    @Section({"OCI: Pulling manifests", "OCI main: Pulling manifests", "Docker: Pulling an Image Manifest"})
    void aManifestComesByTagAndByDigestExactlyAsPushed() {
        Image image = repository.push("v1", images.image());
        for (String reference : new String[] {"v1", image.digest()}) {
            Answer answer = repository.get("manifests/" + reference).expect(200);
            assertThat(answer.body()).isEqualTo(image.manifest().bytes());
            assertThat(answer.header("docker-content-digest")).isEqualTo(image.digest());
            assertThat(answer.header("content-length"))
                    .isEqualTo("" + image.manifest().bytes().length);
        }
    }

    @Test
    @Section("OCI: Pulling manifests")
    void theTypeOfAManifestIsTheOneItWasPushedWith() {
        Image oci = repository.push("oci", images.image());
        Image docker = repository.push("docker", images.dockerImage());
        repository.put("index", images.index(List.of(oci.manifest()), Map.of())).expect(201);
        repository.put("list", images.dockerList(List.of(docker.manifest()))).expect(201);
        assertThat(typeOf("oci")).isEqualTo(ImageFactory.OCI_MANIFEST);
        assertThat(typeOf("docker")).isEqualTo(ImageFactory.DOCKER_MANIFEST);
        assertThat(typeOf("index")).isEqualTo(ImageFactory.OCI_INDEX);
        assertThat(typeOf("list")).isEqualTo(ImageFactory.DOCKER_LIST);
    }

    private String typeOf(String reference) {
        String byHead = repository.head("manifests/" + reference).expect(200).header("content-type");
        String byGet = repository.get("manifests/" + reference).expect(200).header("content-type");
        assertThat(byHead).isEqualTo(byGet);
        return byGet;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*/*", "application/json", ImageFactory.OCI_MANIFEST, ImageFactory.OCI_INDEX, "text/html"})
    @Section("OCI: Pulling manifests, Accept")
    void whatIsStoredIsServedWhateverIsAccepted(String accepted) {
        Image image = repository.push("v1", images.image());
        RegistryClient.Request request = repository.request("GET", "manifests/v1");
        if (!accepted.isEmpty()) {
            request.header("Accept", accepted);
        }
        assertThat(request.send().expect(200).body()).isEqualTo(image.manifest().bytes());
    }

    @Test
    @Section("OCI: Pulling manifests")
    void anAbsentManifestIs404() {
        repository.push("v1", images.image());
        repository.get("manifests/absent").expectError(404, "MANIFEST_UNKNOWN");
        repository.get("manifests/" + images.blob(1).digest()).expectError(404, "MANIFEST_UNKNOWN");
        assertThat(repository.head("manifests/absent").expect(404).body()).isEmpty();
        assertThat(registry.newRepository().get("manifests/v1").expect(404).errorCode())
                .isIn("NAME_UNKNOWN", "MANIFEST_UNKNOWN");
    }

    @Test
    @Section({"OCI: Pulling manifests", "OCI main: sha512"})
    void aManifestPushedBySha512IsPulledBySha512() {
        ImageFactory sha512 = images.with("sha512");
        Image image = sha512.image();
        repository.pushBlobs(image);
        repository.put(image.digest(), image.manifest()).expect(201);
        Answer answer = repository.get("manifests/" + image.digest()).expect(200);
        assertThat(answer.body()).isEqualTo(image.manifest().bytes());
        assertThat(answer.header("docker-content-digest")).isEqualTo(image.digest());
        repository.head("manifests/" + image.digest()).expect(200);
    }

    @Test
    @Section({"OCI: Pulling blobs", "OCI main: Pulling blobs", "Docker: Pulling a Layer"})
    void aBlobComesWhole() {
        ImageFactory.Content blob = images.blob(70_000);
        repository.pushBlob(blob.digest(), blob.bytes());
        Answer answer = repository.get("blobs/" + blob.digest()).expect(200);
        assertThat(answer.body()).isEqualTo(blob.bytes());
        assertThat(answer.header("docker-content-digest")).isEqualTo(blob.digest());
        assertThat(answer.header("content-length")).isEqualTo("70000");
    }

    @Test
    @Section("OCI: Pulling blobs")
    void anAbsentBlobIs404() {
        repository.push("v1", images.image());
        repository.assertNoBlob(images.blob(9).digest());
        assertThat(repository.head("blobs/" + images.blob(9).digest()).body()).isEmpty();
        registry.newRepository().get("blobs/" + images.blob(9).digest()).expect(404);
    }

    @Test
    @Section({"OCI: Pulling blobs", "OCI main: sha512"})
    void aBlobPushedBySha512IsPulledBySha512() {
        ImageFactory.Content blob = images.with("sha512").blob(5000);
        repository.pushBlob(blob.digest(), blob.bytes());
        repository.assertBlob(blob.digest(), blob.bytes());
        assertThat(repository.head("blobs/" + blob.digest()).header("docker-content-digest"))
                .isEqualTo(blob.digest());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=500-1499, 500, 1499",
        "bytes=500-, 500, 2047",
        "bytes=-500, 1548, 2047",
        "bytes=2000-5000, 2000, 2047",
        "bytes=-5000, 0, 2047",
        "bytes=2047-2047, 2047, 2047"
    })
    @Section({"OCI: Pulling blobs, Range", "Docker: Fetch Blob Part"})
    void aRangeOfABlobIsServed(String range, int first, int last) {
        ImageFactory.Content blob = images.blob(2048);
        repository.pushBlob(blob.digest(), blob.bytes());
        Answer answer = ranged(blob, "Range", range).expect(206);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(blob.bytes(), first, last + 1));
        assertThat(answer.header("content-range")).isEqualTo("bytes " + first + "-" + last + "/2048");
        assertThat(answer.header("content-length")).isEqualTo("" + (last - first + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=2048-", "bytes=5000-10000", "bytes=500-0", "bytes=-0"})
    @Section({"OCI: Pulling blobs, Range", "Docker: Fetch Blob Part"})
    void aRangeOutsideOfTheBlobIs416(String range) {
        ImageFactory.Content blob = images.blob(2048);
        repository.pushBlob(blob.digest(), blob.bytes());
        assertThat(ranged(blob, "Range", range).expect(416).header("content-range"))
                .isEqualTo("bytes */2048");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines=1-2", "bytes=0-1,5-6", "bytes=", "bytes=x-y", "0-5"})
    @Section("OCI: Pulling blobs, Range (RFC 9110, section 14.2)")
    void aRangeThatIsNotUnderstoodIsIgnored(String range) {
        ImageFactory.Content blob = images.blob(2048);
        repository.pushBlob(blob.digest(), blob.bytes());
        assertThat(ranged(blob, "Range", range).expect(200).body()).isEqualTo(blob.bytes());
    }

    @Test
    @Section("OCI: Pulling blobs, Range (RFC 9110, section 13.1.5)")
    void ifRangeServesTheWholeWhenTheBlobIsAnotherOne() {
        ImageFactory.Content blob = images.blob(2048);
        repository.pushBlob(blob.digest(), blob.bytes());
        String etag = repository.head("blobs/" + blob.digest()).header("etag");
        ranged(blob, "Range", "bytes=0-9", "If-Range", etag).expect(206);
        ranged(blob, "Range", "bytes=0-9", "If-Range", "\"other\"").expect(200);
    }

    private Answer ranged(ImageFactory.Content blob, String... headers) {
        RegistryClient.Request request = repository.request("GET", "blobs/" + blob.digest());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    @Test
    @Section({"OCI: Checking if content exists", "OCI main: Checking if content exists", "Docker: Existing Manifests"})
    void headOfAManifestSaysDigestAndSizeAndNothingElse() {
        Image image = repository.push("v1", images.image());
        for (String reference : new String[] {"v1", image.digest()}) {
            Answer answer = repository.head("manifests/" + reference).expect(200);
            assertThat(answer.header("docker-content-digest")).isEqualTo(image.digest());
            assertThat(answer.header("content-length"))
                    .isEqualTo("" + image.manifest().bytes().length);
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    @Section({"OCI: Checking if content exists", "OCI main: Checking if content exists", "Docker: Existing Layers"})
    void headOfABlobSaysDigestAndSizeAndThatRangesAreServed() {
        ImageFactory.Content blob = images.blob(12_345);
        repository.pushBlob(blob.digest(), blob.bytes());
        Answer answer = repository.head("blobs/" + blob.digest()).expect(200);
        assertThat(answer.header("docker-content-digest")).isEqualTo(blob.digest());
        assertThat(answer.header("content-length")).isEqualTo("12345");
        assertThat(answer.header("accept-ranges")).isEqualTo("bytes");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    @Section("Docker: Pulling a Layer")
    void whatTheClientHasIsNotSentAgain() {
        Image image = repository.push("v1", images.image());
        String blob = image.blobs().getLast().digest();
        for (String path : new String[] {"manifests/v1", "manifests/" + image.digest(), "blobs/" + blob, "tags/list"}) {
            String etag = repository.get(path).expect(200).header("etag");
            assertThat(etag).as(path).matches("(W/)?\"[^\"]+\"");
            Answer same = repository
                    .request("GET", path)
                    .header("If-None-Match", etag)
                    .send()
                    .expect(304);
            assertThat(same.body()).isEmpty();
            assertThat(same.header("etag")).isEqualTo(etag);
            repository
                    .request("GET", path)
                    .header("If-None-Match", "\"x\", " + etag)
                    .send()
                    .expect(304);
            repository
                    .request("GET", path)
                    .header("If-None-Match", "\"other\"")
                    .send()
                    .expect(200);
        }
    }

    @Test
    @Section("Docker: Pulling a Layer")
    void aTagThatMovedIsSentAgain() {
        repository.push("v1", images.image());
        String manifest = repository.get("manifests/v1").header("etag");
        String list = repository.get("tags/list").header("etag");
        Image second = repository.push("v1", images.image());
        repository.push("v2", images.image());
        Answer moved = repository
                .request("GET", "manifests/v1")
                .header("If-None-Match", manifest)
                .send()
                .expect(200);
        assertThat(moved.body()).isEqualTo(second.manifest().bytes());
        repository
                .request("GET", "tags/list")
                .header("If-None-Match", list)
                .send()
                .expect(200);
    }

    @Test
    @Section("OCI main: Registry Proxying")
    void theProxyParameterIsIgnored() {
        Image image = repository.push("v1", images.image());
        assertThat(repository.get("manifests/v1?ns=docker.io").expect(200).body())
                .isEqualTo(image.manifest().bytes());
        repository
                .get("blobs/" + image.blobs().getLast().digest() + "?ns=docker.io")
                .expect(200);
        repository.get("tags/list?ns=docker.io").expect(200);
    }

    @Test
    @Section("OCI: Warnings")
    void warningsIfAnyAreFormedAsTheSpecificationSays() {
        repository.push("v1", images.image());
        for (String warning : repository.get("manifests/v1").expect(200).all("warning")) {
            assertThat(warning).startsWith("299 - \"").endsWith("\"").hasSizeLessThan(4096);
        }
    }
}
