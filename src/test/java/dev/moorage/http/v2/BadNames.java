package dev.moorage.http.v2;

import static dev.moorage.http.v2.BadInput.allowed;
import static dev.moorage.http.v2.BadInput.rawGet;
import static dev.moorage.http.v2.BadInput.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.util.stream.Stream;

/** Rows 7 to 10: names of repositories. */
final class BadNames {

    private BadNames() {}

    static Stream<BadInput> rows() {
        return Stream.of(invalid(), escaped(), long_(), valid()).flatMap(rows -> rows);
    }

    private static Stream<BadInput> invalid() {
        Stream<BadInput> reads = Stream.of(
                        "Foo/bar",
                        "a//b",
                        "/a",
                        "a/",
                        "a..b",
                        "-a",
                        "a-",
                        "a_-b",
                        "a___b",
                        "a.-b",
                        "%C3%A4/b",
                        "a/.b",
                        "a/b.")
                .map(name -> rawGet(7, "/v2/" + name + "/tags/list", 400, "NAME_INVALID"));
        Stream<BadInput> others = Stream.of(
                rawGet(7, "/v2/Foo/bar/manifests/v1", 400, "NAME_INVALID"),
                rawGet(7, "/v2/Foo/bar/blobs/sha256:" + "0".repeat(64), 400, "NAME_INVALID"),
                rawGet(7, "/v2/Foo/bar/referrers/sha256:" + "0".repeat(64), 400, "NAME_INVALID"),
                refused(7, "POST Foo/bar/blobs/uploads/", 400, "NAME_INVALID", scene -> scene.registry
                        .request("POST", "/v2/Foo/bar/blobs/uploads/")
                        .send()),
                refused(7, "PUT Foo/bar/manifests/v1", 400, "NAME_INVALID", scene -> scene.registry
                        .repository("Foo/bar")
                        .put("v1", scene.kept.manifest())),
                refused(7, "DELETE Foo/bar/manifests/v1", 400, "NAME_INVALID", scene -> scene.registry
                        .repository("Foo/bar")
                        .delete("manifests/v1")));
        return Stream.concat(reads, others);
    }

    private static Stream<BadInput> escaped() {
        return Stream.of("%2e%2e%2fa", "a%00b", "a%2Fb", "a%0d%0aX-Evil:%20b", "a\\b", "a%5Cb", "a%20b", "%61b/c%2e%2e")
                .map(name -> rawGet(8, "/v2/" + name + "/tags/list", 400, "NAME_INVALID")
                        .and(answer -> assertThat(answer.headers()).doesNotContainKey("x-evil")));
    }

    private static Stream<BadInput> long_() {
        return Stream.of(
                rawGet(9, "/v2/" + "a".repeat(256) + "/tags/list", 400, "NAME_INVALID"),
                rawGet(9, "/v2/" + "a/".repeat(299) + "a/tags/list", 400, "NAME_INVALID"));
    }

    private static Stream<BadInput> valid() {
        return Stream.of(
                        "a/blobs/b", "tags/list/x", "manifests", "a/uploads/blobs", "blobs/uploads", "referrers/x/tags")
                .map(suffix -> allowed(10, suffix + " is a name", 202, scene -> {
                    RepositoryClient named = scene.registry.repository(RegistryClient.newName() + "/" + suffix);
                    Image image = named.push("v1", scene.images.image());
                    assertThat(named.tags()).containsExactly("v1");
                    assertThat(named.referrers(image.digest())).isEmpty();
                    return named.delete("manifests/" + image.digest());
                }));
    }
}
