package dev.moorage.http.v2;

import static dev.moorage.http.v2.BadInput.allowed;
import static dev.moorage.http.v2.BadInput.refused;
import static dev.moorage.http.v2.BadInput.refusedWithOneOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.v2.BadInput.Scene;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rows 17 to 19 and 21 to 26: uploads. Row 20 takes its time and is in UploadFaultsIT. */
final class BadUploads {

    private static final byte[] NOTHING = new byte[0];
    private static final String RANDOM = "3b1f7a52-7a0e-4f3c-9d5e-0123456789ab";

    private BadUploads() {}

    static Stream<BadInput> rows() {
        return Stream.of(sessions(), chunks(), closings(), lengths(), starts(), mounts())
                .flatMap(rows -> rows);
    }

    private static Stream<BadInput> sessions() {
        Stream<Function<Scene, String>> bad = Stream.of(
                scene -> scene.repository.path("blobs/uploads/nonsense"),
                scene -> scene.repository.path("blobs/uploads/" + RANDOM),
                scene -> scene.repository.path("blobs/uploads/%2e%2e"),
                scene -> scene.repository.path("blobs/uploads/" + "a".repeat(300)),
                scene -> {
                    String elsewhere = scene.registry.newRepository().beginUpload();
                    return scene.repository.path(elsewhere.substring(elsewhere.indexOf("blobs/uploads/")));
                });
        return bad.flatMap(target -> Stream.of(
                unknown("GET", scene -> scene.repository.status(target.apply(scene))),
                unknown("PATCH", scene -> scene.repository.patch(target.apply(scene), new byte[10])),
                unknown(
                        "PUT",
                        scene -> scene.repository.finish(
                                target.apply(scene), ImageFactory.sha256(new byte[10]), new byte[10])),
                unknown("DELETE", scene -> scene.repository.cancel(target.apply(scene)))));
    }

    private static BadInput unknown(String method, Function<Scene, Answer> request) {
        return refused(17, method + " an upload that is none here", 404, "BLOB_UPLOAD_UNKNOWN", request);
    }

    private static Stream<BadInput> chunks() {
        return Stream.of(
                chunk(18, "20-29", 416, 10),
                chunk(18, "5-14", 416, 10),
                chunk(18, "0-9", 416, 10),
                chunk(19, "15-12", 400, 10),
                chunk(19, "a-b", 400, 10),
                chunk(19, "10-9223372036854775808", 400, 10),
                chunk(19, "-5-3", 400, 10),
                chunk(19, "10-", 400, 10),
                chunk(19, "bytes 10-19/20", 400, 10),
                chunk(19, "10-25", 400, 10),
                chunk(19, "10-12", 400, 10));
    }

    private static BadInput chunk(int row, String range, int status, int length) {
        return refused(row, "Content-Range: " + range, status, "BLOB_UPLOAD_INVALID", scene -> {
            byte[] all = scene.images.bytes(10 + length);
            String location = scene.repository
                    .patchChunk(scene.repository.beginUpload(), 0, Arrays.copyOf(all, 10))
                    .header("location");
            Answer answer = scene.repository.patchRange(location, range, Arrays.copyOfRange(all, 10, all.length));
            if (status == 416) {
                assertThat(answer.header("range")).isEqualTo("0-9");
            }
            // The session lives: the status is as before and the upload can be finished.
            Answer now = scene.repository.status(location).expect(204);
            assertThat(now.header("range")).isEqualTo("0-9");
            String next = scene.repository
                    .patchChunk(now.header("location"), 10, Arrays.copyOfRange(all, 10, all.length))
                    .expect(202)
                    .header("location");
            scene.repository.finish(next, ImageFactory.sha256(all), NOTHING).expect(201);
            return answer;
        });
    }

    private static Stream<BadInput> closings() {
        return Stream.of(
                refused(
                        21,
                        "PUT without digest",
                        400,
                        "DIGEST_INVALID",
                        scene -> cancelled(scene, (location, bytes) -> scene.registry
                                .request("PUT", location)
                                .body(bytes)
                                .send())),
                refused(
                        21,
                        "PUT with an empty digest",
                        400,
                        "DIGEST_INVALID",
                        scene -> cancelled(scene, (location, bytes) -> scene.repository.finish(location, "", bytes))),
                refused(
                        21,
                        "PUT with a malformed digest",
                        400,
                        "DIGEST_INVALID",
                        scene -> cancelled(
                                scene, (location, bytes) -> scene.repository.finish(location, "sha256:x", bytes))),
                refused(
                        21,
                        "PUT with the digest of something else",
                        400,
                        "DIGEST_INVALID",
                        scene -> cancelled(
                                scene,
                                (location, bytes) -> scene.repository.finish(
                                        location, scene.images.blob(5).digest(), bytes))),
                refused(
                        21,
                        "PUT with the sha512 of something else",
                        400,
                        "DIGEST_INVALID",
                        scene -> cancelled(
                                scene,
                                (location, bytes) -> scene.repository.finish(
                                        location,
                                        scene.images.with("sha512").blob(5).digest(),
                                        bytes))),
                allowed(23, "finish twice", 201, scene -> {
                    Content blob = scene.images.blob(500);
                    String location = scene.repository.beginUpload();
                    scene.repository
                            .finish(location, blob.digest(), blob.bytes())
                            .expect(201);
                    Answer again = scene.repository.finish(location, blob.digest(), blob.bytes());
                    scene.repository.assertBlob(blob.digest(), blob.bytes());
                    return again;
                }),
                refused(23, "finish again with another digest", 400, "DIGEST_INVALID", scene -> {
                    Content blob = scene.images.blob(500);
                    Content other = scene.images.blob(500);
                    String location = scene.repository.beginUpload();
                    scene.repository
                            .finish(location, blob.digest(), blob.bytes())
                            .expect(201);
                    Answer again = scene.repository.finish(location, other.digest(), other.bytes());
                    scene.repository.assertBlob(blob.digest(), blob.bytes());
                    scene.repository.assertNoBlob(other.digest());
                    return again;
                }),
                allowed(
                                24,
                                "the empty blob",
                                201,
                                scene -> scene.repository.finish(
                                        scene.repository.beginUpload(), ImageFactory.sha256(NOTHING), NOTHING))
                        .then(scene -> scene.repository.assertBlob(ImageFactory.sha256(NOTHING), NOTHING)));
    }

    private interface Closing {
        Answer send(String location, byte[] bytes);
    }

    private static Answer cancelled(Scene scene, Closing closing) {
        byte[] bytes = scene.images.bytes(600);
        String location = scene.repository.beginUpload();
        Answer answer = closing.send(location, bytes);
        scene.repository.assertNoBlob(ImageFactory.sha256(bytes));
        scene.repository.status(location).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        return answer;
    }

    private static Stream<BadInput> lengths() {
        return Stream.of(
                refusedWithOneOf(22, "a body shorter than its length", Set.of(400), scene -> {
                    byte[] bytes = scene.images.bytes(1000);
                    String target = closing(scene, bytes);
                    try (RawHttp raw = scene.registry.raw()) {
                        raw.head("PUT", target, "Content-Length: 2000")
                                .bytes(bytes)
                                .halfClose();
                        return answerOrClosed(raw, scene, bytes);
                    }
                }),
                // What is longer than announced is, to HTTP, another request: the first bytes have the wrong digest.
                refusedWithOneOf(22, "a body longer than its length", Set.of(400), scene -> {
                    byte[] bytes = scene.images.bytes(1000);
                    String target = closing(scene, bytes);
                    try (RawHttp raw = scene.registry.raw()) {
                        raw.head("PUT", target, "Content-Length: 500")
                                .bytes(bytes)
                                .flush();
                        return answerOrClosed(raw, scene, bytes);
                    }
                }));
    }

    private static String closing(Scene scene, byte[] bytes) {
        return RegistryClient.withQuery(scene.repository.beginUpload(), "digest", ImageFactory.sha256(bytes));
    }

    private static Answer answerOrClosed(RawHttp raw, Scene scene, byte[] bytes) {
        Answer answer;
        try {
            answer = raw.answer("PUT");
        } catch (java.io.UncheckedIOException closed) {
            answer = new Answer(400, java.util.Map.of(), NOTHING);
        }
        scene.repository.assertNoBlob(ImageFactory.sha256(bytes));
        return answer;
    }

    private static Stream<BadInput> starts() {
        return Stream.of("md5", "sha256x", "SHA256", "sha384")
                .map(algorithm ->
                        refused(25, "digest-algorithm=" + algorithm, 400, "DIGEST_INVALID", scene -> scene.repository
                                .request("POST", "blobs/uploads/?digest-algorithm=" + algorithm)
                                .send()));
    }

    private static Stream<BadInput> mounts() {
        return Stream.of(
                mount("a malformed digest", "sha256:short", Optional.of("some/where")),
                mount("an empty digest", "", Optional.of("some/where")),
                mount("an absent source", "sha256:" + "ab".repeat(32), Optional.of("some/where")),
                mount("an absent blob", "sha256:" + "ab".repeat(32), Optional.empty()),
                mount("a malformed source", "sha256:" + "ab".repeat(32), Optional.of("Some//Where..")),
                mount("an empty source", "sha256:" + "ab".repeat(32), Optional.of("")));
    }

    private static BadInput mount(String what, String digest, Optional<String> from) {
        return allowed(26, "mount with " + what, 202, scene -> scene.repository.mount(digest, from))
                .and(answer -> {
                    assertThat(answer.header("location")).contains("/blobs/uploads/");
                    assertThat(answer.header("range")).isEqualTo("0-0");
                    assertThat(answer.find("docker-upload-uuid")).isPresent();
                });
    }
}
