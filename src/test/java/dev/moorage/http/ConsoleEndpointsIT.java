package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.MoorageProcess;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page of the console in secured mode, whichever there are: each asks who one is, and each form where it is from. */
class ConsoleEndpointsIT {

    private static final String PASSWORD = "an administrator's own";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    private static MoorageProcess program;
    private static Browser administrator;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "console-endpoints",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.access.admin-password", PASSWORD));
        administrator = new Browser(program.client());
        Matcher csrf = CSRF.matcher(administrator.get("/console/login").text());
        assertThat(csrf.find()).isTrue();
        administrator
                .post("/console/login", Map.of("csrf", csrf.group(1), "user", "admin", "password", PASSWORD))
                .expect(303);
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    static Stream<String> pages() {
        return Endpoints.pages().keySet().stream()
                .filter(endpoint -> endpoint.startsWith("GET /console") && !endpoint.endsWith("/login"));
    }

    static Stream<String> forms() {
        return Endpoints.pages().keySet().stream().filter(endpoint -> !endpoint.startsWith("GET "));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageLeadsWhoHasNoSessionToTheLogin(String endpoint) {
        Answer answer = program.client().get(path(endpoint));
        assertThat(answer.expect(303).header("Location")).startsWith("/console/login");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageForTheAdministratorIsOneOrSaysWhyNot(String endpoint) {
        Answer answer = administrator.get(path(endpoint));
        assertThat(answer.status()).as(endpoint).isIn(200, 303, 400, 403, 404);
        assertThat(answer.find("Location").orElse("")).doesNotContain("/console/login");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void formDoesNothingForWhoHasNoSessionOrDidNotGetItFromAPage(String endpoint) {
        String method = endpoint.substring(0, endpoint.indexOf(' '));
        assertThat(method).as("what a form can send").isEqualTo("POST");
        Answer stranger = new Browser(program.client()).post(path(endpoint), Map.of());
        assertThat(stranger.status()).as(endpoint).isIn(303, 403);
        assertThat(stranger.find("Location").orElse("/console/login")).startsWith("/console/login");
        Answer forged = administrator.post(path(endpoint), Map.of("csrf", "forged"));
        // What carries a file is a form of another kind, and this one is read no further.
        assertThat(forged.status()).as(endpoint).isIn(endpoint.endsWith("/icon") ? List.of(400) : List.of(403, 404));
    }

    private static String path(String endpoint) {
        return endpoint.substring(endpoint.indexOf(' ') + 1)
                .replace("/console/repositories/-", "/console/repositories/acme/app/-")
                .replaceAll("\\{id}", "1")
                .replaceAll("\\{[^}]*}", "x");
    }
}
