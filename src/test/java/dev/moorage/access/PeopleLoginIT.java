package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.FakeIssuer;
import dev.moorage.testing.FakeProvider;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Ports;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.Sql;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program, as people meet it who log in by an OpenID provider. */
class PeopleLoginIT {

    private static final String HOME = "https://registry.example";
    private static final Pattern SECRET = Pattern.compile("moorage_pat_\\w+");

    private static final String ADMIN_PASSWORD = "an administrator's own";

    private static FakeProvider provider;
    private static MoorageProcess program;
    private static Sql sql;

    @BeforeAll
    static void start() {
        provider = new FakeProvider();
        program = MoorageProcess.start("people", settings(provider.address()));
        sql = new Sql(program.database().source());
    }

    @AfterAll
    static void stop() {
        program.close();
        provider.close();
    }

    // Failures here are many, and all come from one address.
    @BeforeEach
    void forgetFailures() {
        sql.change("DELETE FROM login_failure");
    }

    private static MoorageProcess.Settings settings(String issuer) {
        return MoorageProcess.Settings.usual()
                .property("moorage.access.mode", "secured")
                .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                .property("moorage.access.admin-password", ADMIN_PASSWORD)
                .property("moorage.http.hosts", HOME)
                .property("moorage.access.oidc.issuer", issuer)
                .property("moorage.access.oidc.client-id", FakeProvider.CLIENT)
                .property("moorage.access.oidc.client-secret", FakeProvider.SECRET)
                .property("moorage.access.oidc.groups-claim", "groups");
    }

    @Test
    void personIsGivenATokenOnceThatTheTokenServerTakes() {
        provider.login(person("s-anna", "Anna"));
        Browser browser = browser();
        Answer page = browser.login().expect(200);

        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'none'");
        assertThat(page.text())
                .contains("docker login registry.example --username anna")
                .doesNotContain("<script");
        program.client()
                .showing("anna", secret(page))
                .get("/auth/token?service=moorage")
                .expect(200);
        program.client().showing("anna", secret(page)).get("/v2/").expect(200);
        assertThat(
                        sql.rows(
                                "SELECT a.issuer, a.subject, a.password_hash, a.administrator, t.actions, t.expires_at BETWEEN now() + interval '29 days' AND now() + interval '30 days' FROM account a JOIN access_token t ON t.account_id = a.id WHERE a.name = 'anna'"))
                .containsExactly(provider.address() + " s-anna - f {pull,push,delete} t");
        program.client().showing("anna", "").get("/v2/").expect(401);
        program.client().showing("anna", "none of his").get("/v2/").expect(401);
        assertThat(sql.rows("SELECT encode(secret_hash, 'escape') FROM access_token"))
                .noneMatch(kept -> kept.contains(secret(page)));
        assertThat(program.output()).doesNotContain(secret(page), FakeProvider.SECRET);
    }

    @Test
    void cookiesAreForTheLoginOnlyAndAreGoneBehindIt() {
        provider.login(person("s-cookies", "cookies"));
        Browser browser = browser();
        browser.throughProvider();

        assertThat(browser.wasTold()).hasSize(2).allSatisfy(told -> assertThat(told)
                .containsIgnoringCase("; HttpOnly")
                .contains("; Secure", "; SameSite=Lax", "; Path=/auth/oidc", "; Max-Age=600")
                .doesNotContain("Domain"));
        browser = browser();
        browser.login().expect(200);
        assertThat(browser.cookies()).isEmpty();
        assertThat(browser.wasTold()).noneMatch(told -> told.startsWith("q_session") && !told.contains("Max-Age=0"));
    }

    @Test
    void secondLoginFindsTheAccountByItsSubjectWhateverItIsCalled() {
        provider.login(person("s-bert", "bert"));
        String first = secret(browser().login().expect(200));
        provider.login(person("s-bert", "admin"));
        Answer second = browser().login().expect(200);

        assertThat(second.text()).contains("--username bert");
        assertThat(secret(second)).isNotEqualTo(first);
        assertThat(sql.number("SELECT count(*) FROM account WHERE subject = 's-bert'"))
                .isOne();
        program.client().showing("bert", first).get("/v2/").expect(200);
        program.client().showing("bert", secret(second)).get("/v2/").expect(200);
    }

    @Test
    void tokenAdministersOnlyWhereOneLogsInForThat() {
        provider.login(person("s-owner", "owner"));
        String forClients = secret(browser().login().expect(200));
        Browser browser = browser();
        String forAdministration = secret(browser.get(browser.throughProvider("/auth/oidc/login?for=administration"))
                .expect(200));

        String tokens = "/api/v1/account/tokens";
        program.client().showing("owner", forClients).get(tokens).expect(403);
        assertThat(browser.cookies()).isEmpty();
        Answer list =
                program.client().showing("owner", forAdministration).get(tokens).expect(200);
        long first = sql.number("SELECT id FROM access_token WHERE secret_hash = ?", (Object)
                Secret.parse(Secret.Kind.PERSONAL, forClients).orElseThrow().hash());
        assertThat(list.json().findValuesAsText("id")).hasSize(2).contains(Long.toString(first));
        program.client()
                .showing("owner", forAdministration)
                .request("DELETE", tokens + "/" + first)
                .send()
                .expect(204);
        program.client().showing("owner", forClients).get("/v2/").expect(401);
        assertThat(
                        sql.rows(
                                "SELECT t.expires_at BETWEEN now() + interval '7 hours' AND now() + interval '8 hours' FROM access_token t JOIN account a ON a.id = t.account_id WHERE a.name = 'owner'"))
                .containsExactly("t");
    }

    @Test
    void addressToComeBackToIsTheSettingsAndNotTheRequests() {
        try (RawHttp raw = RawHttp.connect(program.base())) {
            Answer answer = raw.head(
                            "GET",
                            "/auth/oidc/login",
                            "Host: evil.example",
                            "X-Forwarded-Host: evil.example",
                            "X-Forwarded-Prefix: /evil",
                            "Connection: close")
                    .answer("GET");
            assertThat(FakeProvider.form(
                            URI.create(answer.expect(302).header("Location")).getRawQuery()))
                    .containsEntry("redirect_uri", HOME + "/auth/oidc/callback")
                    .containsKeys("state", "nonce", "code_challenge");
        }
    }

    @Test
    void stateOfAnotherLoginIsRefused() {
        provider.login(person("s-state", "state"));
        Browser victim = browser();
        victim.throughProvider();
        String attackers = browser().throughProvider();

        refused(401, victim.get(attackers));
        refused(401, browser().get(attackers));
        refused(401, victim.get("/auth/oidc/callback?code=x"));
        refused(401, victim.get("/auth/oidc/callback"));
        nobodyIsCalled("state");
    }

    @Test
    void codeIsGoodOnce() {
        provider.login(person("s-replay", "replay"));
        Browser browser = browser();
        String back = browser.throughProvider();
        Browser thief = browser.copy(program.client());
        browser.get(back).expect(200);

        refused(401, browser.get(back));
        int before = provider.refusals().size();
        refused(401, thief.get(back));
        assertThat(provider.refusals().subList(before, provider.refusals().size()))
                .containsExactly("unknown code");
        assertThat(
                        sql.number(
                                "SELECT count(*) FROM access_token t JOIN account a ON a.id = t.account_id WHERE a.name = 'replay'"))
                .isOne();
    }

    @Test
    void administratorLinksAnAccountToAPersonAndEndsThat() {
        String account = "/api/v1/accounts/linked";
        String link = "{\"issuer\":\"" + provider.address() + "\",\"subject\":\"s-linked\"}";
        for (String name : List.of("linked", "other-linked")) {
            admin("POST", "/api/v1/accounts", "{\"name\":\"" + name + "\"}").expect(201);
        }
        provider.login(person("s-linked", "linked"));
        refused(403, browser().login());
        for (String half : List.of(
                "{\"subject\":\"s-linked\"}",
                "{\"issuer\":null}",
                "{\"issuer\":null,\"subject\":\"s-linked\"}",
                "{\"issuer\":\"x\",\"subject\":\" \"}",
                "{\"issuer\":7,\"subject\":8}")) {
            admin("PATCH", account, half).expect(400);
        }

        assertThat(admin("PATCH", account, link)
                        .expect(200)
                        .json()
                        .get("subject")
                        .asText())
                .isEqualTo("s-linked");
        admin("PATCH", "/api/v1/accounts/other-linked", link).expect(409);
        String secret = secret(browser().login().expect(200));
        RegistryClient person = program.client().showing("linked", secret);
        person.get("/v2/").expect(200);
        admin("PATCH", account, link).expect(200);
        person.get("/v2/").expect(200);

        assertThat(admin("PATCH", account, "{\"issuer\":null,\"subject\":null}")
                        .expect(200)
                        .json()
                        .get("issuer")
                        .isNull())
                .isTrue();
        person.get("/v2/").expect(401);
        refused(403, browser().login());
        admin("PATCH", "/api/v1/accounts/other-linked", link).expect(200);
        browser().login().expect(200);
    }

    private static Answer admin(String method, String path, String json) {
        return program.client()
                .showing("admin", ADMIN_PASSWORD)
                .request(method, path)
                .header("Content-Type", "application/json")
                .body(json.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"nonce\":\"another\"}",
                "{\"nonce\":null}",
                "{\"aud\":\"another\"}",
                "{\"aud\":null}",
                "{\"iss\":\"https://another.example\"}",
                "{\"iss\":null}",
                "{\"exp\":1}",
                "{\"exp\":null}",
                "{\"sub\":null}"
            })
    void idTokenThatIsNotForThisLoginIsRefused(String lie) throws Exception {
        Map<String, Object> claims = new HashMap<>(person("s-lie", "lie"));
        Map<String, Object> other = JsonUtil.parseJson(lie);
        provider.login(claims);
        provider.sign(all -> {
            all.putAll(other);
            all.values().removeIf(value -> value == null);
            return provider.issuer().token(all);
        });

        refused(401, browser().login());
        nobodyIsCalled("lie");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "ALG_NONE",
                "ALG_NONE_IN_CAPITALS",
                "NO_SIGNATURE",
                "HMAC_WITH_THE_PUBLIC_KEY",
                "HMAC_WITH_THE_OTHER_PUBLIC_KEY",
                "ANOTHER_KEY_UNDER_THE_NAME",
                "KEY_OF_THE_OTHER_KIND",
                "KEY_OF_NOBODY",
                "ITS_OWN_KEY_IN_THE_HEADER",
                "ITS_OWN_KEY_AT_AN_ADDRESS",
                "CRITICAL_HEADER_THAT_NOBODY_KNOWS",
                "ANOTHER_ISSUER",
                "ANOTHER_ISSUERS_NAME",
                "ISSUER_WITH_A_SLASH",
                "NOT_GOOD_YET",
                "OTHER_CLAIMS_UNDER_THE_SIGNATURE",
                "CLAIMS_THAT_ARE_NO_OBJECT",
                "GARBAGE"
            })
    void forgedIdTokenIsRefusedAndNotPrinted(ForgedJobToken forgery) {
        List<String> made = new ArrayList<>();
        provider.login(person("s-forged", "forged"));
        try (FakeIssuer stranger = new FakeIssuer()) {
            provider.sign(all -> {
                made.add(forgery.make(provider.issuer(), stranger, all));
                return made.getLast();
            });
            refused(401, browser().login());
            assertThat(stranger.fetches()).as("a token sends us nowhere").isZero();
        }
        nobodyIsCalled("forged");
        assertThat(program.output()).doesNotContain("s-forged", made.getLast());
    }

    @Test
    void idTokenThatTheClientsSecretHasSignedIsRefused() {
        provider.login(person("s-hmac", "hmac"));
        provider.sign(all -> FakeIssuer.sign(
                "HS256",
                "es",
                new HmacKey(FakeProvider.SECRET.getBytes(StandardCharsets.UTF_8)),
                JsonUtil.toJson(all),
                Map.of()));

        refused(401, browser().login());
        nobodyIsCalled("hmac");
    }

    @Test
    void disabledAccountIsRefused() {
        provider.login(person("s-off", "off"));
        browser().login().expect(200);
        sql.change("UPDATE account SET disabled_at = now() WHERE name = 'off'");
        sql.change("DELETE FROM access_token WHERE account_id = (SELECT id FROM account WHERE name = 'off')");

        assertThat(refused(403, browser().login()).text()).contains("disabled");
        assertThat(
                        sql.rows(
                                "SELECT count(*), (SELECT count(*) FROM access_token t WHERE t.account_id = max(a.id)) FROM account a WHERE subject = 's-off'"))
                .containsExactly("1 0");
    }

    @Test
    void nameThatAnotherAccountHasIsRefused() {
        provider.login(person("s-thief", "admin"));

        assertThat(refused(403, browser().login()).text()).contains("There is an account admin already");
        assertThat(sql.rows("SELECT issuer FROM account WHERE name = 'admin'")).containsExactly("-");
        assertThat(sql.number("SELECT count(*) FROM account WHERE subject = 's-thief'"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anonymous", "acme+robot", "<b>x</b>", "with blank", ""})
    void nameThatNoAccountCanHaveIsRefused(String name) {
        provider.login(person("s-odd", name));

        assertThat(refused(403, browser().login()).text()).doesNotContain("<b>");
        assertThat(sql.number("SELECT count(*) FROM account WHERE subject = 's-odd'"))
                .isZero();
    }

    @Test
    void teamsAreTheProvidersAtEachLoginAndLosingOneEndsTokens() {
        long acme = sql.number("INSERT INTO organization (name) VALUES ('acme') RETURNING id");
        List.of("dev", "ops", "old")
                .forEach(team -> sql.change("INSERT INTO team (organization_id, name) VALUES (?, ?)", acme, team));
        login("s-team", "acme/dev", "acme/old", "acme/none", "none/dev", "dev", "/", "acme/");
        assertThat(teams()).containsExactly("dev", "old");
        long before = epoch();

        login("s-team", "acme/dev", "acme/old");
        assertThat(epoch()).isEqualTo(before);
        login("s-team", "acme/dev", "acme/ops", "acme/old");
        assertThat(epoch()).isEqualTo(before);
        login("s-team", "acme/ops");
        assertThat(teams()).containsExactly("ops");
        assertThat(epoch()).isEqualTo(before + 1);
        provider.login(person("s-team", "team"));
        browser().login().expect(200);
        assertThat(teams()).isEmpty();
        assertThat(epoch()).isEqualTo(before + 2);
    }

    @Test
    void loginThatTheProviderRefusedIsRefusedWithoutItsWords() {
        Browser browser = browser();
        browser.get("/auth/oidc/login").expect(302);
        String state = browser.cookies().keySet().stream()
                .filter(name -> name.startsWith("q_auth"))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*_", "");

        Answer page = browser.get("/auth/oidc/callback?error=odd-word&error_description=odd-word&state=" + state);
        assertThat(refused(401, page).text()).doesNotContain("odd-word");
        assertThat(program.output()).doesNotContain("odd-word");
        assertThat(browser.cookies()).isEmpty();
    }

    @Test
    void loginThatBeganAtOneReplicaEndsAtAnotherAlsoWhereTheProviderWasAway() {
        provider.login(person("s-replica", "replica"));
        Browser browser = browser();
        String back = browser.throughProvider();
        try (MoorageProcess other =
                MoorageProcess.startReplica("people-replica", settings(provider.address()), program)) {
            provider.issuer().answer(503);
            refused(503, new Browser(other.client()).get("/auth/oidc/login"));
            refused(503, browser.copy(other.client()).get(back));
            provider.issuer().answer(200);
            assertThat(browser.copy(other.client()).get(back).expect(200).text())
                    .contains("--username replica");
        }
    }

    @Test
    void providerThatIsAwayKeepsNobodyElseFromAnything() {
        try (MoorageProcess alone =
                MoorageProcess.start("people-alone", settings("http://127.0.0.1:" + Ports.free()))) {
            assertThat(alone.output()).doesNotContain("Exception", "OIDC");
            refused(503, new Browser(alone.client()).get("/auth/oidc/login"));
            alone.client()
                    .request("GET", "/v2/")
                    .header("Cookie", "q_session=x; q_auth_y=z")
                    .send()
                    .expectError(401, "UNAUTHORIZED");
            assertThat(alone.output())
                    .contains("Nobody can log in by the OpenID provider: it does not answer as")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void cookiesMeanNothingElsewhere() {
        Answer with = program.client()
                .request("GET", "/v2/acme/app/tags/list")
                .header("Cookie", "q_session=x; q_auth=y")
                .send();
        Answer without = program.client().get("/v2/acme/app/tags/list");

        assertThat(with.expectError(401, "UNAUTHORIZED").lastingHeaders()).isEqualTo(without.lastingHeaders());
        assertThat(with.body()).isEqualTo(without.body());
    }

    @Test
    void managementApiIsDescribedWithItsOwnCredentialsOnly() {
        assertThat(MoorageProcess.shared().get("/api/v1/openapi").expect(200).text())
                .contains("scheme: basic", "scheme: bearer")
                .doesNotContainIgnoringCase("openIdConnect");
    }

    @Test
    void withoutAProviderThereIsNoLogin() {
        for (String target : List.of("/auth/oidc/login", "/auth/oidc/callback?code=x&state=y")) {
            MoorageProcess.shared().get(target).expect(404);
        }
        MoorageProcess.shared()
                .request("GET", "/v2/")
                .header("Cookie", "q_session=x; q_auth=y")
                .send()
                .expect(200);
    }

    private static void login(String subject, String... groups) {
        Map<String, Object> claims = new HashMap<>(person(subject, "team"));
        claims.put("groups", List.of(groups));
        provider.login(claims);
        browser().login().expect(200);
    }

    private static List<String> teams() {
        return sql.rows(
                "SELECT t.name FROM team_member m JOIN team t ON t.id = m.team_id JOIN account a ON a.id = m.account_id WHERE a.name = 'team' ORDER BY 1");
    }

    private static long epoch() {
        return sql.number(
                "SELECT coalesce(max(e.epoch), 0) FROM account a LEFT JOIN account_epoch e ON e.account_id = a.id WHERE a.name = 'team' AND a.epoch = 0");
    }

    private static Map<String, Object> person(String subject, String name) {
        return Map.of("sub", subject, "preferred_username", name);
    }

    private static Browser browser() {
        return new Browser(program.client());
    }

    private static Answer refused(int status, Answer answer) {
        answer.expect(status);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.text()).contains("/auth/oidc/login").doesNotContain("moorage_pat_");
        return answer;
    }

    private static void nobodyIsCalled(String name) {
        assertThat(sql.rows("SELECT id FROM account WHERE name = ?", name)).isEmpty();
    }

    private static String secret(Answer page) {
        Matcher matcher = SECRET.matcher(page.text());
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }
}
