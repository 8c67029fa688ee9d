package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of one repository of the packaged program in open mode. */
class RepositoryPagesIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();
    private static final String HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7+7}}{7+7}";

    private final ConsoleBrowser browser = new ConsoleBrowser(REGISTRY);
    private RepositoryClient repository;
    private String base;

    @BeforeEach
    void begin() {
        repository = REGISTRY.newRepository();
        base = "/console/repositories/" + repository.name() + "/-";
    }

    @Test
    void tableGoesThroughAllTagsOnceAndInOrder() {
        Image image = ImageFactory.fresh().image();
        List<String> pushed =
                IntStream.range(0, 120).mapToObj("v%03d"::formatted).toList();
        repository.push("v000", image);
        pushed.forEach(tag -> repository.put(tag, image.manifest()).expect(201));

        assertThat(tags(base)).isEqualTo(pushed);
        assertThat(tags(base + "?sort=-name")).isEqualTo(pushed.reversed());
        assertThat(tags(base + "?name=v01*&sort=name"))
                .containsExactlyElementsOf(
                        pushed.stream().filter(tag -> tag.startsWith("v01")).toList());
        assertThat(tags(base + "?sort=pushed")).hasSize(120).doesNotHaveDuplicates();
        assertThat(tags(base + "?sort=-size")).hasSize(120).doesNotHaveDuplicates();
    }

    @Test
    void headsOfColumnsSortAndSayHow() {
        List<Image> images = List.of(
                ImageFactory.fresh().image(),
                ImageFactory.fresh().image(),
                ImageFactory.fresh().image());
        List.of("c", "a", "b").forEach(tag -> repository.push(tag, images.get(tag.charAt(0) - 'a')));

        Document byName = browser.open(base);
        assertThat(byName.select("th[aria-sort=ascending]").text()).isEqualTo("Tag");
        Document byPush = browser.open(byName.select("th:contains(Pushed) a").attr("href"));
        assertThat(byPush.select("th[aria-sort=descending]").text()).isEqualTo("Pushed");
        assertThat(names(byPush)).containsExactly("b", "a", "c");
        Document other = browser.open(byPush.select("th:contains(Pushed) a").attr("href"));
        assertThat(other.select("th[aria-sort=ascending]").text()).isEqualTo("Pushed");
        assertThat(names(other)).containsExactly("c", "a", "b");
        assertThat(browser.get(base + "?sort=colour").status()).isEqualTo(400);
        assertThat(browser.get(base + "?name=-x").status()).isEqualTo(400);
        assertThat(browser.get(base + "?after=x&sort=size").status()).isEqualTo(400);
        assertThat(browser.get("/console/repositories/" + RegistryClient.newName() + "/-")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void rowShowsWhatTheTagNamesAndHowItIsPulled() {
        Image image = repository.push("latest", ImageFactory.fresh().image());
        repository.push("another", ImageFactory.fresh().image());
        Document page = browser.open(base);
        Element row = page.select("tr:has(th a:contains(latest))").first();

        assertThat(row.select("th a").attr("href")).isEqualTo(base + "/tags/latest");
        assertThat(row.text()).contains(image.digest().substring(7, 19), "linux/amd64", "image", "never", "kB");
        String host = REGISTRY.base().getAuthority();
        assertThat(page.select("pre.copy").eachText())
                .containsExactly(
                        "docker pull " + host + "/" + repository.name() + ":latest",
                        "podman pull --tls-verify=false " + host + "/" + repository.name() + ":latest",
                        "nerdctl pull --insecure-registry " + host + "/" + repository.name() + ":latest",
                        "ctr images pull --plain-http " + host + "/" + repository.name() + ":latest");
    }

    @Test
    void repositoryThatIsEmptyTeachesTheFirstPush() {
        String organization = repository.name().substring(0, repository.name().indexOf('/'));
        api("POST", "/api/v1/organizations", "{\"name\":\"%s\"}".formatted(organization))
                .expect(201);
        api("POST", "/api/v1/repositories", "{\"name\":\"%s\"}".formatted(repository.name()))
                .expect(201);
        assertThat(browser.open(base).text())
                .contains("docker push " + REGISTRY.base().getAuthority() + "/" + repository.name() + ":latest");
    }

    @Test
    void selectedTagsGoButThoseThatARuleKeepsAndCanBeBroughtBack() {
        Image image = repository.push("v1", ImageFactory.fresh().image());
        repository.put("v2", image.manifest()).expect(201);
        repository.put("keep-1", image.manifest()).expect(201);
        repository.put("stays", image.manifest()).expect(201);
        api("POST", "/api/v1/repositories/" + repository.name() + "/-/immutability-rules", "{\"pattern\":\"keep-*\"}")
                .expect(201);

        Document confirm = browser.open(base + "/delete-tags?tag=v1&tag=keep-1&tag=absent");
        assertThat(confirm.text()).contains("There is no tag absent", "the rule keep-* keeps it", image.digest());
        assertThat(confirm.select("tr:has(th:contains(v1)) td").eachText())
                .anyMatch(cell -> cell.contains("v2") && cell.contains("stays"));
        assertThat(repository.tags()).hasSize(4);

        Document done = browser.follow(browser.send(confirm, base + "/delete-tags", Map.of()));
        assertThat(repository.tags()).containsExactly("keep-1", "stays", "v2");
        assertThat(done.select("li:contains(keep-1)").text()).contains("was not deleted", "keep-*");
        String undo = done.select("a:contains(Undo)").attr("href");
        assertThat(undo).startsWith(base + "/events/").endsWith("/undo");
        String event = undo.substring((base + "/events/").length(), undo.length() - "/undo".length());
        api("POST", "/api/v1/repositories/" + repository.name() + "/-/events/" + event + "/undo", "{}")
                .expect(200);
        assertThat(repository.tags()).contains("v1");
    }

    @Test
    void tagThatMovedSinceItWasShownStays() {
        repository.push("v1", ImageFactory.fresh().image());
        Document confirm = browser.open(base + "/delete-tags?tag=v1");
        repository.push("v1", ImageFactory.fresh().image());
        Document done = browser.follow(browser.send(confirm, base + "/delete-tags", Map.of()));

        assertThat(done.text()).contains("was not deleted: it names another manifest");
        assertThat(repository.tags()).containsExactly("v1");
    }

    @Test
    void formOfAnotherSiteDeletesNothing() {
        Image image = repository.push("v1", ImageFactory.fresh().image());
        browser.open(base);
        Map<String, List<String>> fields = Map.of("tag", List.of("v1@" + image.digest()), "csrf", List.of("guessed"));
        assertThat(browser.post(base + "/delete-tags", fields).status()).isEqualTo(403);
        assertThat(repository.tags()).containsExactly("v1");
    }

    @Test
    void readmeIsWrittenInTheSettingsAndShownWithoutWhatItWouldRun() {
        repository.push("v1", ImageFactory.fresh().image());
        Document settings = browser.open(base + "/settings");
        String text = "# Hello\n\n" + HOSTILE + "\n\n[no](javascript:alert(1)) [yes](https://acme.example)\n";
        Document saved = browser.follow(browser.send(settings, base + "/settings/readme", Map.of("text", text)));
        assertThat(saved.select("[role=status]").text()).contains("README was saved");
        assertThat(ConsoleBrowser.typed(saved.select("textarea[name=text]").first()))
                .isEqualTo(text);

        Document about = browser.open(base + "/about");
        Element readme = about.select(".readme").first();
        assertThat(readme.select("h3").text()).isEqualTo("Hello");
        assertThat(readme.text()).contains(HOSTILE);
        assertThat(readme.select("a").eachAttr("href")).containsExactly("https://acme.example");
        assertThat(REGISTRY.get("/api/v1/repositories/" + repository.name() + "/-/readme")
                        .expect(200)
                        .json()
                        .get("text")
                        .asText())
                .isEqualTo(text);
    }

    @Test
    void whatTheNewestImageSaysOfItselfIsShownAsText() {
        repository.push(
                "v1",
                ImageFactory.fresh()
                        .image(Map.of(
                                "annotations",
                                Map.of(
                                        "org.opencontainers.image.title",
                                        HOSTILE,
                                        "org.opencontainers.image.source",
                                        "https://acme.example/web",
                                        "org.opencontainers.image.url",
                                        "javascript:alert(1)"))));
        Document about = browser.open(base + "/about");
        assertThat(about.select("dt:contains(Title) + dd").text()).isEqualTo(HOSTILE);
        assertThat(about.select("section:has(#said) a").eachAttr("href")).containsExactly("https://acme.example/web");
        assertThat(about.select("section:has(#said)").text()).contains("javascript:alert(1)");
    }

    @Test
    void whatIsRefusedStaysInTheForm() {
        repository.push("v1", ImageFactory.fresh().image());
        String description = HOSTILE.repeat(20);
        Answer refused =
                browser.send(browser.open(base + "/settings"), base + "/settings", Map.of("description", description));
        assertThat(refused.status()).isEqualTo(400);
        Document again = ConsoleBrowser.page(refused);
        assertThat(again.select("[role=alert]").text()).contains("at most 1000 characters");
        assertThat(ConsoleBrowser.typed(
                        again.select("textarea[name=description]").first()))
                .isEqualTo(description);

        Document saved = browser.follow(
                browser.send(again, base + "/settings", Map.of("description", HOSTILE, "visibility", "public")));
        assertThat(saved.select("select option[selected]").attr("value")).isEqualTo("public");
        assertThat(browser.open(base + "/about").select(".said").text()).isEqualTo(HOSTILE);
        Answer rule = browser.send(saved, base + "/settings/rules", Map.of("pattern", "<b>"));
        assertThat(rule.status()).isEqualTo(400);
        assertThat(ConsoleBrowser.page(rule).select("input[name=pattern]").attr("value"))
                .isEqualTo("<b>");
    }

    @Test
    void ruleIsMadeAndLifted() {
        repository.push("v1", ImageFactory.fresh().image());
        Document made = browser.follow(
                browser.send(browser.open(base + "/settings"), base + "/settings/rules", Map.of("pattern", "v*")));
        assertThat(made.select("table th code").text()).isEqualTo("v*");
        repository.delete("manifests/v1").expect(403);
        String lift = made.select("form[action$=/lift]").attr("action");
        browser.follow(browser.send(made, lift, Map.of()));
        repository.delete("manifests/v1").expect(202);
    }

    @Test
    void iconIsTakenAndServedSoThatNothingInItRuns() {
        repository.push("v1", ImageFactory.fresh().image());
        String any = browser.get(base + "/icon").expect(200).header("etag");
        String svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        browser.follow(upload(svg.getBytes(StandardCharsets.UTF_8), csrf()));

        Answer icon = browser.get(base + "/icon").expect(200);
        assertThat(icon.text()).isEqualTo(svg);
        assertThat(icon.header("content-type")).isEqualTo("image/svg+xml");
        assertThat(icon.header("content-security-policy"))
                .isEqualTo("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        assertThat(icon.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(icon.header("etag")).isNotEqualTo(any);
        assertThat(REGISTRY.request("GET", base + "/icon")
                        .header("If-None-Match", icon.header("etag"))
                        .send()
                        .status())
                .isEqualTo(304);

        Answer refused = upload(("<!DOCTYPE svg>" + svg).getBytes(StandardCharsets.UTF_8), csrf());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(ConsoleBrowser.page(refused).select("[role=alert]").text()).contains("without a document type");
        assertThat(upload(svg.getBytes(StandardCharsets.UTF_8), "guessed").status())
                .isEqualTo(403);
        assertThat(upload(new byte[100_000], csrf()).status()).isEqualTo(400);
        assertThat(browser.get(base + "/icon").text()).isEqualTo(svg);

        browser.follow(browser.send(browser.open(base + "/settings"), base + "/settings/icon/remove", Map.of()));
        assertThat(browser.get(base + "/icon").header("etag")).isEqualTo(any);
    }

    @Test
    void repositoryIsDeletedByWhoeverTypesItsName() {
        repository.push("v1", ImageFactory.fresh().image());
        Document confirm = browser.open(base + "/delete");
        assertThat(confirm.text()).contains("It can be brought back as it was until");
        Answer refused = browser.send(confirm, base + "/delete", Map.of("name", "another", "why", "because"));
        assertThat(refused.status()).isEqualTo(400);
        Document again = ConsoleBrowser.page(refused);
        assertThat(again.select("input[name=why]").attr("value")).isEqualTo("because");
        repository.get("tags/list").expect(200);

        browser.send(again, base + "/delete", Map.of("name", repository.name())).expect(303);
        repository.get("tags/list").expect(404);
        assertThat(browser.get(base).status()).isEqualTo(404);
    }

    private String csrf() {
        return browser.open(base + "/settings").select("input[name=csrf]").attr("value");
    }

    private Answer upload(byte[] file, String csrf) {
        String head = "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + csrf
                + "\r\n--edge\r\nContent-Disposition: form-data; name=\"icon\"; filename=\"a.svg\"\r\n"
                + "Content-Type: image/svg+xml\r\n\r\n";
        byte[] body = (head + new String(file, StandardCharsets.ISO_8859_1) + "\r\n--edge--\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        return browser.post(base + "/settings/icon", "multipart/form-data; boundary=edge", body);
    }

    private List<String> tags(String address) {
        List<String> all = new ArrayList<>();
        String next = address;
        while (!next.isEmpty()) {
            Document page = browser.open(next);
            assertThat(names(page)).hasSizeLessThanOrEqualTo(50);
            all.addAll(names(page));
            next = page.select("a[rel=next]").attr("href");
        }
        if (address.contains("-name")) {
            assertThat(all).isSortedAccordingTo(Comparator.reverseOrder());
        }
        return all;
    }

    private static List<String> names(Document page) {
        return page.select("table.tags tbody th a").eachText();
    }

    private static Answer api(String method, String path, String json) {
        return REGISTRY.request(method, path)
                .header("Content-Type", "application/json")
                .body(json.getBytes(StandardCharsets.UTF_8))
                .send();
    }
}
