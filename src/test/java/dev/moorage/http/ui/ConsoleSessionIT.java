package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session of the console is good for, what it is not, and what ends it. */
class ConsoleSessionIT {

    private static final String PASSWORD = "correct horse battery";
    private static final Pattern END = Pattern.compile("/console/account/sessions/[0-9a-f-]{36}/end");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static MoorageProcess program;
    private static Sql sql;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start("sessions", Console.secured());
        sql = new Sql(program.database().source());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    private static RegistryClient administrator() {
        return program.client().showing(Console.ADMINISTRATOR, Console.PASSWORD);
    }

    private static Answer json(RegistryClient client, String method, String path, String body) {
        return client.request(method, path)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    private static String account() {
        String name = "owner-" + NUMBER.incrementAndGet();
        json(
                        administrator(),
                        "POST",
                        "/api/v1/accounts",
                        "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
                .expect(201);
        return name;
    }

    private static Console in(String account) {
        return new Console(program).login(account, PASSWORD);
    }

    /** As what the management API denies: pages are read by the same people for the same ends. */
    @Test
    void pageThatWasDeniedIsInTheAuditTrail() {
        String account = account();
        Console console = in(account);

        console.browser.get("/console/system").expect(403);

        Await.until(Duration.ofSeconds(30), "the denial to be written", () -> !sql.rows(
                        "SELECT id::text FROM audit_event WHERE outcome = 'denied' AND actor = '" + account + "'")
                .isEmpty());
        assertThat(sql.rows("SELECT target FROM audit_event WHERE outcome = 'denied' AND actor = '" + account + "'"))
                .singleElement()
                .asString()
                .contains("GET /console/system");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v2/", "/v2/_catalog", "/api/v1/account", "/api/v1/organizations", "/auth/token?service=x"})
    void noInterfaceOfClientsLooksAtACookie(String path) {
        Console console = in(account());
        Answer without = program.client().get(path);
        Answer with = program.client()
                .request("GET", path)
                .header("Cookie", Console.SESSION + "=" + console.session())
                .send();

        assertThat(with.status()).isEqualTo(without.status());
        assertThat(path.startsWith("/auth/") ? 200 : 401).isEqualTo(with.status());
        assertThat(with.all("Set-Cookie")).isEmpty();
    }

    @Test
    void secretOfASessionIsNoPasswordAndNoToken() {
        String name = account();
        Console console = in(name);
        for (String path : List.of("/v2/", "/api/v1/account", "/auth/token?service=moorage")) {
            program.client().showing(name, console.session()).get(path).expect(401);
            program.client()
                    .request("GET", path)
                    .header("Authorization", "Bearer " + console.session())
                    .send()
                    .expect(401);
        }
        assertThat(console.isIn()).isTrue();
    }

    @Test
    void credentialsOfClientsMeanNothingOnPages() {
        program.client()
                .showing(Console.ADMINISTRATOR, Console.PASSWORD)
                .get("/console/")
                .expect(303);
    }

    @Test
    void formWithoutItsTextOrWithThatOfAnotherSessionDoesNothing() {
        String name = account();
        Console console = in(name);
        String others = Console.csrf(in(account()).browser.get("/console/account"));
        String atLogin = Console.csrf(new Console(program).browser.get("/console/login"));
        String right = Console.csrf(console.browser.get("/console/account"));
        assertThat(right).isNotEqualTo(others);

        for (String wrong : List.of("", others, atLogin, right + "x", console.session())) {
            Answer refused = console.browser
                    .post("/console/account/sessions/end-others", Map.of("csrf", wrong))
                    .expect(403);
            assertThat(refused.text()).contains("this form is not of a page that you have open");
            console.browser.post("/console/logout", Map.of("csrf", wrong)).expect(403);
        }
        console.browser.post("/console/logout", Map.of()).expect(403);
        assertThat(console.isIn()).isTrue();
        console.browser
                .post("/console/account/sessions/end-others", Map.of("csrf", right))
                .expect(303);
    }

    @Test
    void formOfTheLoginFromElsewhereLogsNobodyIn() {
        String name = account();
        Console console = new Console(program);
        String others = Console.csrf(new Console(program).browser.get("/console/login"));
        Map<String, String> form = Map.of("csrf", others, "user", name, "password", PASSWORD);

        console.browser.post("/console/login", form).expect(403);
        console.browser.get("/console/login").expect(200);
        console.browser.post("/console/login", form).expect(403);
        assertThat(console.browser.cookies()).doesNotContainKey(Console.SESSION);
        assertThat(sql.number(
                        "SELECT count(*) FROM console_session s JOIN account a ON a.id = s.account_id WHERE a.name = ?",
                        name))
                .isZero();
    }

    @Test
    void formThatComesAfterTheEndOfTheSessionLeadsToTheLogin() {
        Console console = in(account());
        String csrf = Console.csrf(console.browser.get("/console/account"));
        sql.change("UPDATE console_session SET expires_at = now()");
        Answer late = console.browser.post("/console/account/sessions/end-others", Map.of("csrf", csrf));
        assertThat(late.expect(303).header("Location")).endsWith("/console/login");

        Answer without =
                new Console(program).browser.post("/console/account/sessions/end-others", Map.of("csrf", csrf));
        assertThat(without.expect(303).header("Location")).endsWith("/console/login");
    }

    @Test
    void linkOnAnotherSiteLeadsToThePageByOneOfThisSite() {
        Console console = in(account());
        // A browser sends no such cookie with the first request that another site has made it send.
        Answer page = program.client()
                .request("GET", "/console/account?after=1")
                .header("Sec-Fetch-Site", "cross-site")
                .send()
                .expect(200);

        assertThat(page.text()).contains("http-equiv=\"refresh\" content=\"0;url=/console/account?after=1\"");
        assertThat(page.all("Set-Cookie")).isEmpty();
        console.browser.get("/console/account?after=1").expect(200);
        program.client()
                .request("GET", "/console/account")
                .header("Sec-Fetch-Site", "same-origin")
                .send()
                .expect(303);
        program.client()
                .request("POST", "/console/account/password")
                .header("Sec-Fetch-Site", "cross-site")
                .send()
                .expect(303);
    }

    @Test
    void whoHasASessionIsRefusedByAPageAndNotLedToTheLogin() {
        Console console = in(account());
        for (String path : List.of(
                "/console/organizations/of-others", "/console/nothing-of-this-name", "/console/repositories/a/b/-")) {
            Answer refused = console.browser.get(path);
            assertThat(refused.status()).as(path).isBetween(400, 499);
            assertThat(refused.find("Location")).isEmpty();
        }
        Answer absent = console.browser.post(
                "/console/account/sessions/no-such/end",
                Map.of("csrf", Console.csrf(console.browser.get("/console/account"))));
        assertThat(absent.expect(404).text()).contains("<h1>Not Found</h1>", "Log out");
    }

    @Test
    void pagesStandInNoOtherPage() {
        Console console = in(account());
        for (String path : List.of("/console/login", "/console/", "/console/account")) {
            Answer page = (path.endsWith("login") ? new Console(program) : console).browser.get(path);
            assertThat(page.expect(200).header("Content-Security-Policy"))
                    .contains("frame-ancestors 'none'", "form-action 'self'", "default-src 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.header("Cache-Control")).isEqualTo("no-store");
            assertThat(page.text()).doesNotContain(" style=").doesNotContain(" onclick");
        }
    }

    @Test
    void changeOfThePasswordEndsEverySessionButTheOneThatMadeIt() {
        String name = account();
        Console other = in(name);
        Console console = in(name);
        String before = console.session();

        console.send(
                        "/console/account",
                        "/console/account/password",
                        Map.of("password", "wrong", "new", "another long one", "again", "another long one"))
                .expect(403);
        console.send(
                        "/console/account",
                        "/console/account/password",
                        Map.of("password", PASSWORD, "new", "another long one", "again", "another one"))
                .expect(400);
        assertThat(other.isIn()).isTrue();
        console.send(
                        "/console/account",
                        "/console/account/password",
                        Map.of("password", PASSWORD, "new", "another long one", "again", "another long one"))
                .expect(303);

        assertThat(other.isIn()).isFalse();
        assertThat(console.isIn()).isTrue();
        assertThat(console.session()).isNotEqualTo(before);
        console.browser.with(Console.SESSION, before);
        assertThat(console.isIn()).isFalse();
        new Console(program).login(name, "another long one");
    }

    @Test
    void accountThatIsDisabledOrDeletedOrGivenAPasswordHasNoSessionAnyMore() {
        for (String change : List.of("{\"enabled\":false}", "{\"password\":\"set by another\"}", "")) {
            String name = account();
            Console console = in(name);
            assertThat(console.isIn()).isTrue();
            if (change.isEmpty()) {
                administrator()
                        .request("DELETE", "/api/v1/accounts/" + name)
                        .send()
                        .expect(204);
            } else {
                json(administrator(), "PATCH", "/api/v1/accounts/" + name, change)
                        .expect(200);
            }
            assertThat(console.isIn()).as(change).isFalse();
            if (change.contains("enabled")) {
                json(administrator(), "PATCH", "/api/v1/accounts/" + name, "{\"enabled\":true}")
                        .expect(200);
                assertThat(console.isIn()).as("enabled again").isFalse();
            }
        }
    }

    @Test
    void sessionsAreListedToTheirOwnerWhoEndsThem() {
        String name = account();
        Console console = in(name);
        Console second = in(name);
        Console third = in(name);

        String page = console.browser.get("/console/account").expect(200).text();
        assertThat(page).contains("this one", "127.0.0.1");
        assertThat(END.matcher(page).results()).hasSize(2);

        String end = END.matcher(page).results().findFirst().orElseThrow().group();
        console.send("/console/account", end, Map.of()).expect(303);
        assertThat(List.of(second.isIn(), third.isIn())).containsExactlyInAnyOrder(true, false);
        // Another's is as one that is not there.
        in(account()).send("/console/account", end, Map.of()).expect(404);
        console.send("/console/account", "/console/account/sessions/end-others", Map.of())
                .expect(303);
        assertThat(second.isIn() || third.isIn()).isFalse();
        assertThat(console.isIn()).isTrue();
    }

    @Test
    void tokenIsMadeWithThePasswordAndShownOnce() {
        String name = account();
        Console console = in(name);
        Map<String, String> form = Map.of("name", "laptop <b>", "actions", "pull", "days", "30", "prefix", "acme");
        console.send("/console/account", "/console/account/tokens", form).expect(403);
        Map<String, String> right = new TreeMap<>(form);
        right.put("password", PASSWORD);
        Answer made = console.send("/console/account", "/console/account/tokens", right)
                .expect(200);

        Matcher secret = Pattern.compile("moorage_pat_\\w+").matcher(made.text());
        assertThat(secret.find()).isTrue();
        assertThat(made.text()).contains("docker login 127.0.0.1:", "--username " + name, "laptop &lt;b&gt;");
        program.client().showing(name, secret.group()).get("/v2/").expect(200);

        String page = console.browser.get("/console/account").expect(200).text();
        assertThat(page).contains("laptop &lt;b&gt;", "<td>acme</td>").doesNotContain(secret.group(), "laptop <b>");
        Matcher delete = Pattern.compile("/console/account/tokens/\\d+/delete").matcher(page);
        assertThat(delete.find()).isTrue();
        in(account()).send("/console/account", delete.group(), Map.of()).expect(404);
        console.send("/console/account", delete.group(), Map.of()).expect(303);
        program.client().showing(name, secret.group()).get("/v2/").expect(401);
        assertThat(console.isIn()).isTrue();
    }

    @Test
    void administratorsOwnPageSaysWhatHeIs() {
        String page = new Console(program)
                .login()
                .browser
                .get("/console/account")
                .expect(200)
                .text();
        assertThat(page).contains("<h1>admin</h1>", "An administrator of this registry");
    }
}
