package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.testing.Answer;
import dev.moorage.testing.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is meant to run in the browser of whoever looks at it (src/test/resources/hostile.txt) is text on every page: in
 * labels, annotations, environment and commands of images, in tags as far as their grammar goes, and in reasons.
 *
 * <p>Nothing runs, nothing is asked of other servers, no box opens, and no page becomes wider for it.
 */
@NeedsChromium
class HostileBrowse {

    private static final List<String> PAYLOADS = Hostile.texts();

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    private static ConsoleScene scene;

    @BeforeAll
    static void fill() throws JsonProcessingException {
        scene = ConsoleScene.in(ConsolePrograms.open(), RegistryClient.newName().replace("/", "-"));
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < PAYLOADS.size(); i++) {
            labels.put("label." + i, PAYLOADS.get(i));
            labels.put(PAYLOADS.get(i), "as a name");
        }
        scene.web().push("latest", scene.image("hostile", 1000, labels, PAYLOADS));
        scene.web().push("__proto__.constructor", scene.image("hostile", 1000, labels, PAYLOADS));
        scene.web().push("V".repeat(128), scene.image("hostile", 1000, labels, PAYLOADS));
        String reason = new ObjectMapper().writeValueAsString(Map.of("why", PAYLOADS.getFirst() + PAYLOADS.get(9)));
        scene.send("POST", scene.filled(scene.inRepository("events/{moved}/undo")), reason);
        scene.web().push("latest", scene.image("hostile", 1000, labels, PAYLOADS));
    }

    static List<String> addresses() {
        return ConsolePages.addresses(scene);
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void pageShowsItAsText(String address) {
        Visit visit = visitor.arrive(Look.NARROW);
        visit.open(address);
        visit.assertFits(address);
        visit.assertNothingRan(address);
    }

    @Test
    void imageShowsEachPayloadWhole() {
        Visit visit = visitor.arrive();
        visit.open(ConsolePages.repository(scene) + "/tags/latest");
        String text = visit.page().locator("#content").textContent();

        assertThat(PAYLOADS).isNotEmpty().allSatisfy(payload -> assertThat(text).contains(payload));
        visit.assertNothingRan("an image with all of them");
    }

    @ParameterizedTest
    @MethodSource("dev.moorage.browser.HostileBrowse#searches")
    void searchRepeatsItAsText(String payload) {
        Visit visit = visitor.arrive();
        visit.open("/console/search?q=" + RegistryClient.encoded(payload));
        visit.assertNothingRan("a search for " + payload);
    }

    static List<String> searches() {
        return PAYLOADS.stream()
                .filter(payload -> payload.length() <= 255)
                .limit(12)
                .toList();
    }

    /** Whatever has a grammar is none of them, and so needs not be looked at on pages. */
    @Test
    void noNameIsOneOfThem() throws JsonProcessingException {
        for (String text : Hostile.texts()) {
            assertRefused("/api/v1/accounts", object("name", text, "password", "a password of its own"));
            assertRefused("/api/v1/organizations", object("name", text));
            assertRefused("/api/v1/repositories", object("name", scene.organization() + "/" + text));
            assertRefused(scene.managed("robots"), object("name", text));
            assertRefused(scene.managed("teams"), object("name", text));
            assertRefused(scene.managed("webhooks"), object("name", text, "url", "https://127.0.0.1/"));
        }
    }

    private static void assertRefused(String target, String body) {
        Answer answer = scene.client()
                .request("POST", target)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send();
        assertThat(answer.status()).as("%s %s: %s", target, body, answer.text()).isEqualTo(400);
    }

    private static String object(String... fields) throws JsonProcessingException {
        Map<String, String> object = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            object.put(fields[i], fields[i + 1]);
        }
        return new ObjectMapper().writeValueAsString(object);
    }
}
