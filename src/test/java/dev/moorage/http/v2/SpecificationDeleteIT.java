package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What the specifications demand of deletions.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Deleting tags: MUST be 202, then 404</td><td>aDeletedTagIsGoneAndItsManifestStays</td></tr>
 * <tr><td>Deleting Manifests: MUST be 202, then 404 by digest and by every tag</td><td>aDeletedManifestTakesItsTags</td></tr>
 * <tr><td>absent repository MUST be 404</td><td>whatIsAbsentCannotBeDeleted</td></tr>
 * <tr><td>Deleting Blobs: MUST be 202, absent MUST be 404</td><td>aDeletedBlobIsGoneHereAndNowhereElse, whatIsAbsentCannotBeDeleted</td></tr>
 * <tr><td>disabled MUST be 400 or 405</td><td>deletion is never disabled as a whole; BadInputsIT 51 for a referenced blob</td></tr>
 * <tr><td>Docker, Deleting a Layer, Deleting an Image</td><td>the same; that a tag cannot be deleted has been overruled by OCI</td></tr>
 * </table>
 */
class SpecificationDeleteIT {

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @Test
    @Section("OCI: Deleting tags")
    void aDeletedTagIsGoneAndItsManifestStays() {
        Image image = repository.push("v1", images.image());
        repository.put("v2", image.manifest()).expect(201);
        repository.delete("manifests/v1").expect(202);
        repository.get("manifests/v1").expectError(404, "MANIFEST_UNKNOWN");
        repository.delete("manifests/v1").expectError(404, "MANIFEST_UNKNOWN");
        assertThat(repository.tags()).containsExactly("v2");
        repository.get("manifests/" + image.digest()).expect(200);
        repository.put("v1", image.manifest()).expect(201);
        assertThat(repository.resolve("v1")).hasValue(image.digest());
    }

    @Test
    @Section({"OCI: Deleting Manifests", "Docker: Deleting an Image"})
    void aDeletedManifestTakesItsTags() {
        Image image = repository.push("v1", images.image());
        repository.put("v2", image.manifest()).expect(201);
        Image other = repository.push("other", images.image());
        repository.delete("manifests/" + image.digest()).expect(202);
        for (String reference : List.of("v1", "v2", image.digest())) {
            repository.get("manifests/" + reference).expectError(404, "MANIFEST_UNKNOWN");
            repository.head("manifests/" + reference).expect(404);
        }
        repository.delete("manifests/" + image.digest()).expectError(404, "MANIFEST_UNKNOWN");
        assertThat(repository.tags()).containsExactly("other");
        assertThat(repository.resolve("other")).hasValue(other.digest());
    }

    @Test
    @Section("OCI: Deleting Manifests")
    void aDeletedManifestCanBePushedAgain() {
        Image image = repository.push("v1", images.image());
        repository.delete("manifests/" + image.digest()).expect(202);
        repository.put("v1", image.manifest()).expect(201);
        assertThat(repository.get("manifests/v1").expect(200).body())
                .isEqualTo(image.manifest().bytes());
        for (Content blob : image.blobs()) {
            repository.assertBlob(blob.digest(), blob.bytes());
        }
    }

    @Test
    @Section("OCI: Deleting Manifests")
    void aManifestBySha512IsDeletedBySha512() {
        Image image = images.with("sha512").image();
        repository.pushBlobs(image);
        repository.put(image.digest(), image.manifest()).expect(201);
        repository.delete("manifests/" + image.digest()).expect(202);
        repository.get("manifests/" + image.digest()).expect(404);
    }

    @Test
    @Section("OCI: Deleting Manifests")
    void aChildOfAnIndexThatIsDeletedLeavesTheIndex() {
        Image child = repository.push("child", images.image());
        Content index = images.index(List.of(child.manifest()), Map.of());
        repository.put("index", index).expect(201);
        repository.delete("manifests/" + index.digest()).expect(202);
        repository.get("manifests/index").expect(404);
        assertThat(repository.resolve("child")).hasValue(child.digest());
    }

    @Test
    @Section({"OCI: Deleting Blobs", "Docker: Deleting a Layer"})
    void aDeletedBlobIsGoneHereAndNowhereElse() {
        Content blob = images.blob(800);
        repository.pushBlob(blob.digest(), blob.bytes());
        RepositoryClient other = registry.newRepository();
        assertThat(other.mount(blob.digest(), Optional.of(repository.name())).status())
                .isEqualTo(201);
        repository.delete("blobs/" + blob.digest()).expect(202);
        repository.assertNoBlob(blob.digest());
        repository.delete("blobs/" + blob.digest()).expectError(404, "BLOB_UNKNOWN");
        other.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: Deleting Blobs")
    void aDeletedBlobCanBePushedAgain() {
        Content blob = images.blob(800);
        repository.pushBlob(blob.digest(), blob.bytes());
        repository.delete("blobs/" + blob.digest()).expect(202);
        repository.pushBlob(blob.digest(), blob.bytes());
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    @Section("OCI: Deleting Blobs")
    void aDeletedBlobCannotBeReferenced() {
        Image image = images.image();
        repository.pushBlobs(image);
        repository.delete("blobs/" + image.blobs().getLast().digest()).expect(202);
        repository.put("v1", image.manifest()).expectError(404, "MANIFEST_BLOB_UNKNOWN");
        assertThat(repository.resolve("v1")).isEmpty();
    }

    @Test
    @Section("OCI: Deleting Blobs")
    void aBlobIsFreeAfterItsManifestWasDeleted() {
        Image image = repository.push("v1", images.image());
        String layer = image.blobs().getLast().digest();
        repository.delete("blobs/" + layer).expectError(403, "DENIED");
        repository.delete("manifests/" + image.digest()).expect(202);
        repository.delete("blobs/" + layer).expect(202);
        repository.get("blobs/" + layer).expect(404);
    }

    @Test
    @Section({"OCI: Deleting Manifests", "OCI: Deleting Blobs", "Docker: Deleting a Layer"})
    void whatIsAbsentCannotBeDeleted() {
        String absent = images.blob(10).digest();
        repository.delete("manifests/" + absent).expect(404);
        repository.delete("manifests/v1").expect(404);
        repository.delete("blobs/" + absent).expect(404);
        repository.push("v1", images.image());
        repository.delete("manifests/" + absent).expectError(404, "MANIFEST_UNKNOWN");
        repository.delete("blobs/" + absent).expectError(404, "BLOB_UNKNOWN");
    }
}
