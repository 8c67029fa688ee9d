package dev.moorage.http.v2;

import static dev.moorage.http.v2.BadInput.allowed;
import static dev.moorage.http.v2.BadInput.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.http.v2.BadInput.Scene;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RawHttp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows 27 to 36, 47, 52 and 54: manifests. */
final class BadManifests {

    private static final int LIMIT = 4 << 20;
    private static final String DOCKER_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    private BadManifests() {}

    static Stream<BadInput> rows() {
        return Stream.of(tooLarge(), notJson(), versions(), types(), descriptors(), absentChildren(), subjects(), odd())
                .flatMap(rows -> rows);
    }

    private static Stream<BadInput> tooLarge() {
        return Stream.of(
                refused(27, "4 MiB + 1 with a length", 413, "SIZE_INVALID", scene -> {
                    try (RawHttp raw = scene.registry.raw()) {
                        raw.head(
                                "PUT",
                                scene.repository.path("manifests/v1"),
                                "Content-Type: " + ImageFactory.OCI_MANIFEST,
                                "Content-Length: " + (LIMIT + 1));
                        return raw.bytes(padded(scene, LIMIT + 1)).flush().answer("PUT");
                    }
                }),
                // No last chunk is sent: the answer comes although the client has not ended.
                refused(27, "4 MiB + 1 without a length or an end", 413, "SIZE_INVALID", scene -> {
                    try (RawHttp raw = scene.registry.raw()) {
                        raw.head(
                                "PUT",
                                scene.repository.path("manifests/v1"),
                                "Content-Type: " + ImageFactory.OCI_MANIFEST,
                                "Transfer-Encoding: chunked");
                        return raw.chunk(padded(scene, LIMIT + 1)).flush().answer("PUT");
                    }
                }),
                refused(27, "a length of 2 GiB", 413, "SIZE_INVALID", scene -> {
                    try (RawHttp raw = scene.registry.raw()) {
                        raw.head(
                                "PUT",
                                scene.repository.path("manifests/v1"),
                                "Content-Type: " + ImageFactory.OCI_MANIFEST,
                                "Content-Length: " + (1L << 31));
                        return raw.bytes(padded(scene, LIMIT + 1)).flush().answer("PUT");
                    }
                }));
    }

    private static byte[] padded(Scene scene, int length) {
        byte[] manifest = scene.ready().manifest().bytes();
        byte[] bytes = Arrays.copyOf(manifest, length);
        Arrays.fill(bytes, manifest.length, length, (byte) ' ');
        return bytes;
    }

    private static BadInput invalid(int row, String description, UnaryOperator<String> change) {
        return refused(row, description, 400, "MANIFEST_INVALID", scene -> {
            String text = new String(scene.ready().manifest().bytes(), StandardCharsets.UTF_8);
            String changed = change.apply(text);
            assertThat(changed).isNotEqualTo(text);
            return put(scene, ImageFactory.OCI_MANIFEST, changed.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static Answer put(Scene scene, String type, byte[] bytes) {
        Answer answer = scene.repository.putManifest("v1", type, bytes);
        if (answer.status() != 201) {
            scene.repository.get("manifests/v1").expect(404);
            scene.repository.get("manifests/" + ImageFactory.sha256(bytes)).expect(404);
        }
        return answer;
    }

    private static Stream<BadInput> notJson() {
        Stream<BadInput> texts = Stream.of(
                invalid(28, "empty", text -> ""),
                invalid(28, "not JSON", text -> "hello"),
                invalid(28, "an array", text -> "[]"),
                invalid(28, "null", text -> "null"),
                invalid(28, "cut off", text -> text.substring(0, text.length() - 1)),
                invalid(28, "a key twice", text -> text.replaceFirst("\\{", "{\"schemaVersion\":2,")),
                invalid(28, "a key twice inside", text -> text.replaceFirst("\"digest\"", "\"size\":1,\"digest\"")),
                invalid(28, "trailing bytes", text -> text + "x"),
                invalid(28, "a second document", text -> text + "{}"),
                invalid(28, "a BOM", text -> "\ufeff" + text),
                invalid(
                        28,
                        "a depth of 33",
                        text -> text.replaceFirst("\\{", "{\"x\":" + "[".repeat(32) + "]".repeat(32) + ",")));
        return Stream.concat(texts, Stream.of(refused(28, "invalid UTF-8", 400, "MANIFEST_INVALID", scene -> {
            byte[] bytes = scene.ready().manifest().bytes();
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            String changed = text.replaceFirst("\\{", "{\"x\":\"\u00ff\",");
            return put(scene, ImageFactory.OCI_MANIFEST, changed.getBytes(StandardCharsets.ISO_8859_1));
        })));
    }

    private static Stream<BadInput> versions() {
        return Stream.of(
                invalid(29, "schemaVersion 1", text -> text.replace("\"schemaVersion\":2", "\"schemaVersion\":1")),
                invalid(
                        29,
                        "schemaVersion as text",
                        text -> text.replace("\"schemaVersion\":2", "\"schemaVersion\":\"2\"")),
                invalid(29, "no schemaVersion", text -> text.replaceFirst(",?\"schemaVersion\":2", "")),
                refused(
                        29,
                        "the type of schema 1",
                        400,
                        "MANIFEST_INVALID",
                        scene -> put(
                                scene, DOCKER_SCHEMA_1, scene.ready().manifest().bytes())));
    }

    private static Stream<BadInput> types() {
        return Stream.of(
                refused(
                        30,
                        "Content-Type and mediaType differ",
                        400,
                        "MANIFEST_INVALID",
                        scene -> put(
                                scene,
                                ImageFactory.DOCKER_MANIFEST,
                                scene.ready().manifest().bytes())),
                refused(
                        30,
                        "an image sent as an index",
                        400,
                        "MANIFEST_INVALID",
                        scene -> put(
                                scene,
                                ImageFactory.OCI_INDEX,
                                scene.ready().manifest().bytes())),
                refused(
                        30,
                        "a type that is none of a manifest",
                        400,
                        "MANIFEST_INVALID",
                        scene ->
                                put(scene, "text/html", scene.ready().manifest().bytes())),
                refused(30, "neither Content-Type nor mediaType", 400, "MANIFEST_INVALID", scene -> scene.repository
                        .request("PUT", "manifests/v1")
                        .body(withoutMediaType(scene))
                        .send()),
                allowed(30, "mediaType without Content-Type", 201, scene -> scene.repository
                        .request("PUT", "manifests/v1")
                        .body(scene.ready().manifest().bytes())
                        .send()),
                allowed(
                        30,
                        "Content-Type without mediaType",
                        201,
                        scene -> put(scene, ImageFactory.OCI_MANIFEST, withoutMediaType(scene))),
                allowed(
                        30,
                        "parameters on the type",
                        201,
                        scene -> put(
                                scene,
                                ImageFactory.OCI_MANIFEST + ";charset=utf-8",
                                scene.ready().manifest().bytes())),
                invalid(31, "an image with manifests", text -> text.replaceFirst("\\{", "{\"manifests\":[],")),
                refused(
                        31,
                        "an index with layers",
                        400,
                        "MANIFEST_INVALID",
                        scene -> put(
                                scene,
                                ImageFactory.OCI_INDEX,
                                scene.images
                                        .index(List.of(), Map.of("layers", List.of()))
                                        .bytes())),
                refused(
                        31,
                        "an index with config",
                        400,
                        "MANIFEST_INVALID",
                        scene -> put(
                                scene,
                                ImageFactory.OCI_INDEX,
                                scene.images
                                        .index(
                                                List.of(),
                                                Map.of(
                                                        "config",
                                                        scene.kept
                                                                .blobs()
                                                                .getFirst()
                                                                .descriptor()))
                                        .bytes())));
    }

    private static byte[] withoutMediaType(Scene scene) {
        String text = new String(scene.ready().manifest().bytes(), StandardCharsets.UTF_8);
        return text.replaceFirst(
                        ",?\"mediaType\":\"" + java.util.regex.Pattern.quote(ImageFactory.OCI_MANIFEST) + "\"", "")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Stream<BadInput> descriptors() {
        Stream<BadInput> sizes = Stream.of(
                        "-1", "9223372036854775808", "1e3", "4000.0", "\"4000\"", "null", "3999", "4001")
                .map(size -> invalid(
                        32,
                        "a layer's size of " + size,
                        text -> text.replaceFirst("\"size\":4000", "\"size\":" + size)));
        Stream<BadInput> others = Stream.of(
                invalid(32, "no size", text -> text.replaceFirst(",\"size\":4000", "")),
                invalid(32, "a malformed digest", text -> text.replaceFirst("sha256:[0-9a-f]{64}", "sha256:abc")),
                invalid(
                        32,
                        "layers that are no list",
                        text -> text.replaceFirst("\"layers\":\\[", "\"layers\":{},\"x\":[")),
                refused(32, "10 001 descriptors", 400, "MANIFEST_INVALID", scene -> {
                    Image image = scene.ready();
                    List<Content> layers =
                            Collections.nCopies(10_001, image.blobs().getLast());
                    return put(
                            scene,
                            ImageFactory.OCI_MANIFEST,
                            scene.images
                                    .assemble(
                                            ImageFactory.OCI_MANIFEST,
                                            image.blobs().getFirst(),
                                            layers,
                                            Map.of())
                                    .manifest()
                                    .bytes());
                }));
        return Stream.concat(sizes, others);
    }

    private static Stream<BadInput> absentChildren() {
        return Stream.of(
                // The official suite takes any 4xx here; the status is row 54's, which follows the specification's
                // table.
                refused(
                        33,
                        "a layer is absent (54: 404)",
                        404,
                        "MANIFEST_BLOB_UNKNOWN",
                        scene -> scene.repository.put("v1", scene.images.image().manifest())),
                refused(33, "a layer is in another repository only", 404, "MANIFEST_BLOB_UNKNOWN", scene -> {
                    Image image = scene.registry.newRepository().push("v1", scene.images.image());
                    return scene.repository.put("v1", image.manifest());
                }),
                refused(33, "a child is absent", 404, "MANIFEST_BLOB_UNKNOWN", scene -> {
                    Content child = scene.images.image().manifest();
                    return scene.repository.put("v1", scene.images.index(List.of(child), Map.of()));
                }),
                refused(33, "a child is in another repository only", 404, "MANIFEST_BLOB_UNKNOWN", scene -> {
                    Image image = scene.registry.newRepository().push("v1", scene.images.image());
                    return scene.repository.put("v1", scene.images.index(List.of(image.manifest()), Map.of()));
                }),
                refused(33, "150 children are absent", 404, "MANIFEST_BLOB_UNKNOWN", scene -> {
                            List<Content> children = IntStream.range(0, 150)
                                    .mapToObj(i -> scene.images.image().manifest())
                                    .toList();
                            return scene.repository.put("v1", scene.images.index(children, Map.of()));
                        })
                        .and(answer -> {
                            JsonNode errors = answer.json().path("errors");
                            assertThat(errors).hasSize(100);
                            errors.forEach(error -> assertThat(
                                            error.path("detail").path("digest").asText())
                                    .startsWith("sha256:"));
                        }),
                allowed(
                        35,
                        "a foreign layer is absent (Docker)",
                        201,
                        scene -> foreign(scene, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")),
                allowed(
                        35,
                        "a non-distributable layer is absent (OCI)",
                        201,
                        scene -> foreign(scene, "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")));
    }

    private static Answer foreign(Scene scene, String type) {
        Image image = scene.ready();
        List<Content> layers = List.of(image.blobs().get(1), scene.images.content(type, scene.images.bytes(77)));
        Image mixed =
                scene.images.assemble(ImageFactory.OCI_MANIFEST, image.blobs().getFirst(), layers, Map.of());
        return scene.repository.put("v1", mixed.manifest());
    }

    private static Stream<BadInput> subjects() {
        return Stream.of(
                allowed(34, "an absent subject", 201, scene -> {
                    Content subject = scene.images.image().manifest();
                    Answer answer = withSubject(scene, subject.descriptor());
                    assertThat(answer.header("oci-subject")).isEqualTo(subject.digest());
                    return answer;
                }),
                subject("a malformed digest", descriptor -> descriptor.put("digest", "sha256:x")),
                subject("an unknown algorithm", descriptor -> descriptor.put("digest", "md5:" + "a".repeat(32))),
                subject("no digest", descriptor -> descriptor.remove("digest")),
                refused(36, "PUT under the digest of other bytes", 400, "DIGEST_INVALID", scene -> {
                    Image image = scene.ready();
                    Image other = scene.ready();
                    Answer answer = scene.repository.put(other.digest(), image.manifest());
                    scene.repository.get("manifests/" + image.digest()).expect(404);
                    scene.repository.get("manifests/" + other.digest()).expect(404);
                    return answer;
                }));
    }

    private static BadInput subject(String what, Consumer<Map<String, Object>> change) {
        return refused(34, "a subject with " + what, 400, "MANIFEST_INVALID", scene -> {
            Map<String, Object> descriptor = scene.kept.manifest().descriptor();
            change.accept(descriptor);
            return withSubject(scene, descriptor);
        });
    }

    private static Answer withSubject(Scene scene, Map<String, Object> subject) {
        Image image = scene.images.image(Map.of("subject", subject));
        scene.repository.pushBlobs(image);
        return scene.repository.put("v1", image.manifest());
    }

    private static Stream<BadInput> odd() {
        List<BadInput> rows = new ArrayList<>();
        for (String odd : List.of("<script>alert(1)</script>", "\u202egnp.exe", "nul \u0000", "x".repeat(1 << 20))) {
            rows.add(allowed(
                    odd.contains("\u0000") ? 52 : 47,
                    "an annotation " + odd.substring(0, 5) + " of " + odd.length(),
                    201,
                    scene -> annotated(scene, odd)));
        }
        String longType = "application/" + "x".repeat(260);
        rows.add(invalid(
                52,
                "an artifactType above 255 bytes",
                text -> text.replaceFirst("\\{", "{\"artifactType\":\"" + longType + "\",")));
        rows.add(invalid(
                52,
                "a layer's media type above 255 bytes",
                text -> text.replaceFirst(java.util.regex.Pattern.quote(ImageFactory.OCI_LAYER), longType)));
        return rows.stream();
    }

    private static Answer annotated(Scene scene, String value) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("annotations", Map.of("odd", value));
        more.put("subject", scene.images.blob(5).descriptor());
        Image image = scene.images.image(more);
        scene.repository.pushBlobs(image);
        Answer answer = scene.repository.put("v1", image.manifest()).expect(201);
        Answer stored = scene.repository.get("manifests/v1").expect(200);
        assertThat(stored.body()).isEqualTo(image.manifest().bytes());
        assertThat(stored.header("content-type")).isEqualTo(ImageFactory.OCI_MANIFEST);
        JsonNode listed = scene.repository
                .get("referrers/" + answer.header("oci-subject"))
                .expect(200)
                .json()
                .path("manifests")
                .path(0);
        assertThat(listed.path("digest").asText()).isEqualTo(image.digest());
        return answer;
    }
}
