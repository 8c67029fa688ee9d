package dev.moorage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;

/** The requests of the specifications in one repository; methods that return no {@link Answer} demand success. */
public final class RepositoryClient {

    private final RegistryClient registry;
    private final String name;

    RepositoryClient(RegistryClient registry, String name) {
        this.registry = registry;
        this.name = name;
    }

    /** The repository's name. */
    public String name() {
        return name;
    }

    /** The registry it is in. */
    public RegistryClient registry() {
        return registry;
    }

    /** The same repository through another replica. */
    public RepositoryClient through(RegistryClient other) {
        return new RepositoryClient(other, name);
    }

    /** The path of something in the repository, such as {@code tags/list}. */
    public String path(String rest) {
        return "/v2/" + name + "/" + rest;
    }

    /** A request for something in the repository. */
    public RegistryClient.Request request(String method, String rest) {
        return registry.request(method, path(rest));
    }

    /** GET something in the repository. */
    public Answer get(String rest) {
        return request("GET", rest).send();
    }

    /** HEAD something in the repository. */
    public Answer head(String rest) {
        return request("HEAD", rest).send();
    }

    /** DELETE something in the repository. */
    public Answer delete(String rest) {
        return request("DELETE", rest).send();
    }

    /** Asks for an upload session. */
    public Answer begin() {
        return request("POST", "blobs/uploads/").send();
    }

    /** Begins an upload and returns its location. */
    public String beginUpload() {
        return begin().expect(202).header("location");
    }

    /** Sends bytes without Content-Range, with a length. */
    public Answer patch(String location, byte[] bytes) {
        return registry.request("PATCH", location)
                .header("Content-Type", "application/octet-stream")
                .body(bytes)
                .send();
    }

    /** Sends bytes in the chunked coding, without a length and without Content-Range. */
    public Answer patchStream(String location, byte[] bytes) {
        return registry.request("PATCH", location).header("Content-Type", "application/octet-stream").stream(
                        () -> new ByteArrayInputStream(bytes))
                .send();
    }

    /** Sends a chunk with its Content-Range. */
    public Answer patchChunk(String location, long first, byte[] bytes) {
        return patchRange(location, first + "-" + (first + bytes.length - 1), bytes);
    }

    /** Sends a chunk with any Content-Range. */
    public Answer patchRange(String location, String range, byte[] bytes) {
        return registry.request("PATCH", location)
                .header("Content-Type", "application/octet-stream")
                .header("Content-Range", range)
                .body(bytes)
                .send();
    }

    /** Closes an upload with its last bytes, which may be none. */
    public Answer finish(String location, String digest, byte[] bytes) {
        return registry.request("PUT", RegistryClient.withQuery(location, "digest", digest))
                .header("Content-Type", "application/octet-stream")
                .body(bytes)
                .send();
    }

    /** Closes an upload with a last chunk and its Content-Range. */
    public Answer finishChunk(String location, String digest, long first, byte[] bytes) {
        return registry.request("PUT", RegistryClient.withQuery(location, "digest", digest))
                .header("Content-Type", "application/octet-stream")
                .header("Content-Range", first + "-" + (first + bytes.length - 1))
                .body(bytes)
                .send();
    }

    /** Asks how far an upload is. */
    public Answer status(String location) {
        return registry.get(location);
    }

    /** Cancels an upload. */
    public Answer cancel(String location) {
        return registry.request("DELETE", location).send();
    }

    /** Pushes a whole blob in one request. */
    public Answer singlePost(String digest, byte[] bytes) {
        return request("POST", "blobs/uploads/?digest=" + RegistryClient.encoded(digest))
                .header("Content-Type", "application/octet-stream")
                .body(bytes)
                .send();
    }

    /** Asks for a blob of another repository, or of any where {@code from} is empty. */
    public Answer mount(String digest, Optional<String> from) {
        String source = from.map(repository -> "&from=" + RegistryClient.encoded(repository))
                .orElse("");
        return request("POST", "blobs/uploads/?mount=" + RegistryClient.encoded(digest) + source)
                .send();
    }

    /** Pushes a blob by POST then PUT and returns its sha256 digest. */
    public String pushBlob(byte[] bytes) {
        String digest = ImageFactory.sha256(bytes);
        pushBlob(digest, bytes);
        return digest;
    }

    /** Pushes a blob by POST then PUT under a digest. */
    public void pushBlob(String digest, byte[] bytes) {
        finish(beginUpload(), digest, bytes).expect(201);
    }

    /** Pushes manifest bytes under a tag or digest, to which a query may be added. */
    public Answer putManifest(String reference, String mediaType, byte[] bytes) {
        return request("PUT", "manifests/" + reference)
                .header("Content-Type", mediaType)
                .body(bytes)
                .send();
    }

    /** Pushes a manifest, whose blobs are there, under a tag or digest. */
    public Answer put(String reference, ImageFactory.Content manifest) {
        return putManifest(reference, manifest.mediaType(), manifest.bytes());
    }

    /** Pushes everything an image needs, then the image under a tag. */
    public ImageFactory.Image push(String tag, ImageFactory.Image image) {
        pushBlobs(image);
        put(tag, image.manifest()).expect(201);
        return image;
    }

    /** Pushes the blobs of an image, and nothing else. */
    public void pushBlobs(ImageFactory.Image image) {
        for (ImageFactory.Content blob : image.blobs()) {
            pushBlob(blob.digest(), blob.bytes());
        }
    }

    /** The tags of the repository, over all pages. */
    public List<String> tags() {
        return pages(path("tags/list"), "tags");
    }

    /** The digests of a subject's referrers, over all pages. */
    public List<String> referrers(String subject) {
        List<String> digests = new ArrayList<>();
        Optional<String> target = Optional.of(path("referrers/" + subject));
        while (target.isPresent()) {
            Answer page = registry.get(target.get()).expect(200);
            page.json()
                    .path("manifests")
                    .forEach(descriptor -> digests.add(descriptor.path("digest").asText()));
            target = page.next();
        }
        return digests;
    }

    /** Follows a list from page to page. */
    public List<String> pages(String first, String field) {
        List<String> all = new ArrayList<>();
        Optional<String> target = Optional.of(first);
        while (target.isPresent()) {
            Answer page = registry.get(target.get()).expect(200);
            all.addAll(page.texts(field));
            target = page.next();
            assertThat(all).as("a list that ends").hasSizeLessThan(100_000);
        }
        return all;
    }

    /** The digest a tag stands for, if any. */
    public Optional<String> resolve(String tag) {
        Answer answer = head("manifests/" + tag);
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(answer.expect(200).header("docker-content-digest"));
    }

    /** Demands that a blob is there, whole and right. */
    public void assertBlob(String digest, byte[] bytes) {
        Answer answer = get("blobs/" + digest).expect(200);
        Assertions.assertThat(answer.body()).isEqualTo(bytes);
        head("blobs/" + digest).expect(200);
    }

    /** Demands that a blob cannot be read. */
    public void assertNoBlob(String digest) {
        get("blobs/" + digest).expectError(404, "BLOB_UNKNOWN");
        head("blobs/" + digest).expect(404);
    }
}
