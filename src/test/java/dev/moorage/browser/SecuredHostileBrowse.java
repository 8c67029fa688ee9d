package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is meant to run in a browser is text on the pages of a registry in secured mode too, wherever somebody else can have it
 * shown: in descriptions of repositories and robots, READMEs, addresses of webhooks, claims and audiences of trusted issuers,
 * names of personal tokens, and in what programs and browsers call themselves.
 *
 * <p>Names of accounts, organizations, repositories, robots, teams and webhooks have a grammar in which none of these texts is
 * one ({@link HostileBrowse} tries); organizations and teams have no description, and accounts no other name. What is refused is
 * shown again in the form that it was typed into.
 */
@NeedsChromium
class SecuredHostileBrowse {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "a password of its own";
    private static final int LONGEST_DESCRIPTION = 1000;
    private static final int LONGEST_LINE = 255;
    /** An account has 32 at most. */
    private static final int SESSIONS = 24;

    private static final String SESSION = "moorage-console";
    private static final int CLAIMS = 32;

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.secured().base());

    private static ConsoleScene scene;
    private static String account;
    private static String session;

    @BeforeAll
    static void fill() throws JsonProcessingException {
        RegistryClient admin = ConsolePrograms.secured();
        String organization = RegistryClient.newName().replace("/", "-");
        account = organization + "-owner";
        new ConsoleScene(admin, organization)
                .send("POST", "/api/v1/accounts", json("name", account, "password", PASSWORD, "administrator", true));
        ConsoleScene owner = new ConsoleScene(admin.showing(account, PASSWORD), organization);
        for (String text : lines().toList()) {
            owner.send("POST", "/api/v1/account/tokens", json("name", text, "actions", List.of("pull")));
        }
        scene = ConsoleScene.in(admin.showing(account, token(owner)), organization);
        int number = 0;
        for (String description : descriptions()) {
            number++;
            String name = organization + "/described-" + number;
            scene.send("POST", "/api/v1/repositories", json("name", name, "description", description));
            scene.send(
                    "POST",
                    scene.managed("robots"),
                    json("name", "described-" + number, "description", description, "role", "reader"));
        }
        scene.send(
                "PATCH",
                "/api/v1/repositories/" + scene.web().name() + "/-",
                json("description", descriptions().getFirst()));
        scene.send("PUT", scene.inRepository("readme"), json("text", String.join("\n\n", Hostile.texts())));
        trustIssuers();
        push();
        logIn();
    }

    /** For everything: it is looked at faster than a password. */
    private static String token(ConsoleScene owner) throws JsonProcessingException {
        Answer made = owner.client()
                .request("POST", "/api/v1/account/tokens")
                .header("Content-Type", "application/json")
                .body(json("name", "tests", "actions", List.of("pull", "push", "delete", "administer"))
                        .getBytes(StandardCharsets.UTF_8))
                .send();
        return made.expect(201).json().get("secret").asText();
    }

    private static void trustIssuers() throws JsonProcessingException {
        List<String> texts = lines().toList();
        for (int from = 0; from < texts.size(); from += CLAIMS) {
            Map<String, String> claims = new HashMap<>();
            texts.subList(from, Math.min(texts.size(), from + CLAIMS))
                    .forEach(text -> claims.put(text.substring(0, Math.min(80, text.length())), text));
            scene.send(
                    "POST",
                    scene.managed("trusted-issuers"),
                    json(
                            "name",
                            "issuer-" + from,
                            "issuer",
                            "https://127.0.0.1/" + from,
                            "audience",
                            texts.get(from),
                            "claims",
                            claims));
        }
    }

    /** Programs call themselves what they like, and so the history and the audit trail say it. */
    private static void push() {
        Image image = scene.image("hostile", 1000);
        scene.web().pushBlobs(image);
        int number = 0;
        for (String text : headers().toList()) {
            number++;
            scene.web()
                    .request("PUT", "manifests/by-" + number)
                    .header("Content-Type", image.manifest().mediaType())
                    .header("User-Agent", text)
                    .body(image.manifest().bytes())
                    .send()
                    .expect(201);
        }
    }

    /** So do browsers, and so the page of the account says it. */
    private static void logIn() {
        RegistryClient registry = new RegistryClient(scene.client().base());
        for (String text : headers().limit(SESSIONS).toList()) {
            Browser browser = new Browser(registry);
            String form = browser.get("/console/login").expect(200).text();
            String csrf = form.replaceAll("(?s).*name=\"csrf\" value=\"([^\"]*)\".*", "$1");
            browser.send(registry.request("POST", "/console/login")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("User-Agent", text)
                            .body("csrf=%s&user=%s&password=%s"
                                    .formatted(
                                            RegistryClient.encoded(csrf),
                                            RegistryClient.encoded(account),
                                            RegistryClient.encoded(PASSWORD))
                                    .getBytes(StandardCharsets.UTF_8)))
                    .expect(303);
            session = browser.cookies().get(SESSION);
        }
    }

    static List<String> addresses() {
        List<String> all = new ArrayList<>(ConsolePages.addresses(scene));
        all.add("/console/account");
        return all;
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void pageShowsItAsText(String address) {
        Visit visit = login(Look.NARROW);
        visit.open(address);
        assertThat(visit.page().url()).as("who has logged in is let in").doesNotContain("/console/login");
        visit.assertFits(address);
        visit.assertNothingRan(address);
    }

    @Test
    void listsShowEachTextWhole() {
        Visit visit = login(Look.WIDE);
        assertShown(visit, ConsolePages.organization(scene), descriptions());
        assertShown(visit, ConsolePages.organization(scene) + "/robots", descriptions());
        assertShown(visit, ConsolePages.organization(scene) + "/trusted-issuers", lines().toList());
        assertShown(
                visit,
                ConsolePages.repository(scene) + "/about",
                List.of(descriptions().getFirst()));
        assertShown(
                visit, ConsolePages.repository(scene) + "/history", headers().toList());
        assertShown(visit, "/console/account", headers().limit(SESSIONS).toList());
        assertShown(visit, "/console/account", lines().toList());
    }

    /** An address that is called can hold no mark or quotation mark, but apostrophes, colons and brackets. */
    @Test
    void addressesOfWebhooksAreRefusedOrText() throws JsonProcessingException {
        List<String> taken = new ArrayList<>();
        for (String text : lines().toList()) {
            String url = "https://127.0.0.1/" + text.replace(' ', '+');
            Answer answer = ask(
                    "POST",
                    scene.managed("webhooks"),
                    json("name", "hook-" + taken.size(), "url", url, "enabled", false));
            if (answer.status() == 201) {
                taken.add(url);
            } else {
                assertThat(answer.status()).as("%s: %s", url, answer.text()).isEqualTo(400);
            }
        }
        assertThat(taken).hasSizeGreaterThan(2).noneMatch(url -> url.contains("<") || url.contains("\""));
        Visit visit = login(Look.WIDE);
        assertShown(visit, ConsolePages.organization(scene) + "/webhooks", taken);
        for (int number = 0; number < taken.size(); number++) {
            assertShown(
                    visit, ConsolePages.organization(scene) + "/webhooks/hook-" + number, List.of(taken.get(number)));
        }
    }

    @Test
    void whatIsRefusedComesBackAsText() {
        String text = Hostile.texts().get(2);
        Visit visit = login(Look.WIDE);
        Page page = visit.open(ConsolePages.organization(scene) + "/robots");
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill(text);
        page.getByLabel("Description").fill(text);
        assertThat(visit.refused(() -> page.getByRole(
                                AriaRole.BUTTON,
                                new Page.GetByRoleOptions().setName("Make robot and show its secret once"))
                        .click()))
                .isEqualTo(400);

        assertThat(page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                        .inputValue())
                .isEqualTo(text);
        visit.assertServesEverybody("a name that was refused");
        visit.assertNothingRan("a name that was refused");
    }

    /** Looks for texts on a page and those behind it. */
    private static void assertShown(Visit visit, String address, List<String> texts) {
        Page page = visit.open(address);
        StringBuilder shown = new StringBuilder(page.locator("#content").textContent());
        visit.assertNothingRan(address);
        while (page.locator("#content a[rel=next]").count() > 0) {
            page.locator("#content a[rel=next]").first().click();
            shown.append(page.locator("#content").textContent());
            visit.assertNothingRan("what follows " + address);
        }
        String all = shown.toString();
        assertThat(texts)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(all).as(address).contains(text));
    }

    private Visit login(Look look) {
        return visitor.arrive(look).with(SESSION, session);
    }

    private static Answer ask(String method, String target, String body) {
        return scene.client()
                .request(method, target)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    /** All of them in as few descriptions as hold them. */
    private static List<String> descriptions() {
        List<String> all = new ArrayList<>();
        StringBuilder next = new StringBuilder();
        for (String text : Hostile.texts()) {
            if (text.length() <= LONGEST_DESCRIPTION) {
                if (next.length() + text.length() >= LONGEST_DESCRIPTION) {
                    all.add(next.toString());
                    next.setLength(0);
                }
                next.append(next.isEmpty() ? "" : "\n").append(text);
            }
        }
        all.add(next.toString());
        return all;
    }

    /** Those that are a line. */
    private static Stream<String> lines() {
        return Hostile.texts().stream().filter(text -> text.length() <= LONGEST_LINE);
    }

    /** Those that a header can hold. */
    private static Stream<String> headers() {
        return lines().filter(text -> text.chars().allMatch(c -> c >= ' ' && c < 127));
    }

    /** An object of names and values by turns. */
    private static String json(Object... fields) throws JsonProcessingException {
        Map<String, Object> object = new HashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            object.put((String) fields[i], fields[i + 1]);
        }
        return JSON.writeValueAsString(object);
    }
}
