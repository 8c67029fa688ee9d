package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the specifications demand of the lists of tags and of repositories.
 *
 * <table>
 * <caption>Demand and test</caption>
 * <tr><td>OCI, Listing Tags: found MUST be 200, JSON with name and tags</td><td>theListNamesTheRepositoryAndItsTags</td></tr>
 * <tr><td>MAY be empty</td><td>theListIsEmptyAndNotNullAfterTheLastDeletion</td></tr>
 * <tr><td>MUST be in ASCII order</td><td>tagsAreInAsciiOrder</td></tr>
 * <tr><td>n MUST be kept unless there is a Link; Link MUST be RFC 5988</td><td>pagesOfEverySizeGiveTheWholeList</td></tr>
 * <tr><td>n of zero MUST be empty and MUST NOT have Link</td><td>aPageOfNothingIsEmptyAndHasNoNext</td></tr>
 * <tr><td>last is not in the result, and is no index</td><td>theListBeginsAfterLast</td></tr>
 * <tr><td>Docker, Listing Repositories and Pagination</td><td>the tests on the catalog</td></tr>
 * </table>
 */
class SpecificationTagsIT {

    private final RegistryClient registry = MoorageProcess.shared();
    private final RepositoryClient repository = registry.newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    private Image tag(List<String> tags) {
        Image image = images.image();
        repository.pushBlobs(image);
        for (int i = 0; i < tags.size(); i += 100) {
            List<String> some = tags.subList(i, Math.min(tags.size(), i + 100));
            repository
                    .put(image.digest() + "?tag=" + String.join("&tag=", some), image.manifest())
                    .expect(201);
        }
        return image;
    }

    @Test
    @Section({"OCI: Listing Tags", "Docker: Listing Image Tags"})
    void theListNamesTheRepositoryAndItsTags() {
        tag(List.of("v1"));
        Answer answer = repository.get("tags/list").expect(200);
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.json().path("name").asText()).isEqualTo(repository.name());
        assertThat(answer.texts("tags")).containsExactly("v1");
        assertThat(answer.next()).isEmpty();
    }

    @Test
    @Section({"OCI: Listing Tags", "OCI main: Listing Tags"})
    void tagsAreInAsciiOrder() {
        tag(List.of("b", "a", "B", "A", "_", "1", "10", "2", "a.b", "a-b", "a_b", "aB", "v1.10", "v1.9"));
        assertThat(repository.tags())
                .containsExactly("1", "10", "2", "A", "B", "_", "a", "a-b", "a.b", "aB", "a_b", "b", "v1.10", "v1.9");
    }

    @Test
    @Section("OCI: Listing Tags")
    void theListIsEmptyAndNotNullAfterTheLastDeletion() {
        Image image = tag(List.of("v1"));
        repository.delete("manifests/v1").expect(202);
        Answer answer = repository.get("tags/list").expect(200);
        assertThat(answer.texts("tags")).isEmpty();
        assertThat(answer.json().path("name").asText()).isEqualTo(repository.name());
        repository.get("manifests/" + image.digest()).expect(200);
    }

    @Test
    @Section({"OCI: Listing Tags", "Docker: GET Tags, No Such Repository"})
    void theListOfAnAbsentRepositoryIs404() {
        repository.get("tags/list").expectError(404, "NAME_UNKNOWN");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6, 7, 8, 1000})
    @Section({"OCI: Listing Tags, n", "Docker: Pagination"})
    void pagesOfEverySizeGiveTheWholeList(int n) {
        List<String> tags = List.of("a", "b", "c", "d", "e", "f", "g");
        tag(tags);
        List<String> seen = new ArrayList<>();
        Optional<String> target = Optional.of(repository.path("tags/list?n=" + n));
        while (target.isPresent()) {
            Answer page = registry.get(target.get()).expect(200);
            int left = tags.size() - seen.size();
            assertThat(page.texts("tags")).hasSize(Math.min(n, left));
            assertThat(page.next().isPresent()).as("Link with %s left", left).isEqualTo(left > n);
            seen.addAll(page.texts("tags"));
            target = page.next();
        }
        assertThat(seen).isEqualTo(tags);
    }

    @Test
    @Section("OCI: Listing Tags, n")
    void aPageOfNothingIsEmptyAndHasNoNext() {
        tag(List.of("a", "b"));
        Answer answer = repository.get("tags/list?n=0").expect(200);
        assertThat(answer.texts("tags")).isEmpty();
        assertThat(answer.find("link")).isEmpty();
    }

    @Test
    @Section({"OCI: Listing Tags, last", "Docker: Pagination"})
    void theListBeginsAfterLast() {
        tag(List.of("a", "b", "c", "d", "e"));
        assertThat(repository.get("tags/list?last=b").expect(200).texts("tags")).containsExactly("c", "d", "e");
        assertThat(repository.get("tags/list?n=2&last=b").expect(200).texts("tags"))
                .containsExactly("c", "d");
        assertThat(repository.get("tags/list?n=2&last=d").expect(200).texts("tags"))
                .containsExactly("e");
        assertThat(repository.get("tags/list?last=e").expect(200).texts("tags")).isEmpty();
        assertThat(repository.get("tags/list?last=bb").expect(200).texts("tags"))
                .containsExactly("c", "d", "e");
        assertThat(repository.get("tags/list?last=").expect(200).texts("tags")).hasSize(5);
        assertThat(repository.get("tags/list?last=%21not%20a%20tag").expect(200).texts("tags"))
                .hasSize(5);
    }

    @Test
    @Section("OCI: Listing Tags, n")
    void aListThatIsLongIsWholeOverItsPages() {
        List<String> tags = IntStream.range(1000, 1300).mapToObj(i -> "t" + i).toList();
        tag(tags);
        assertThat(repository.tags()).isEqualTo(tags);
        assertThat(repository.pages(repository.path("tags/list?n=99"), "tags")).isEqualTo(tags);
    }

    @Test
    @Section("OCI: Listing Tags, Link (RFC 8288)")
    void theNextPageStaysRightWhenTagsComeAndGo() {
        tag(List.of("b", "c", "d", "e"));
        String next = repository.get("tags/list?n=2").expect(200).next().orElseThrow();
        repository.delete("manifests/c").expect(202);
        tag(List.of("a", "dd"));
        assertThat(registry.get(next).expect(200).texts("tags")).containsExactly("d", "dd");
    }

    @Test
    @Section("Docker: Listing Repositories")
    void theCatalogHoldsRepositoriesWithAManifestOnly() {
        repository.beginUpload();
        RepositoryClient other = registry.repository(repository.name() + "/b");
        other.push("v1", images.image());
        assertThat(catalogAfter(repository.name(), 1).texts("repositories")).containsExactly(other.name());
        Answer answer = registry.get("/v2/_catalog").expect(200);
        assertThat(answer.header("content-type")).startsWith("application/json");
    }

    @Test
    @Section({"Docker: Listing Repositories, Pagination", "Docker: Catalog Fetch Paginated"})
    void theCatalogIsInOrderOverItsPages() {
        List<String> names = new ArrayList<>();
        for (String suffix : List.of("a", "a-b", "a/b", "a0", "b")) {
            RepositoryClient each = registry.repository(repository.name() + "/" + suffix);
            each.push("v1", images.image());
            names.add(each.name());
        }
        names.sort(null);
        for (int n : new int[] {1, 2, 3, 100}) {
            List<String> all =
                    repository.pages("/v2/_catalog?n=" + n + "&last=" + repository.name(), "repositories").stream()
                            .filter(names::contains)
                            .toList();
            assertThat(all).isEqualTo(names);
        }
        Answer first = catalogAfter(repository.name(), 2);
        assertThat(first.texts("repositories")).isEqualTo(names.subList(0, 2));
        assertThat(registry.get(first.next().orElseThrow()).expect(200).texts("repositories"))
                .startsWith(names.get(2), names.get(3));
        assertThat(registry.get("/v2/_catalog?n=0").expect(200).texts("repositories"))
                .isEmpty();
        assertThat(registry.get("/v2/_catalog?n=0").find("link")).isEmpty();
    }

    private Answer catalogAfter(String last, int n) {
        return registry.get("/v2/_catalog?n=" + n + "&last=" + last).expect(200);
    }

    @Test
    @Section("Docker: Listing Repositories")
    void theWholeCatalogIsSortedAndHasNothingTwice() {
        repository.push("v1", images.image());
        List<String> all = repository.pages("/v2/_catalog", "repositories");
        assertThat(all).isSorted().doesNotHaveDuplicates().contains(repository.name());
    }
}
