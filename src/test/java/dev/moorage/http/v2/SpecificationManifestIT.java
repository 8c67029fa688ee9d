package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the specifications demand of a pushed manifest.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Push: an absent subject MUST be accepted</td><td>SpecificationReferrersIT</td></tr>
 * <tr><td>absent blobs, if refused, MUST be MANIFEST_BLOB_UNKNOWN</td><td>aManifestWhoseBlobsAreAbsentIsRefused…</td></tr>
 * <tr><td>Pushing Manifests: parameters of Content-Type SHOULD be ignored</td><td>parametersOfTheTypeAreIgnored</td></tr>
 * <tr><td>the list of blobs MAY be empty</td><td>anIndexOfNothingIsAManifest, anImageWithoutLayersIsAManifest</td></tr>
 * <tr><td>exact bytes MUST be stored</td><td>bytesAreKeptExactly</td></tr>
 * <tr><td>201 MUST have a pullable Location; digest MUST equal the given one</td><td>anImageIsCreatedUnder…</td></tr>
 * <tr><td>tag parameters SHOULD be at least 10, MUST be answered with OCI-Tag (main)</td><td>tagsOfTheQuery…</td></tr>
 * <tr><td>absent repository MUST be 404 on pull</td><td>SpecificationPullIT.anAbsentManifestIs404</td></tr>
 * <tr><td>SHOULD limit manifests, SHOULD answer 413, SHOULD accept 4 MB</td><td>aManifestOf4MebibytesIsAccepted; BadInputsIT 27</td></tr>
 * <tr><td>Pushing Manifests with Subject: OCI-Subject MUST be there</td><td>SpecificationReferrersIT</td></tr>
 * <tr><td>Docker, PUT Manifest: Location, digest, empty body</td><td>anImageIsCreatedUnder…</td></tr>
 * </table>
 */
class SpecificationManifestIT {

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    private void assertCreated(Answer created, Content manifest) {
        created.expect(201);
        assertThat(created.header("docker-content-digest")).isEqualTo(manifest.digest());
        assertThat(created.header("content-length")).isEqualTo("0");
        Answer pulled = registry.get(created.header("location")).expect(200);
        assertThat(pulled.body()).isEqualTo(manifest.bytes());
        assertThat(pulled.header("content-type")).isEqualTo(manifest.mediaType());
    }

    @Test
    @Section({"OCI: Pushing Manifests", "Docker: Pushing an Image Manifest"})
    void anImageIsCreatedUnderATag() {
        for (Image image : List.of(images.image(), images.dockerImage())) {
            repository.pushBlobs(image);
            assertCreated(repository.put("v1", image.manifest()), image.manifest());
            assertThat(repository.resolve("v1")).hasValue(image.digest());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha512"})
    @Section("OCI: Pushing Manifests")
    void anImageIsCreatedUnderItsDigestAndNoTag(String algorithm) {
        Image image = images.with(algorithm).image();
        repository.pushBlobs(image);
        assertCreated(repository.put(image.digest(), image.manifest()), image.manifest());
        assertThat(repository.tags()).isEmpty();
    }

    @Test
    @Section("OCI: Pushing Manifests")
    void anIndexIsCreatedAfterItsChildren() {
        Image first = repository.push("first", images.image());
        Image second = repository.push("second", images.dockerImage());
        Content index = images.index(List.of(first.manifest(), second.manifest()), Map.of());
        assertCreated(repository.put("index", index), index);
        Content nested = images.index(List.of(index), Map.of());
        assertCreated(repository.put("nested", nested), nested);
        Content list = images.dockerList(List.of(second.manifest()));
        assertCreated(repository.put("list", list), list);
    }

    @Test
    @Section("OCI: Pushing Manifests")
    void anIndexMayHoldAChildBySha512() {
        Image child = images.with("sha512").image();
        repository.pushBlobs(child);
        repository.put(child.digest(), child.manifest()).expect(201);
        Content index = images.index(List.of(child.manifest()), Map.of());
        assertCreated(repository.put("index", index), index);
    }

    @Test
    @Section("OCI: Pushing Manifests, the list of blobs may be empty")
    void anIndexOfNothingIsAManifest() {
        Content index = images.index(List.of(), Map.of());
        assertCreated(repository.put("nothing", index), index);
    }

    @Test
    @Section("OCI: Pushing Manifests, the list of blobs may be empty")
    void anImageWithoutLayersIsAManifest() {
        Content config = images.content(ImageFactory.OCI_CONFIG, "{\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8));
        Image image = images.assemble(ImageFactory.OCI_MANIFEST, config, List.of(), Map.of());
        repository.pushBlobs(image);
        assertCreated(repository.put("v1", image.manifest()), image.manifest());
    }

    @Test
    @Section("OCI: Pushing Manifests")
    void anImageWhoseConfigIsNoJsonIsAManifest() {
        Image image = images.assemble(ImageFactory.OCI_MANIFEST, images.blob(100), List.of(images.blob(100)), Map.of());
        repository.pushBlobs(image);
        assertCreated(repository.put("v1", image.manifest()), image.manifest());
    }

    @Test
    @Section("OCI: Pushing Manifests")
    void bytesAreKeptExactly() {
        Image image = images.image();
        repository.pushBlobs(image);
        String text = new String(image.manifest().bytes(), StandardCharsets.UTF_8);
        String odd = " \n\t"
                + text.replace(",", " ,\r\n ")
                        .replaceFirst(
                                "\\{",
                                "{ \"annotations\": {\"z\": \"\\u0000 \\u202e <script> é\", \"a\": \"\"}, \"x-unknown\": [1.0e2, null],")
                + "\n ";
        Content manifest = images.content(ImageFactory.OCI_MANIFEST, odd.getBytes(StandardCharsets.UTF_8));
        assertCreated(repository.put("v1", manifest), manifest);
        assertThat(repository.get("manifests/v1").body()).isEqualTo(manifest.bytes());
    }

    @Test
    @Section("OCI: Pushing Manifests")
    void parametersOfTheTypeAreIgnored() {
        Image image = images.image();
        repository.pushBlobs(image);
        repository
                .putManifest(
                        "v1",
                        ImageFactory.OCI_MANIFEST + "; charset=utf-8",
                        image.manifest().bytes())
                .expect(201);
        assertThat(repository.get("manifests/v1").expect(200).header("content-type"))
                .isEqualTo(ImageFactory.OCI_MANIFEST);
    }

    @Test
    @Section({"OCI: Push", "Docker: Missing Layer(s)"})
    void aManifestWhoseBlobsAreAbsentIsRefusedWithOneErrorForEach() {
        Image image = images.image();
        repository.pushBlob(
                image.blobs().getFirst().digest(), image.blobs().getFirst().bytes());
        Answer refused = repository.put("v1", image.manifest()).expectError(404, "MANIFEST_BLOB_UNKNOWN");
        List<String> named = IntStream.range(0, refused.json().path("errors").size())
                .mapToObj(i -> refused.json()
                        .path("errors")
                        .path(i)
                        .path("detail")
                        .path("digest")
                        .asText())
                .toList();
        assertThat(named)
                .containsExactlyInAnyOrder(
                        image.blobs().get(1).digest(), image.blobs().get(2).digest());
        repository.get("manifests/v1").expect(404);
        repository.get("manifests/" + image.digest()).expect(404);
        repository.pushBlobs(image);
        repository.put("v1", image.manifest()).expect(201);
    }

    @Test
    @Section("OCI: Push")
    void anIndexWhoseChildrenAreAbsentIsRefused() {
        Image child = images.image();
        Content index = images.index(List.of(child.manifest()), Map.of());
        repository.put("index", index).expectError(404, "MANIFEST_BLOB_UNKNOWN");
        assertThat(repository.resolve("index")).isEmpty();
    }

    @Test
    @Section("OCI: Pushing Manifests")
    void aTagMovesToTheManifestPushedLast() {
        Image first = repository.push("v1", images.image());
        Image second = repository.push("v1", images.image());
        assertThat(repository.resolve("v1")).hasValue(second.digest());
        assertThat(repository.get("manifests/" + first.digest()).expect(200).body())
                .isEqualTo(first.manifest().bytes());
        repository.put("v1", first.manifest()).expect(201);
        assertThat(repository.resolve("v1")).hasValue(first.digest());
        repository.put("v1", first.manifest()).expect(201);
        assertThat(repository.tags()).containsExactly("v1");
    }

    @Test
    @Section("OCI: Pulling manifests, tags")
    void tagsDifferByCase() {
        Image lower = repository.push("v1", images.image());
        Image upper = repository.push("V1", images.image());
        assertThat(repository.resolve("v1")).hasValue(lower.digest());
        assertThat(repository.resolve("V1")).hasValue(upper.digest());
    }

    @Test
    @Section("OCI main: Pushing Manifests, tag parameters")
    void tagsOfTheQueryAreAllCreatedAndNamedInTheAnswer() {
        Image image = images.image();
        repository.pushBlobs(image);
        List<String> tags = IntStream.range(0, 10).mapToObj(i -> "t" + i).toList();
        Answer created = repository.put(image.digest() + "?tag=" + String.join("&tag=", tags), image.manifest());
        assertCreated(created, image.manifest());
        assertThat(created.elements("oci-tag")).containsExactlyInAnyOrderElementsOf(tags);
        for (String tag : tags) {
            assertThat(repository.resolve(tag)).hasValue(image.digest());
        }
        assertThat(repository.tags()).containsExactlyElementsOf(tags);
    }

    @Test
    @Section("OCI main: Pushing Manifests, tag parameters")
    void aHundredTagsOfTheQueryAreAccepted() {
        Image image = images.image();
        repository.pushBlobs(image);
        List<String> tags = IntStream.range(100, 200).mapToObj(i -> "t" + i).toList();
        Answer created = repository.put(image.digest() + "?tag=" + String.join("&tag=", tags), image.manifest());
        assertThat(created.expect(201).elements("oci-tag")).containsExactlyInAnyOrderElementsOf(tags);
        assertThat(repository.tags()).containsExactlyElementsOf(tags);
    }

    @Test
    @Section("OCI main: Pushing Manifests, tag parameters")
    void tagsOfTheQueryMoveTagsAndCountOnce() {
        repository.push("latest", images.image());
        Image image = images.image();
        repository.pushBlobs(image);
        repository
                .put(image.digest() + "?tag=latest&tag=latest&tag=1", image.manifest())
                .expect(201);
        assertThat(repository.resolve("latest")).hasValue(image.digest());
        assertThat(repository.tags()).containsExactly("1", "latest");
    }

    @Test
    @Section("OCI: Pushing Manifests, size")
    void aManifestOf4MebibytesIsAccepted() {
        Image image = images.image();
        repository.pushBlobs(image);
        byte[] bytes = Arrays.copyOf(image.manifest().bytes(), 4 << 20);
        Arrays.fill(bytes, image.manifest().bytes().length, bytes.length, (byte) ' ');
        Content padded = images.content(ImageFactory.OCI_MANIFEST, bytes);
        assertCreated(repository.put("v1", padded), padded);
        Map<String, Object> annotations = new LinkedHashMap<>();
        annotations.put("long", "x".repeat((4 << 20) - 4000));
        Image annotated = images.image(Map.of("annotations", annotations));
        repository.pushBlobs(annotated);
        assertCreated(repository.put("v2", annotated.manifest()), annotated.manifest());
    }

    @Test
    @Section("OCI: Pushing Manifests, conditions (RFC 9110, section 13)")
    void aConditionThatHoldsLetsTheTagMove() {
        Image first = images.image();
        repository.pushBlobs(first);
        conditional("v1", first, "If-None-Match", "*").expect(201);
        Image second = images.image();
        repository.pushBlobs(second);
        conditional("v1", second, "If-Match", "\"" + first.digest() + "\"").expect(201);
        assertThat(repository.resolve("v1")).hasValue(second.digest());
        conditional("v1", first, "If-Match", repository.head("manifests/v1").header("etag"))
                .expect(201);
        assertThat(repository.resolve("v1")).hasValue(first.digest());
        conditional("v1", second, "If-Match", "*").expect(201);
    }

    @Test
    @Section("OCI: Pushing Manifests, conditions (RFC 9110, section 13)")
    void aConditionThatDoesNotHoldLeavesTheTag() {
        Image first = repository.push("v1", images.image());
        Image second = images.image();
        repository.pushBlobs(second);
        conditional("v1", second, "If-None-Match", "*").expectError(412, "DENIED");
        conditional("v1", second, "If-Match", "\"" + second.digest() + "\"").expectError(412, "DENIED");
        conditional("absent", second, "If-Match", "*").expectError(412, "DENIED");
        conditional("absent", second, "If-Match", "\"" + first.digest() + "\"").expectError(412, "DENIED");
        assertThat(repository.resolve("v1")).hasValue(first.digest());
        assertThat(repository.tags()).containsExactly("v1");
    }

    private Answer conditional(String tag, Image image, String header, String value) {
        return repository
                .request("PUT", "manifests/" + tag)
                .header("Content-Type", image.manifest().mediaType())
                .header(header, value)
                .body(image.manifest().bytes())
                .send();
    }

    @Test
    @Section("OCI: Pushing Manifests")
    void anArtifactWithoutASubjectIsAManifest() {
        Content config = images.content(ImageFactory.EMPTY, "{}".getBytes(StandardCharsets.UTF_8));
        Image artifact = images.assemble(
                ImageFactory.OCI_MANIFEST,
                config,
                List.of(images.blob(40)),
                Map.of("artifactType", "application/x-test"));
        repository.pushBlobs(artifact);
        assertCreated(repository.put("v1", artifact.manifest()), artifact.manifest());
        assertThat(repository.put("v1", artifact.manifest()).find("oci-subject"))
                .isEqualTo(Optional.empty());
    }
}
