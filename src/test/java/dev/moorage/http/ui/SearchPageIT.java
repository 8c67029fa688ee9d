package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that find repositories and images, of the packaged program in open mode. */
class SearchPageIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();
    private static final String HOSTILE = "<script>alert(1)</script>\"'{{x}}";
    private static final Pattern NEXT = Pattern.compile("<a rel=\"next\" href=\"([^\"]+)\"");

    private final ConsoleVisitor visitor = new ConsoleVisitor(REGISTRY);
    private final String organization = "f" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void repositoriesAreFoundByAPartOfTheirNamesWithWhatIsSaidOfThem() {
        push("web");
        describe("web", HOSTILE);

        String found = visitor.page("/console/search?q=" + organization.toUpperCase(Locale.ROOT));

        assertThat(found)
                .contains("href=\"/console/repositories/" + organization + "/web/-\"")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert");
        assertThat(visitor.page("/console/search?q=none-" + organization)).contains("No repository is found");
        assertThat(visitor.page("/console/search?q=" + RegistryClient.encoded(HOSTILE)))
                .contains("No repository is found")
                .doesNotContain("<script>alert");
        assertThat(visitor.page("/console/search")).contains("All repositories");
        assertThat(visitor.page("/console/")).contains("<h1>Registry");
    }

    @Test
    void namesAreSuggestedWhileOneTypes() {
        for (int i = 0; i < 12; i++) {
            push("r" + i);
        }
        Answer names = visitor.get("/console/search/names?q=" + organization);

        assertThat(names.expect(200).header("content-type")).startsWith("application/json");
        assertThat(names.header("cache-control")).isEqualTo("no-store");
        assertThat(names.json()).hasSize(10);
        assertThat(names.json().get(0).asText()).isEqualTo(organization + "/r0");
        assertThat(visitor.get("/console/search/names?q=").json()).isEmpty();
    }

    @Test
    void imagesComePageByPageAsTheFormAsks() {
        Image first = push("web");
        for (int i = 0; i < 51; i++) {
            push("more-" + i);
        }
        String asked = "/console/images?reference=" + organization + "%2F*";

        String page = visitor.page(asked + "&sort=name");
        assertThat(page).contains("/" + organization + "/more-0/-").doesNotContain("/" + organization + "/web/-");
        Matcher next = NEXT.matcher(page);
        assertThat(next.find()).isTrue();
        String second = visitor.page(next.group(1).replace("&amp;", "&"));
        assertThat(second)
                .contains(
                        "/" + organization + "/web/-",
                        "/tags/v1\"",
                        first.digest().substring(7, 19))
                .doesNotContain("rel=\"next\"");
        assertThat(visitor.page(asked + "&platform=linux%2Farm64")).contains("No image is found");
        assertThat(visitor.page(asked + "&label=a%3D%22%3Ex&since=2030-01-31&before=2031-01-31T12:00"))
                .contains("value=\"a=&quot;&gt;x\"", "value=\"2030-01-31\"", "value=\"2031-01-31\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images?sort=age",
                "images?standing=maybe",
                "images?platform=linux",
                "images?since=yesterday",
                "images?after=x",
                "search?page=0",
                "search?page=x"
            })
    void whatCannotBeAskedIsRefusedInASentence(String asked) {
        Answer refused = visitor.get("/console/" + asked).expect(400);

        assertThat(refused.header("content-type")).startsWith("text/html");
        assertThat(refused.text()).contains("<h1>Bad Request</h1>").doesNotContain("Exception");
    }

    private Image push(String name) {
        return REGISTRY.repository(organization + "/" + name)
                .push("v1", ImageFactory.fresh().image());
    }

    private void describe(String name, String text) {
        REGISTRY.request("PATCH", "/api/v1/repositories/" + organization + "/" + name + "/-/")
                .header("Content-Type", "application/json")
                .body(("{\"description\":\"" + text.replace("\"", "\\\"") + "\"}").getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(200);
    }
}
