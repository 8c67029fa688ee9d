package dev.moorage.http.v2;

import static dev.moorage.http.v2.BadInput.allowed;
import static dev.moorage.http.v2.BadInput.rawGet;
import static dev.moorage.http.v2.BadInput.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.v2.BadInput.Scene;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows 37, 38, 43, 44 and 46: query, conditions, methods, paths and sizes of requests. */
final class BadRequests {

    private BadRequests() {}

    static Stream<BadInput> rows() {
        return Stream.of(tags(), conditions(), methods(), paths(), sizes()).flatMap(rows -> rows);
    }

    private static Stream<BadInput> tags() {
        return Stream.of(
                refused(37, "tag= 101 times", 414, "UNSUPPORTED", scene -> {
                    Image image = scene.ready();
                    String query = String.join(
                            "&",
                            IntStream.range(0, 101).mapToObj(i -> "tag=t" + i).toList());
                    Answer answer = scene.repository.put(image.digest() + "?" + query, image.manifest());
                    scene.repository.get("manifests/" + image.digest()).expect(404);
                    return answer;
                }),
                refused(37, "one bad tag among good ones", 400, "MANIFEST_INVALID", scene -> {
                    Image image = scene.ready();
                    Answer answer =
                            scene.repository.put(image.digest() + "?tag=good&tag=.bad&tag=kept", image.manifest());
                    scene.repository.get("manifests/" + image.digest()).expect(404);
                    return answer;
                }));
    }

    private static Stream<BadInput> conditions() {
        return Stream.of(condition("If-Match", "\"sha256:" + "0".repeat(64) + "\""), condition("If-None-Match", "*"));
    }

    private static BadInput condition(String header, String value) {
        return refused(38, header + " that does not hold", 412, "DENIED", scene -> scene.repository
                .request("PUT", "manifests/kept")
                .header("Content-Type", ImageFactory.OCI_MANIFEST)
                .header(header, value)
                .body(scene.ready().manifest().bytes())
                .send());
    }

    private static Stream<BadInput> methods() {
        return Stream.of(
                refused(
                        43,
                        "POST a manifest",
                        405,
                        "UNSUPPORTED",
                        scene -> allowing(
                                scene.repository.request("POST", "manifests/y").send(), "PUT")),
                refused(
                        43,
                        "PUT the catalog",
                        405,
                        "UNSUPPORTED",
                        scene -> allowing(
                                scene.registry.request("PUT", "/v2/_catalog").send(), "GET")),
                refused(
                        43,
                        "DELETE the base",
                        405,
                        "UNSUPPORTED",
                        scene -> allowing(
                                scene.registry.request("DELETE", "/v2/").send(), "GET")));
    }

    private static Answer allowing(Answer answer, String method) {
        assertThat(answer.elements("allow")).contains(method);
        return answer;
    }

    private static Stream<BadInput> paths() {
        return Stream.of(
                rawGet(44, "/v2/x/unknown/y", 404, "NAME_UNKNOWN"),
                rawGet(44, "/v2/x", 404, "NAME_UNKNOWN"),
                rawGet(44, "/v2/../admin", 404, "NAME_UNKNOWN"),
                rawGet(44, "//v2/", 404, "NAME_UNKNOWN"),
                rawGet(44, "/v2/x/tags", 404, "NAME_UNKNOWN"));
    }

    private static Stream<BadInput> sizes() {
        return Stream.of(
                allowed(46, "a header of 9 KiB", 431, scene -> scene.raw("GET", "/v2/", "X-Long: " + "x".repeat(9216))),
                allowed(46, "a path of 9 KiB", 414, scene -> scene.raw("GET", "/v2/" + "a".repeat(9216))),
                allowed(46, "200 headers", 431, BadRequests::manyHeaders));
    }

    private static Answer manyHeaders(Scene scene) {
        return scene.raw(
                "GET",
                "/v2/",
                IntStream.range(0, 200).mapToObj(i -> "X-" + i + ": y").toArray(String[]::new));
    }
}
