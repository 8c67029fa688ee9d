package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What the specification demands of referrers.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Push: a subject that is absent MUST be accepted</td><td>referrersMayComeBeforeTheirSubject</td></tr>
 * <tr><td>Pushing Manifests with Subject: MUST answer OCI-Subject</td><td>theAnswerSaysWhichSubjectWasUnderstood</td></tr>
 * <tr><td>Listing Referrers: MUST be 200 and MUST NOT be 404</td><td>thereAreNoReferrersOf…</td></tr>
 * <tr><td>invalid digest MUST be 400</td><td>aDigestThatIsNoneIs400; BadInputsIT 42</td></tr>
 * <tr><td>MUST be an index with that Content-Type; none MUST be an empty list</td><td>thereAreNoReferrersOf…</td></tr>
 * <tr><td>artifactType MUST be the manifest's, else the config's, else absent for an index</td><td>eachReferrerIsDescribed…</td></tr>
 * <tr><td>annotations MUST be there</td><td>eachReferrerIsDescribed…</td></tr>
 * <tr><td>what does not fit into one index MUST have Link, RFC 5988</td><td>aListTooLongForOneIndexIsGivenInPages</td></tr>
 * <tr><td>filter SHOULD be supported, MUST be told in OCI-Filters-Applied</td><td>theFilterKeepsOneTypeAndSaysSo</td></tr>
 * <tr><td>Enabling the Referrers API: old lists MUST be included, new manifests MUST be included</td><td>whatAReferrersTagListsIsListed</td></tr>
 * </table>
 */
class SpecificationReferrersIT {

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    private Image attach(Image artifact) {
        repository.pushBlobs(artifact);
        repository.put(artifact.digest(), artifact.manifest()).expect(201);
        return artifact;
    }

    @Test
    @Section("OCI: Listing Referrers")
    void thereAreNoReferrersOfWhatNobodyRefersTo() {
        Image image = repository.push("v1", images.image());
        for (String digest : List.of(
                image.digest(),
                images.blob(1).digest(),
                images.with("sha512").blob(1).digest())) {
            assertEmptyIndex(repository.get("referrers/" + digest));
        }
    }

    @Test
    @Section("OCI: Listing Referrers")
    void thereAreNoReferrersInARepositoryThatIsAbsent() {
        assertEmptyIndex(repository.get("referrers/" + images.blob(1).digest()));
    }

    private static void assertEmptyIndex(Answer answer) {
        answer.expect(200);
        assertThat(answer.header("content-type")).isEqualTo(ImageFactory.OCI_INDEX);
        assertThat(answer.json().path("schemaVersion").asInt()).isEqualTo(2);
        assertThat(answer.json().path("mediaType").asText()).isEqualTo(ImageFactory.OCI_INDEX);
        assertThat(answer.json().path("manifests").isArray()).isTrue();
        assertThat(answer.json().path("manifests")).isEmpty();
        assertThat(answer.find("link")).isEmpty();
    }

    @Test
    @Section("OCI: Listing Referrers")
    void aDigestThatIsNoneIs400() {
        repository.push("v1", images.image());
        repository.get("referrers/sha256:short").expectError(400, "DIGEST_INVALID");
        repository.get("referrers/v1").expectError(400, "DIGEST_INVALID");
    }

    @Test
    @Section("OCI: Pushing Manifests with Subject")
    void theAnswerSaysWhichSubjectWasUnderstood() {
        Image image = repository.push("v1", images.image());
        Image artifact = images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of());
        repository.pushBlobs(artifact);
        assertThat(repository.put("signature", artifact.manifest()).expect(201).header("oci-subject"))
                .isEqualTo(image.digest());
        assertThat(repository
                        .put(artifact.digest(), artifact.manifest())
                        .expect(201)
                        .header("oci-subject"))
                .isEqualTo(image.digest());
    }

    @Test
    @Section("OCI: Push, subject")
    void referrersMayComeBeforeTheirSubject() {
        Image image = images.image();
        Image artifact = images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of());
        repository.pushBlobs(artifact);
        assertThat(repository
                        .put(artifact.digest(), artifact.manifest())
                        .expect(201)
                        .header("oci-subject"))
                .isEqualTo(image.digest());
        assertThat(repository.referrers(image.digest())).containsExactly(artifact.digest());
        repository.push("v1", image);
        assertThat(repository.referrers(image.digest())).containsExactly(artifact.digest());
    }

    @Test
    @Section("OCI: Listing Referrers")
    void eachReferrerIsDescribedAsTheSpecificationSays() {
        Image image = repository.push("v1", images.image());
        Map<String, String> annotations =
                Map.of("org.example.format", "json", "empty", "", "odd", "\u202e<script>\u0000");
        Image typed = attach(images.artifact(Optional.of("application/x-sbom"), image.manifest(), annotations));
        Image untyped = attach(images.image(Map.of("subject", image.manifest().descriptor())));
        Content index = images.index(
                List.of(image.manifest()),
                Map.of("subject", image.manifest().descriptor(), "annotations", Map.of("k", "v")));
        repository.put(index.digest(), index).expect(201);
        Content typedIndex = images.index(
                List.of(), Map.of("subject", image.manifest().descriptor(), "artifactType", "application/x-index"));
        repository.put(typedIndex.digest(), typedIndex).expect(201);

        Answer answer = repository.get("referrers/" + image.digest()).expect(200);
        assertThat(answer.header("content-type")).isEqualTo(ImageFactory.OCI_INDEX);
        assertThat(answer.json().path("manifests")).hasSize(4);
        JsonNode first = described(answer, typed.manifest());
        assertThat(first.path("artifactType").asText()).isEqualTo("application/x-sbom");
        assertThat(first.path("annotations")).hasSize(3);
        annotations.forEach((key, value) ->
                assertThat(first.path("annotations").path(key).asText()).isEqualTo(value));
        JsonNode second = described(answer, untyped.manifest());
        assertThat(second.path("artifactType").asText()).isEqualTo(ImageFactory.OCI_CONFIG);
        JsonNode third = described(answer, index);
        assertThat(third.has("artifactType")).isFalse();
        assertThat(third.path("annotations").path("k").asText()).isEqualTo("v");
        assertThat(described(answer, typedIndex).path("artifactType").asText()).isEqualTo("application/x-index");
    }

    private static JsonNode described(Answer answer, Content manifest) {
        for (JsonNode descriptor : answer.json().path("manifests")) {
            if (descriptor.path("digest").asText().equals(manifest.digest())) {
                assertThat(descriptor.path("size").asLong()).isEqualTo(manifest.bytes().length);
                assertThat(descriptor.path("mediaType").asText()).isEqualTo(manifest.mediaType());
                return descriptor;
            }
        }
        throw new AssertionError(manifest.digest() + " is not in " + answer);
    }

    @Test
    @Section("OCI: Listing Referrers, artifactType")
    void theFilterKeepsOneTypeAndSaysSo() {
        Image image = repository.push("v1", images.image());
        Image first = attach(images.artifact(Optional.of("application/x-sbom+json"), image.manifest(), Map.of()));
        attach(images.artifact(Optional.of("application/x-other"), image.manifest(), Map.of()));
        Image byConfig = attach(images.image(Map.of("subject", image.manifest().descriptor())));
        assertThat(filtered(image, "application/x-sbom+json")).containsExactly(first.digest());
        assertThat(filtered(image, ImageFactory.OCI_CONFIG)).containsExactly(byConfig.digest());
        assertThat(filtered(image, "application/x-absent")).isEmpty();
        assertThat(repository.get("referrers/" + image.digest()).find("oci-filters-applied"))
                .isEmpty();
    }

    private List<String> filtered(Image subject, String type) {
        Answer answer = repository
                .get("referrers/" + subject.digest() + "?artifactType=" + RegistryClient.encoded(type))
                .expect(200);
        assertThat(answer.header("oci-filters-applied")).isEqualTo("artifactType");
        assertThat(answer.header("content-type")).isEqualTo(ImageFactory.OCI_INDEX);
        List<String> digests = new ArrayList<>();
        answer.json()
                .path("manifests")
                .forEach(node -> digests.add(node.path("digest").asText()));
        return digests;
    }

    @Test
    @Section("OCI: Listing Referrers, Link")
    void aListTooLongForOneIndexIsGivenInPages() {
        Image image = repository.push("v1", images.image());
        List<String> pushed = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            Map<String, String> long500k = Map.of("n", "" + i, "long", "x".repeat(500_000));
            pushed.add(attach(images.artifact(Optional.of("application/x-long"), image.manifest(), long500k))
                    .digest());
        }
        assertPages(image, "", pushed);
        assertPages(image, "?artifactType=application%2Fx-long", pushed);
    }

    @Test
    @Section("OCI: Listing Referrers, Link")
    void aReferrerTooLongForAPageWithOthersIsAPageOfItsOwn() {
        Image image = repository.push("v1", images.image());
        List<String> pushed = new ArrayList<>();
        for (int length : new int[] {3_600_000, 10, 3_600_000, 3_600_000, 10}) {
            Map<String, String> long3M = Map.of("n", "" + pushed.size(), "long", "x".repeat(length));
            pushed.add(attach(images.artifact(Optional.of("application/x-long"), image.manifest(), long3M))
                    .digest());
        }
        assertPages(image, "", pushed);
        assertPages(image, "?artifactType=application%2Fx-long", pushed);
    }

    private void assertPages(Image image, String query, List<String> expected) {
        List<String> seen = new ArrayList<>();
        int pages = 0;
        Optional<String> target = Optional.of(repository.path("referrers/" + image.digest() + query));
        while (target.isPresent()) {
            Answer page = registry.get(target.get()).expect(200);
            assertThat(page.body()).as("an index that clients can read").hasSizeLessThanOrEqualTo(4 << 20);
            assertThat(page.header("content-type")).isEqualTo(ImageFactory.OCI_INDEX);
            assertThat(page.find("oci-filters-applied").isPresent()).isEqualTo(!query.isEmpty());
            page.json()
                    .path("manifests")
                    .forEach(node -> seen.add(node.path("digest").asText()));
            target = page.next();
            pages++;
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(pages).isGreaterThan(1);
    }

    @Test
    @Section("OCI: Listing Referrers")
    void manySmallReferrersAreListedOnceEach() {
        Image image = repository.push("v1", images.image());
        List<String> pushed = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Content index = images.index(
                    List.of(), Map.of("subject", image.manifest().descriptor(), "annotations", Map.of("n", "" + i)));
            repository.put(index.digest(), index).expect(201);
            pushed.add(index.digest());
        }
        assertThat(repository.referrers(image.digest())).containsExactlyInAnyOrderElementsOf(pushed);
    }

    @Test
    @Section("OCI: Listing Referrers")
    void aSubjectMayBeNamedBySha512() {
        Image image = images.with("sha512").image();
        repository.pushBlobs(image);
        repository.put(image.digest(), image.manifest()).expect(201);
        Image artifact = attach(images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of()));
        assertThat(repository.referrers(image.digest())).containsExactly(artifact.digest());
    }

    @Test
    @Section("OCI: Listing Referrers")
    void referrersOfAnotherRepositoryAreNotListed() {
        Image image = repository.push("v1", images.image());
        attach(images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of()));
        RepositoryClient other = registry.newRepository();
        other.push("v1", image);
        assertThat(other.referrers(image.digest())).isEmpty();
    }

    @Test
    @Section("OCI: Deleting Manifests")
    void aDeletedReferrerIsNotListed() {
        Image image = repository.push("v1", images.image());
        Image kept = attach(images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of()));
        Image gone = attach(images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of()));
        repository.delete("manifests/" + gone.digest()).expect(202);
        assertThat(repository.referrers(image.digest())).containsExactly(kept.digest());
    }

    @Test
    @Section("OCI: Listing Referrers")
    void referrersOutliveTheirSubject() {
        Image image = repository.push("v1", images.image());
        Image artifact = attach(images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of()));
        repository.delete("manifests/" + image.digest()).expect(202);
        assertThat(repository.referrers(image.digest())).containsExactly(artifact.digest());
    }

    @Test
    @Section({"OCI: Enabling the Referrers API", "OCI: Referrers Tag Schema"})
    void whatAReferrersTagListsIsListed() {
        Image image = repository.push("v1", images.image());
        Image artifact = attach(images.artifact(Optional.of("application/x-sbom"), image.manifest(), Map.of()));
        Content list = images.index(List.of(artifact.manifest()), Map.of());
        String tag = image.digest().replace(':', '-');
        repository.put(tag, list).expect(201);
        assertThat(repository.referrers(image.digest())).containsExactly(artifact.digest());
        assertThat(repository.get("manifests/" + tag).expect(200).body()).isEqualTo(list.bytes());
    }
}
