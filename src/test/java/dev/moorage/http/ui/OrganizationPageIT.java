package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The beginning and the repositories of organizations as pages, of the packaged program in open mode. */
class OrganizationPageIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();
    private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");

    private final ConsoleVisitor visitor = new ConsoleVisitor(REGISTRY);
    private final String organization = "o" + UUID.randomUUID().toString().substring(0, 8);
    private final String page = "/console/organizations/" + organization;

    @Test
    void organizationIsMadeOnTheFirstPageAndTeachesTheFirstPush() {
        Answer made = visitor.send(
                "/console/", "/console/organizations", "name", organization, "defaultVisibility", "public");

        assertThat(made.status()).isEqualTo(303);
        assertThat(made.header("location")).endsWith(page);
        assertThat(visitor.page(page))
                .contains("docker push 127.0.0.1:" + REGISTRY.base().getPort() + "/" + organization + "/hello:latest")
                .contains("podman push --tls-verify=false");
        assertThat(home()).contains(organization + "</a>", "0 repositories, 0 B", "new repositories are public");
    }

    @Test
    void repositoryIsListedWithItsTagsItsSizeAndItsLastPush() {
        REGISTRY.repository(organization + "/web")
                .push("v1", ImageFactory.fresh().image());
        REGISTRY.repository(organization + "/web")
                .push("v2", ImageFactory.fresh().image());

        String shown = visitor.page(page);
        assertThat(shown)
                .contains(organization + "/web</a>")
                .contains("<td class=\"number\">2</td>")
                .containsPattern("<td class=\"number\">[0-9.]+ k?B</td><td><time datetime=\"20");
        assertThat(home()).contains("1 repository, ");
    }

    @Test
    void repositoryIsListedWithItsIconWhereItHasOne() {
        make();
        repository(organization + "/plain");
        repository(organization + "/with");
        REGISTRY.request("PUT", "/api/v1/repositories/" + organization + "/with/-/icon")
                .header("Content-Type", "application/json")
                .body(("{\"image\":\""
                                + Base64.getEncoder()
                                        .encodeToString("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"
                                                .getBytes(StandardCharsets.UTF_8))
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(204);

        assertThat(visitor.page(page))
                .containsOnlyOnce("<img class=\"icon\"")
                .contains("<img class=\"icon\" src=\"/console/repositories/" + organization
                        + "/with/-/icon\" alt=\"\" width=\"24\" height=\"24\" loading=\"lazy\">")
                .containsOnlyOnce("<svg class=\"icon\"");
        assertThat(visitor.get("/console/repositories/" + organization + "/with/-/icon")
                        .expect(200)
                        .header("content-type"))
                .isEqualTo("image/svg+xml");
    }

    @Test
    void manyRepositoriesArePagedWithoutLossAndFoundByAPartOfTheirNames() {
        make();
        List<String> names = IntStream.range(0, 120)
                .mapToObj(i -> String.format(Locale.ROOT, "%s/part%d/r%03d", organization, i % 7, i))
                .sorted()
                .toList();
        names.forEach(OrganizationPageIT::repository);

        assertThat(all(page)).isEqualTo(names);
        assertThat(all(page + "?part=R01"))
                .isEqualTo(names.stream().filter(name -> name.contains("r01")).toList());
        assertThat(visitor.page(page + "?part=nowhere")).contains("No repository here has this in its name");
    }

    @Test
    void whatIsTypedIsTextAndStaysText() {
        make();
        String hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {1+1} ${7*7} </td>";

        Answer made = visitor.send(page, page + "/repositories", "name", "web", "description", hostile);
        assertThat(made.status()).isEqualTo(303);
        assertThat(made.header("location")).endsWith("/console/repositories/" + organization + "/web/-");
        assertThat(visitor.page(page))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "{1+1} ${7*7}")
                .doesNotContain("<script>alert", "<img src=x");

        Answer refused = visitor.send(page, page + "/repositories", "name", "\"><script>x", "description", hostile);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("role=\"alert\"", "Refused: a repository name has lower-case components")
                .contains("value=\"&quot;&gt;&lt;script&gt;x\"", "aria-invalid=\"true\"")
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script>x", "<script>alert");
        assertThat(visitor.page(page + "?part=%3Cscript%3Ey")).doesNotContain("<script>y");
        assertThat(visitor.get(page + "?after=%00").status()).isEqualTo(400);
    }

    @Test
    void whatIsThereAlreadyIsAConflictOnTheFormThatWasSent() {
        make();
        repository(organization + "/web");

        Answer refused = visitor.send(page, page + "/repositories", "name", "web", "description", "mine");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("there is a repository " + organization + "/web", ">mine</textarea>");

        Answer again = visitor.send(
                "/console/", "/console/organizations", "name", organization, "defaultVisibility", "private");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text()).contains("value=\"" + organization + "\"");
    }

    @Test
    void formThatIsOfNoPageDoesNothing() {
        make();

        assertThat(visitor.post(page + "/repositories", "name", "web").status()).isEqualTo(403);
        assertThat(visitor.page(page)).doesNotContain(organization + "/web</a>");
        Answer forged = visitor.post(page + "/repositories", "csrf", "x".repeat(43), "name", "web");
        assertThat(forged.status()).isEqualTo(403);
        assertThat(visitor.post(page + "/settings/delete", "name", organization).status())
                .isEqualTo(403);
        assertThat(REGISTRY.get("/api/v1/repositories/" + organization + "/web/-/")
                        .status())
                .as("nothing was made")
                .isEqualTo(404);
        assertThat(REGISTRY.get("/api/v1/organizations/" + organization).status())
                .as("nothing was deleted")
                .isEqualTo(200);
    }

    @Test
    void organizationThatIsNotThereIsAPageThatSaysSo() {
        Answer absent = visitor.get(page);

        assertThat(absent.status()).isEqualTo(404);
        assertThat(absent.text()).contains("there is no organization " + organization);
        assertThat(visitor.get("/console/organizations/%3Cb%3E").text()).doesNotContain("<b>");
    }

    private String home() {
        // Others make organizations here too, and a page has few of them.
        return visitor.page("/console/?after=" + organization.substring(0, 8));
    }

    private List<String> all(String first) {
        List<String> names = new ArrayList<>();
        Pattern link = Pattern.compile(">(" + organization + "/[^<]+)</a></div></td>");
        Optional<String> next = Optional.of(first);
        while (next.isPresent()) {
            String text = visitor.page(next.get());
            link.matcher(text).results().forEach(found -> names.add(found.group(1)));
            Matcher further = NEXT.matcher(text);
            next = further.find() ? Optional.of(further.group(1).replace("&amp;", "&")) : Optional.empty();
        }
        return names;
    }

    private void make() {
        json("/api/v1/organizations", "{\"name\":\"" + organization + "\"}");
    }

    private static void repository(String name) {
        json("/api/v1/repositories", "{\"name\":\"" + name + "\"}");
    }

    private static void json(String path, String body) {
        REGISTRY.request("POST", path)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(201);
    }
}
