package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two replicas of the packaged program in secured mode, as people meet them who log in to the console and out again. */
class ConsoleLoginIT {

    private static final String PASSWORD = "correct horse battery";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static MoorageProcess program;
    private static MoorageProcess replica;
    private static Sql sql;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start("console", Console.secured());
        replica = MoorageProcess.startReplica("console", Console.secured(), program);
        sql = new Sql(program.database().source());
    }

    @AfterAll
    static void stop() {
        replica.close();
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
        String name = "person-" + NUMBER.incrementAndGet();
        json(
                        administrator(),
                        "POST",
                        "/api/v1/accounts",
                        "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD))
                .expect(201);
        return name;
    }

    private static long sessions(String account) {
        return sql.number(
                "SELECT count(*) FROM console_session s JOIN account a ON a.id = s.account_id WHERE a.name = ?",
                account);
    }

    @Test
    void whoHasNotLoggedInIsLedToTheLoginAndBackToWhereHeWas() {
        Console console = new Console(program);
        assertThat(console.browser.get("/").expect(303).header("Location")).isEqualTo("/console/");
        assertThat(console.browser.get("/console/").expect(303).header("Location"))
                .isEqualTo("/console/login");
        String login =
                console.browser.get("/console/account?after=7").expect(303).header("Location");
        assertThat(login).isEqualTo("/console/login?next=%2Fconsole%2Faccount%3Fafter%3D7");
        assertThat(console.browser
                        .send(program.client().request("HEAD", "/console/account"))
                        .status())
                .isEqualTo(303);

        assertThat(console.browser.get(login).expect(200).text())
                .contains("name=\"next\" value=\"/console/account?after=7\"");
        Answer in = console.tryLogin(account(), PASSWORD, "/console/account?after=7");
        assertThat(in.expect(303).header("Location")).isEqualTo("/console/account?after=7");
        Answer home = console.browser.get("/console/").expect(200);
        assertThat(home.text()).contains("person-", "Log out").doesNotContain("Open mode");
        assertThat(home.header("Cache-Control")).isEqualTo("no-store");
        assertThat(console.browser.get(login).expect(303).header("Location")).isEqualTo("/console/account?after=7");
    }

    @Test
    void passwordThatIsWrongAndNameThatIsNobodysGetTheSamePageAndNoSession() {
        String name = account();
        Console console = new Console(program);
        String wrong = console.tryLogin(name, "another password").expect(403).text();
        String nobody = console.tryLogin("nobody-at-all", "another password")
                .expect(403)
                .text();

        assertThat(wrong).contains("The name or the password is wrong", "role=\"alert\"");
        assertThat(nobody.replace("nobody-at-all", name)).isEqualTo(wrong);
        assertThat(wrong).doesNotContain("another password");
        assertThat(console.browser.cookies()).doesNotContainKey(Console.SESSION);
        assertThat(console.isIn()).isFalse();
        assertThat(sessions(name)).isZero();
    }

    @Test
    void tokenDoesNotDoInThePlaceOfThePassword() {
        String name = account();
        String token = json(
                        program.client().showing(name, PASSWORD),
                        "POST",
                        "/api/v1/account/tokens",
                        "{\"name\":\"t\",\"actions\":[\"pull\"]}")
                .expect(201)
                .json()
                .path("secret")
                .asText();
        program.client().showing(name, token).get("/api/v1/account").expect(200);

        Console console = new Console(program);
        assertThat(console.tryLogin(name, token).expect(403).text()).contains("A token does not do");
        assertThat(sessions(name)).isZero();
    }

    @Test
    void tooManyWrongPasswordsMakeTheRightOneWait() {
        String name = account();
        Console console = new Console(program);
        for (int i = 0; i < 12; i++) {
            console.tryLogin(name, "wrong " + i);
        }
        Answer refused = console.tryLogin(name, PASSWORD).expect(429);
        assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
        assertThat(refused.text()).contains("Try again in", "name=\"password\"");
        assertThat(sessions(name)).isZero();

        new Console(replica).tryLogin(name, PASSWORD).expect(429);
        sql.change("DELETE FROM login_failure");
        assertThat(console.login(name, PASSWORD).isIn()).isTrue();
    }

    @Test
    void logoutEndsTheSessionOnEveryReplicaAtOnce() {
        String name = account();
        Console here = new Console(program).login(name, PASSWORD);
        Console there = here.at(replica);
        assertThat(there.isIn()).isTrue();

        Answer out = here.send("/console/", "/console/logout", Map.of());
        assertThat(out.expect(303).header("Location")).isEqualTo("/console/login");
        assertThat(here.browser.cookies()).doesNotContainKey(Console.SESSION);
        assertThat(there.isIn()).isFalse();
        assertThat(sessions(name)).isZero();
        assertThat(sql.rows(
                        "SELECT action, actor_kind, actor, detail->>'by', detail->>'sessions' FROM audit_event WHERE target = ? AND action LIKE 'session.%' ORDER BY id",
                        name))
                .containsExactly(
                        "session.begin account " + name + " the password -", "session.end account " + name + " - 1");
    }

    @Test
    void cookieIsForTheConsoleAloneAndSecureEverywhereButOnTheMachineItself() {
        String name = account();
        Console local = new Console(program).login(name, PASSWORD);
        assertThat(local.browser.wasTold().stream().filter(line -> line.startsWith(Console.SESSION + "=m")))
                .singleElement()
                .asString()
                .containsIgnoringCase("; HttpOnly")
                .contains("; Path=/console", "; SameSite=Strict")
                .doesNotContain("Secure", "Domain", "Max-Age", "Expires");
        assertThat(local.session()).startsWith("moorage_session_");

        // As a proxy hands requests on that came to it by TLS, and as somebody sends them who wishes for less.
        for (String host :
                List.of("registry.example", "registry.example:5000", "127.0.0.1.evil.example", "localhost.")) {
            Answer page = raw("GET", host, "", "");
            String given = page.header("Set-Cookie");
            Answer in = raw(
                    "POST",
                    host,
                    "Cookie: " + given.substring(0, given.indexOf(';')) + "\r\n",
                    "user=%s&password=%s&csrf=%s"
                            .formatted(name, RegistryClient.encoded(PASSWORD), Console.csrf(page)));
            assertThat(in.expect(303).header("Location")).isEqualTo("/console/");
            assertThat(in.all("Set-Cookie")).hasSize(2).anyMatch(line -> line.startsWith(Console.SESSION + "=m"));
            assertThat(Stream.concat(Stream.of(given), in.all("Set-Cookie").stream()))
                    .allSatisfy(line -> assertThat(line)
                            .containsIgnoringCase("; HttpOnly")
                            .contains("; Path=/console", "; SameSite=Strict", "; Secure"));
        }
        assertThat(raw("GET", "[::1]:5000", "", "").header("Set-Cookie")).doesNotContain("Secure");
    }

    private static Answer raw(String method, String host, String headers, String body) {
        try (RawHttp raw = RawHttp.connect(program.base())) {
            return raw.bytes(
                            "%s /console/login HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Proto: http\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n%s\r\n%s"
                                    .formatted(method, host, body.length(), headers, body)
                                    .getBytes(StandardCharsets.UTF_8))
                    .flush()
                    .answer(method);
        }
    }

    @Test
    void sessionThatTheBrowserHadBeforeTheLoginIsNotTheOneAfterIt() {
        String victim = account();
        Console attacker = new Console(program).login(account(), PASSWORD);
        String planted = attacker.session();
        Browser browser = new Browser(program.client());
        String csrf = Console.csrf(browser.get("/console/login"));
        // Planted once the form is open: before, its page would lead on.
        browser.with(Console.SESSION, planted);
        browser.post("/console/login", Map.of("csrf", csrf, "user", victim, "password", PASSWORD))
                .expect(303);

        assertThat(browser.cookies().get(Console.SESSION))
                .startsWith("moorage_session_")
                .isNotEqualTo(planted);
        assertThat(attacker.isIn()).isFalse();
        assertThat(sessions(victim)).isEqualTo(1);
    }

    @Test
    void textThatAnAttackerMadeUpIsNoSession() {
        for (String text : new String[] {"moorage_session_0", "chosen", "moorage_pat_abc", "%00", "a".repeat(4000)}) {
            Console console = new Console(program);
            console.browser.with(Console.SESSION, text);
            assertThat(console.isIn()).isFalse();
        }
    }

    @Test
    void sessionEndsWhenItRestsTooLongAndInAllCasesInTheEnd() {
        String name = account();
        Console console = new Console(program).login(name, PASSWORD);
        assertThat(sql.rows(
                        "SELECT s.expires_at - s.created_at, s.ends_at - s.created_at FROM console_session s JOIN account a ON a.id = s.account_id WHERE a.name = ?",
                        name))
                .containsExactly("12:00:00 7 days");
        String mine = "account_id = (SELECT id FROM account WHERE name = '" + name + "')";
        sql.change(
                "UPDATE console_session SET last_used_at = now() - interval '10 hours', expires_at = now() + interval '2 hours' WHERE "
                        + mine);
        assertThat(console.isIn()).isTrue();
        assertThat(sql.number(
                        "SELECT count(*) FROM console_session WHERE expires_at > now() + interval '11 hours' AND last_used_at > now() - interval '1 minute' AND "
                                + mine))
                .isEqualTo(1);
        // What was used a moment ago is not written again.
        String before =
                sql.rows("SELECT xmin FROM console_session WHERE " + mine).toString();
        assertThat(console.isIn()).isTrue();
        assertThat(sql.rows("SELECT xmin FROM console_session WHERE " + mine)).hasToString(before);

        sql.change(
                "UPDATE console_session SET last_used_at = now() - interval '2 minutes', ends_at = now() + interval '1 hour' WHERE "
                        + mine);
        assertThat(console.isIn()).isTrue();
        assertThat(sql.number("SELECT count(*) FROM console_session WHERE expires_at = ends_at AND " + mine))
                .isEqualTo(1);

        sql.change("UPDATE console_session SET expires_at = now() - interval '1 second' WHERE " + mine);
        assertThat(console.isIn()).isFalse();
        assertThat(console.at(replica).isIn()).isFalse();
    }

    @Test
    void onlyAHashOfTheSecretIsKept() {
        String name = account();
        String secret = new Console(program).login(name, PASSWORD).session();

        assertThat(secret).matches("moorage_session_[0-9A-Za-z]{40}");
        assertThat(sql.rows("SELECT row_to_json(s)::text FROM console_session s")
                        .toString())
                .doesNotContain(secret.substring(16));
        assertThat(sql.number(
                        "SELECT count(*) FROM console_session WHERE secret_hash = sha256(convert_to(?, 'UTF8'))",
                        secret))
                .isEqualTo(1);
        assertThat(program.output()).doesNotContain(secret.substring(16));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "\\\\evil.example",
                "/console/..//evil.example",
                "/console/../v2/",
                "/console/%2e%2e/v2/",
                "/console/%2f%2fevil.example",
                "/console//evil.example",
                "/console/\\evil.example",
                "/console/\r\nLocation: https://evil.example/",
                "/console/ ",
                "/consoles",
                "/v2/",
                "/console/login",
                "/console/logout",
                "javascript:alert(1)",
                "",
            })
    void nothingButAPageOfThisConsoleComesAfterTheLogin(String next) {
        Console console = new Console(program);
        Answer page = console.browser
                .get("/console/login?next=" + RegistryClient.encoded(next))
                .expect(200);
        assertThat(page.text()).contains("name=\"next\" value=\"/console/\"");

        Answer in =
                console.tryLogin(Console.ADMINISTRATOR, Console.PASSWORD, next).expect(303);
        assertThat(in.header("Location")).isEqualTo("/console/");
        Answer again = console.browser.get("/console/login?next=" + RegistryClient.encoded(next));
        assertThat(again.expect(303).header("Location")).isEqualTo("/console/");
    }

    @Test
    void accountHasSomeTensOfSessionsAtMost() {
        String name = account();
        Console first = new Console(program).login(name, PASSWORD);
        sql.change("""
                INSERT INTO console_session (secret_hash, account_id, last_used_at, expires_at, ends_at, address, client)
                SELECT sha256(convert_to('%1$s' || n, 'UTF8')), a.id, now() + n * interval '1 second',
                    now() + interval '1 hour', now() + interval '1 hour', '', ''
                FROM account a CROSS JOIN generate_series(1, 31) n
                WHERE a.name = '%1$s'
                """.formatted(name));
        assertThat(first.isIn()).isTrue();
        sql.change("UPDATE console_session SET last_used_at = now() - interval '1 hour' WHERE address <> ''");
        Console last = new Console(program).login(name, PASSWORD);

        assertThat(sessions(name)).isEqualTo(32);
        assertThat(last.isIn()).isTrue();
        assertThat(first.isIn()).isFalse();
    }
}
