package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.FakeProvider;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People who come into the console by an OpenID provider. */
class ConsolePeopleIT {

    private static FakeProvider provider;
    private static MoorageProcess program;
    private static Sql sql;

    @BeforeAll
    static void start() {
        provider = new FakeProvider();
        program = MoorageProcess.start(
                "console-people",
                Console.secured()
                        .property("moorage.http.hosts", "https://registry.example")
                        .property("moorage.access.oidc.issuer", provider.address())
                        .property("moorage.access.oidc.client-id", FakeProvider.CLIENT)
                        .property("moorage.access.oidc.client-secret", FakeProvider.SECRET));
        sql = new Sql(program.database().source());
    }

    @AfterAll
    static void stop() {
        program.close();
        provider.close();
    }

    private static Map<String, Object> person(String name) {
        return Map.of("sub", "s-" + name, "preferred_username", name);
    }

    private static long tokens(String name) {
        return sql.number(
                "SELECT count(*) FROM access_token t JOIN account a ON a.id = t.account_id WHERE a.name = ?", name);
    }

    @Test
    void personComesInByTheLinkOnThePageOfTheLogin() {
        provider.login(person("anna"));
        Console console = new Console(program);
        Browser browser = console.browser;
        String login =
                browser.get("/console/login?next=/console/account").expect(200).text();
        assertThat(login).contains("href=\"/auth/oidc/login?for=console&amp;next=%2Fconsole%2Faccount\"");

        Answer page = browser.get(browser.throughProvider("/auth/oidc/login?for=console&next=%2Fconsole%2Faccount"));

        // No redirection: a cookie that is Strict would not come with it, for it all began on the provider's site.
        assertThat(page.expect(200).text())
                .contains("http-equiv=\"refresh\" content=\"0;url=/console/account\"", "href=\"/console/account\"")
                .doesNotContain("moorage_session_", "moorage_pat_", "<script");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("sandbox");
        assertThat(page.all("Set-Cookie"))
                .filteredOn(line -> line.startsWith(Console.SESSION + "="))
                .singleElement()
                .asString()
                .containsIgnoringCase("; HttpOnly")
                .contains("; SameSite=Strict", "; Path=/console");
        assertThat(console.isIn()).isTrue();
        assertThat(browser.get("/console/account").expect(200).text()).contains("<h1>anna</h1>", "/auth/oidc/login");
        assertThat(tokens("anna")).isZero();
        assertThat(
                        sql.rows(
                                "SELECT actor, detail->>'by' FROM audit_event WHERE action = 'session.begin' AND target = 'anna'"))
                .containsExactly("anna the OpenID provider");
        program.client()
                .request("GET", "/api/v1/account")
                .header("Cookie", Console.SESSION + "=" + console.session())
                .send()
                .expect(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example/", "//evil.example", "/\\evil.example", "/v2/", "/console/%2fevil", "\""})
    void nothingButAPageOfThisConsoleComesAfterIt(String next) {
        provider.login(person("berta"));
        Browser browser = new Console(program).browser;
        String back = browser.throughProvider("/auth/oidc/login?for=console&next=" + RegistryClient.encoded(next));

        assertThat(browser.get(back).expect(200).text())
                .contains("content=\"0;url=/console/\"")
                .doesNotContain("evil");
    }

    @Test
    void personWhoIsDisabledOrNotTheOneWhoBeganGetsNoSession() {
        provider.login(person("carl"));
        Console console = new Console(program);
        console.browser
                .get(console.browser.throughProvider("/auth/oidc/login?for=console"))
                .expect(200);
        assertThat(console.isIn()).isTrue();
        sql.change("UPDATE account SET disabled_at = now() WHERE name = 'carl'");
        assertThat(console.isIn()).isFalse();

        Console again = new Console(program);
        again.browser
                .get(again.browser.throughProvider("/auth/oidc/login?for=console"))
                .expect(403);
        assertThat(again.session()).isEmpty();

        provider.login(person("dora"));
        String back = again.browser.throughProvider("/auth/oidc/login?for=console");
        Console stranger = new Console(program);
        stranger.browser.get(back).expect(401);
        assertThat(stranger.session()).isEmpty();
    }

    @Test
    void whoAsksForATokenGetsOneAndNoSession() {
        provider.login(person("emil"));
        Console console = new Console(program);
        Answer page = console.browser.get(console.browser.throughProvider("/auth/oidc/login"));
        assertThat(page.expect(200).text()).contains("moorage_pat_");
        assertThat(console.session()).isEmpty();
        assertThat(tokens("emil")).isEqualTo(1);
    }

    @Test
    void sessionEndsWithTheLinkToThePerson() {
        provider.login(person("fritz"));
        Console console = new Console(program);
        console.browser
                .get(console.browser.throughProvider("/auth/oidc/login?for=console"))
                .expect(200);
        assertThat(console.isIn()).isTrue();
        program.client()
                .showing(Console.ADMINISTRATOR, Console.PASSWORD)
                .request("PATCH", "/api/v1/accounts/fritz")
                .header("Content-Type", "application/json")
                .body("{\"issuer\":null,\"subject\":null}".getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(200);
        assertThat(console.isIn()).isFalse();
    }
}
