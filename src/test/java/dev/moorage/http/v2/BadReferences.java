package dev.moorage.http.v2;

import static dev.moorage.http.v2.BadInput.allowed;
import static dev.moorage.http.v2.BadInput.refused;
import static dev.moorage.http.v2.BadInput.refusedRead;
import static dev.moorage.http.v2.BadInput.refusedWithOneOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.RepositoryClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Rows 11 to 16, 41, 42, 51 and 53: tags, digests, ranges and lists. */
final class BadReferences {

    private static final String ABSENT = "sha256:" + "5e".repeat(32);

    private BadReferences() {}

    static Stream<BadInput> rows() {
        return Stream.of(tags(), digests(), absent(), ranges(), lists(), referenced())
                .flatMap(rows -> rows);
    }

    private static Stream<BadInput> tags() {
        Stream<String> bad = Stream.of("t".repeat(129), ".x", "-x", "a%2Bb", "%C3%A4");
        return bad.flatMap(tag -> Stream.of(
                refusedRead(11, "manifests/" + tag, 404, "MANIFEST_UNKNOWN"),
                refused(
                                12,
                                "PUT manifests/" + tag,
                                400,
                                "MANIFEST_INVALID",
                                scene -> scene.repository.put(tag, scene.kept.manifest()))
                        .and(answer -> assertThat(answer.errorDetail().has("reference"))
                                .as("detail of %s", answer)
                                .isTrue())));
    }

    private static Stream<BadInput> digests() {
        Stream<String> bad = Stream.of(
                "sha256:baddigeststring",
                "sha256:" + "a".repeat(63),
                "sha256:" + "a".repeat(65),
                "sha256:" + "A".repeat(64),
                "sha512:" + "a".repeat(64),
                "md5:" + "a".repeat(32),
                "sha256:..%2F..");
        return bad.flatMap(digest -> Stream.of(
                refusedRead(13, "manifests/" + digest, 400, "DIGEST_INVALID"),
                refusedRead(13, "blobs/" + digest, 400, "DIGEST_INVALID"),
                refused(
                        13,
                        "PUT manifests/" + digest,
                        400,
                        "DIGEST_INVALID",
                        scene -> scene.repository.put(digest, scene.kept.manifest())),
                refused(
                        13,
                        "DELETE manifests/" + digest,
                        400,
                        "DIGEST_INVALID",
                        scene -> scene.repository.delete("manifests/" + digest)),
                refused(
                        13,
                        "DELETE blobs/" + digest,
                        400,
                        "DIGEST_INVALID",
                        scene -> scene.repository.delete("blobs/" + digest)),
                refused(
                        42,
                        "GET referrers/" + digest,
                        400,
                        "DIGEST_INVALID",
                        scene -> scene.repository.get("referrers/" + digest))));
    }

    private static Stream<BadInput> absent() {
        return Stream.of(
                refusedRead(14, "blobs/" + ABSENT, 404, "BLOB_UNKNOWN"),
                refusedRead(14, "manifests/" + ABSENT, 404, "MANIFEST_UNKNOWN"),
                refusedRead(14, "manifests/absent", 404, "MANIFEST_UNKNOWN"),
                refused(14, "tags of an absent repository", 404, "NAME_UNKNOWN", scene -> scene.registry
                        .newRepository()
                        .get("tags/list")),
                refused(14, "a manifest of an absent repository", 404, "NAME_UNKNOWN", scene -> scene.registry
                        .newRepository()
                        .get("manifests/v1")),
                refused(14, "a blob of an absent repository", 404, "NAME_UNKNOWN", scene -> scene.registry
                        .newRepository()
                        .get("blobs/" + ABSENT)),
                refused(15, "a blob that another repository has", 404, "BLOB_UNKNOWN", scene -> {
                    Content blob = scene.images.blob(100);
                    scene.registry.newRepository().pushBlob(blob.digest(), blob.bytes());
                    return scene.repository.get("blobs/" + blob.digest());
                }),
                refused(15, "a manifest that another repository has", 404, "MANIFEST_UNKNOWN", scene -> {
                    RepositoryClient other = scene.registry.newRepository();
                    return scene.repository.get("manifests/"
                            + other.push("v1", scene.images.image()).digest());
                }));
    }

    private static Stream<BadInput> ranges() {
        return Stream.of(
                ranged("bytes=9-2", 416),
                ranged("bytes=4000-", 416),
                ranged("bytes=99999999999999999999-", 416),
                ranged("lines=1-2", 200),
                ranged("bytes=0-1,3-4", 200));
    }

    private static BadInput ranged(String range, int status) {
        return allowed(16, "Range: " + range, status, scene -> {
            Content layer = scene.kept.blobs().get(1);
            assertThat(layer.bytes()).hasSize(4000);
            Answer answer = scene.repository
                    .request("GET", "blobs/" + layer.digest())
                    .header("Range", range)
                    .send();
            if (status == 200) {
                assertThat(answer.body()).isEqualTo(layer.bytes());
            } else {
                assertThat(answer.header("content-range")).isEqualTo("bytes */4000");
            }
            return answer;
        });
    }

    private static Stream<BadInput> lists() {
        Stream<BadInput> refused = Stream.of("n=-1", "n=x", "n=1.5", "n=99999999999999999999")
                .flatMap(query -> Stream.of(
                        refused(
                                41,
                                "tags/list?" + query,
                                400,
                                "UNSUPPORTED",
                                scene -> scene.repository.get("tags/list?" + query)),
                        refused(
                                41,
                                "_catalog?" + query,
                                400,
                                "UNSUPPORTED",
                                scene -> scene.registry.get("/v2/_catalog?" + query))));
        Stream<BadInput> allowed = Stream.of(
                listed("n=1099511627776", List.of("kept")),
                listed("n=0", List.of()),
                listed("last=nosuchtag", List.of()),
                listed("last=a", List.of("kept")),
                listed("last=%01", List.of("kept")),
                allowed(42, "referrers of an unknown digest", 200, scene -> scene.repository.get("referrers/" + ABSENT))
                        .and(answer ->
                                assertThat(answer.json().path("manifests")).isEmpty()),
                allowed(42, "referrers in an unknown repository", 200, scene -> scene.registry
                                .newRepository()
                                .get("referrers/" + ABSENT))
                        .and(answer ->
                                assertThat(answer.json().path("manifests")).isEmpty()),
                allowed(53, "ns=other", 200, scene -> scene.repository.get("manifests/kept?ns=other")),
                // 414 where the request line is too long already (row 46), else 400.
                refusedWithOneOf(
                        41,
                        "last= of 10 KiB",
                        Set.of(400, 414),
                        scene -> scene.raw("GET", scene.repository.path("tags/list?last=" + "l".repeat(10_240)))));
        return Stream.concat(refused, allowed);
    }

    private static BadInput listed(String query, List<String> expected) {
        return allowed(41, "tags/list?" + query, 200, scene -> scene.repository.get("tags/list?" + query))
                .and(answer -> {
                    assertThat(answer.texts("tags")).isEqualTo(expected);
                    assertThat(answer.find("link")).isEmpty();
                });
    }

    private static Stream<BadInput> referenced() {
        return Stream.of(
                refused(51, "DELETE a referenced layer", 403, "DENIED", scene -> {
                    Answer answer = scene.repository.delete(
                            "blobs/" + scene.kept.blobs().getLast().digest());
                    assertThat(answer.errorDetail().toString()).contains(scene.kept.digest());
                    return answer;
                }),
                refused(
                        51,
                        "DELETE a referenced config",
                        403,
                        "DENIED",
                        scene -> scene.repository.delete(
                                "blobs/" + scene.kept.blobs().getFirst().digest())));
    }
}
