package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.v2.V2Path.Family;
import dev.moorage.name.RepositoryName;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Paths are split from the right, whatever words the names are made of. */
class V2PathTest {

    private static final List<String> WORDS =
            List.of("blobs", "uploads", "tags", "list", "manifests", "referrers", "v2", "_catalog", "a", "latest");

    @Property
    void whatEachFamilyWritesIsReadBack(@ForAll("names") String name, @ForAll("lasts") String last) {
        assertSplit("/v2/" + name + "/tags/list", Family.TAGS, name, "");
        assertSplit("/v2/" + name + "/blobs/uploads/", Family.UPLOADS, name, "");
        assertSplit("/v2/" + name + "/blobs/sha256:" + last, Family.BLOB, name, "sha256:" + last);
        assertSplit("/v2/" + name + "/referrers/sha256:" + last, Family.REFERRERS, name, "sha256:" + last);
        assertSplit("/v2/" + name + "/manifests/" + last, Family.MANIFEST, name, last);
        assertSplit("/v2/" + name + "/blobs/uploads/0-" + last, Family.UPLOAD, name, "0-" + last);
    }

    @Property
    void noTextIsSplitIntoSomethingElse(@ForAll String text) {
        V2Path.parse("/v2/" + text).filter(path -> !path.name().isEmpty()).ifPresent(path -> assertThat("/v2/" + text)
                .startsWith("/v2/" + path.name() + "/")
                .endsWith(path.last()));
    }

    @Test
    void theBaseAndTheCatalogHaveNoName() {
        assertSplit("/v2", Family.BASE, "", "");
        assertSplit("/v2/", Family.BASE, "", "");
        assertSplit("/v2/_catalog", Family.CATALOG, "", "");
    }

    @Test
    void whatNoFamilyHasIsNoPath() {
        for (String path : List.of("/v2/x", "/v2/x/unknown/y", "/v3/", "//v2/", "/v2x", "/v2/tags/lists", "/v2//")) {
            assertThat(V2Path.parse(path)).as(path).isEmpty();
        }
    }

    @Test
    void innerPathsAreNoNamesOfRepositories() {
        for (Family family : Family.values()) {
            assertThat(RepositoryName.parse(family.innerPath().substring("/v2/".length())))
                    .as(family.innerPath())
                    .isEmpty();
        }
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(5).map(words -> String.join("/", words));
    }

    /** A tag that could be mistaken for a part of another family. */
    @Provide
    Arbitrary<String> lasts() {
        return Arbitraries.of("latest", "uploads", "tags", "blobs", "manifests", "x");
    }

    private static void assertSplit(String text, Family family, String name, String last) {
        assertThat(V2Path.parse(text)).as(text).contains(new V2Path(family, name, last));
    }
}
