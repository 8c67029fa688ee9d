package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packaged program in secured mode, as clients meet it. */
class SecuredModeIT {

    private static final String ADMIN = "the first password";
    private static final String PASSWORD = "correct horse battery";

    private static MoorageProcess program;
    private static Sql sql;
    private static long acme;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "secured",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.access.admin-password", ADMIN));
        sql = new Sql(program.database().source());
        acme = organization("acme");
        String hash = new Passwords(2).hash(PASSWORD);
        for (String name : List.of("anna", "rita", "olga")) {
            sql.change("INSERT INTO account (name, password_hash) VALUES (?, ?)", name, hash);
        }
        give("writer", "anna");
        give("reader", "rita");
        organization("other");
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void baseDemandsCredentialsAndTakesBothKinds() {
        Answer nothing = program.client().get("/v2/").expectError(401, "UNAUTHORIZED");
        assertThat(nothing.header("www-authenticate"))
                .isEqualTo("Bearer realm=\"%s/auth/token\",service=\"moorage\"".formatted(program.base()));

        basic("GET", "/v2/", "admin", ADMIN).send().expect(200);
        basic("GET", "/v2/", "admin", "wrong").send().expectError(401, "UNAUTHORIZED");
        program.client().as("anna", PASSWORD).get("/v2/").expect(200);
        program.client().asNobody().get("/v2/").expect(200);
        program.client().as("anna", "wrong").get("/v2/").expect(401);
    }

    @Test
    void writerPushesAndPullsReaderPullsAndStrangersSeeNothing() {
        Image image = ImageFactory.fresh().image();
        RepositoryClient anna = program.client().as("anna", PASSWORD).repository("acme/flow");
        anna.push("v1", image);

        RepositoryClient rita = anna.through(program.client().as("rita", PASSWORD));
        rita.get("manifests/v1").expect(200);
        rita.head("blobs/" + image.blobs().getFirst().digest()).expect(200);
        rita.begin().expectError(401, "UNAUTHORIZED");
        anna.delete("manifests/v1").expectError(401, "UNAUTHORIZED");

        for (RegistryClient stranger : List.of(
                program.client(), program.client().asNobody(), program.client().as("olga", PASSWORD))) {
            Answer forbidden = anna.through(stranger).get("manifests/v1");
            Answer absent = stranger.repository("acme/flaw").get("manifests/v1");
            assertThat(forbidden.expectError(401, "UNAUTHORIZED").text()).isEqualTo(absent.text());
            assertThat(forbidden.header("www-authenticate").replace("flow", "flaw"))
                    .isEqualTo(absent.header("www-authenticate"));
            assertThat(forbidden.headers().keySet()).isEqualTo(absent.headers().keySet());
        }
    }

    @Test
    void pushToAnotherTenantIsRefusedAndMakesNothing() {
        RepositoryClient elsewhere = program.client().as("anna", PASSWORD).repository("other/app");

        elsewhere.begin().expectError(401, "UNAUTHORIZED");
        assertThat(sql.number("SELECT count(*) FROM repository WHERE name = 'other/app'"))
                .isZero();
    }

    @Test
    void everybodyPullsAPublicRepository() {
        RepositoryClient anna = program.client().as("anna", PASSWORD).repository("acme/open");
        anna.push("v1", ImageFactory.fresh().image());
        sql.change("UPDATE repository SET visibility = 'public' WHERE name = 'acme/open'");

        anna.through(program.client().asNobody()).get("manifests/v1").expect(200);
        anna.through(program.client().asNobody()).begin().expectError(401, "UNAUTHORIZED");
    }

    @Test
    void tokenRequestTakesScopesTogetherAndApartAndGivesWhatIsHeld() {
        JsonNode together = token("scope=repository:acme/a:pull,push%20repository:other/b:pull%20registry:catalog:*");
        JsonNode apart =
                token("scope=repository:acme/a:pull,push&scope=repository:other/b:pull&scope=registry:catalog:*");

        for (JsonNode answer : List.of(together, apart)) {
            JsonNode claims = claims(answer);
            assertThat(claims.get("access")).hasSize(2);
            assertThat(claims.get("access").get(0).get("actions")).hasSize(2);
            assertThat(claims.get("sub").asText()).isEqualTo("anna");
            assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(300);
            assertThat(answer.get("access_token")).isEqualTo(answer.get("token"));
            assertThat(answer.get("expires_in").asInt()).isEqualTo(300);
            assertThat(answer.has("issued_at")).isTrue();
            assertThat(answer.has("refresh_token")).isFalse();
        }
        assertThat(claims(token("scope=repository:*:*&scope=repository::pull&scope=x&scope=repository:A:pull"))
                        .get("access"))
                .isEmpty();
        assertThat(basic("GET", "/auth/token?scope=" + "repository:acme/a:pull%20".repeat(101), "anna", PASSWORD)
                        .send()
                        .status())
                .isEqualTo(400);
    }

    @Test
    void postFirstAsContainerdDoesAndRefreshAsDockerDoes() {
        Answer given =
                post("grant_type=password&service=moorage&client_id=containerd&access_type=offline&username=anna&password="
                                + RegistryClient.encoded(PASSWORD) + "&scope=repository%3Aacme%2Fa%3Apull")
                        .expect(200);
        assertThat(claims(given.json()).get("access")).hasSize(1);
        String refresh = given.json().get("refresh_token").asText();

        Answer again = post("grant_type=refresh_token&service=moorage&client_id=docker&refresh_token=" + refresh
                        + "&scope=repository%3Aacme%2Fa%3Apull")
                .expect(200);
        assertThat(claims(again.json()).get("sub").asText()).isEqualTo("anna");
        assertThat(again.json().get("refresh_token").asText()).isEqualTo(refresh);

        assertThat(revoke("token_type_hint=refresh_token&token=" + refresh)).isEqualTo("200 ");
        post("grant_type=refresh_token&refresh_token=" + refresh).expectError(401, "UNAUTHORIZED");
        assertThat(revoke("token=" + refresh)).isEqualTo("200 ");
        assertThat(revoke("token=" + given.json().get("token").asText()))
                .isEqualTo("400 {\"error\":\"unsupported_token_type\"}");
        assertThat(revoke("token_type_hint=refresh_token")).isEqualTo("400 {\"error\":\"invalid_request\"}");

        post("grant_type=password&username=anna&password=wrong").expectError(401, "UNAUTHORIZED");
        post("grant_type=refresh_token&refresh_token=x").expectError(401, "UNAUTHORIZED");
        post("grant_type=magic").expect(400);
    }

    @Test
    void realmIsTheAddressThatTheClientCameByAndNeverAStrangersHeader() {
        try (RawHttp raw = program.client().raw()) {
            int port = program.base().getPort();
            assertThat(realm(raw, "localhost:" + port)).isEqualTo("http://localhost:" + port + "/auth/token");
        }
        try (RawHttp raw = program.client().raw()) {
            assertThat(realm(raw, "evil.example")).isEqualTo(program.base() + "/auth/token");
        }
    }

    @Test
    void bodyIsNotAskedForOfWhoMayNotSendIt() {
        try (RawHttp raw = program.client().raw()) {
            raw.head(
                    "PUT",
                    "/v2/acme/flow/manifests/v9",
                    "Content-Length: 1000000",
                    "Content-Type: " + ImageFactory.OCI_MANIFEST,
                    "Expect: 100-continue");
            assertThat(raw.readHead().status()).isEqualTo(401);
        }
    }

    @Test
    void robotThatIsRevokedCannotFinishAPushThatItBegan() {
        Secret secret = Secret.make(Secret.Kind.ROBOT);
        long robot = sql.number(
                "INSERT INTO robot (organization_id, name, secret_hash) VALUES (?, 'ci', ?) RETURNING id",
                acme,
                secret.hash());
        sql.change(
                "INSERT INTO permission_grant (organization_id, role, robot_id) VALUES (?, 'writer', ?)", acme, robot);
        RepositoryClient robots =
                program.client().as("acme+ci", secret.reveal()).repository("acme/robot");
        byte[] bytes = ImageFactory.fresh().bytes(1000);
        String location = robots.beginUpload();
        robots.patch(location, bytes).expect(202);

        sql.change("UPDATE robot SET disabled_at = now(), epoch = epoch + 1 WHERE id = ?", robot);
        robots.finish(location, ImageFactory.sha256(bytes), new byte[0]).expectError(401, "UNAUTHORIZED");
        assertThat(sql.number("SELECT count(*) FROM blob WHERE digest = ?", ImageFactory.sha256(bytes)))
                .isZero();
    }

    @Test
    void keysArePublishedWithoutTheirPrivateHalves() {
        JsonNode keys = program.client().get("/auth/keys").expect(200).json().get("keys");

        assertThat(keys).isNotEmpty();
        assertThat(keys.get(0).get("alg").asText()).isEqualTo("ES256");
        assertThat(keys.get(0).has("d")).isFalse();
    }

    @Test
    void noSecretIsInTheLog() {
        token("scope=repository:acme/a:pull");

        assertThat(program.output()).doesNotContain(ADMIN, PASSWORD, "eyJ");
    }

    private static String realm(RawHttp raw, String host) {
        String challenge = raw.bytes(
                        ("GET /v2/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.UTF_8))
                .flush()
                .answer("GET")
                .header("www-authenticate");
        return challenge.substring(challenge.indexOf('"') + 1, challenge.indexOf("\",service"));
    }

    private static Answer post(String form) {
        return program.client()
                .request("POST", "/auth/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    private static String revoke(String form) {
        Answer answer = program.client()
                .request("POST", "/auth/revoke")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.getBytes(StandardCharsets.UTF_8))
                .send();
        return answer.status() + " " + answer.text();
    }

    private static JsonNode token(String query) {
        return basic("GET", "/auth/token?service=moorage&account=anna&client_id=test&" + query, "anna", PASSWORD)
                .send()
                .expect(200)
                .json();
    }

    private static JsonNode claims(JsonNode answer) {
        String part = answer.get("token").asText().split("\\.", -1)[1];
        return new Answer(200, Map.of(), Base64.getUrlDecoder().decode(part)).json();
    }

    private static RegistryClient.Request basic(String method, String target, String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
        return program.client().request(method, target).header("Authorization", "Basic " + pair);
    }

    private static long organization(String name) {
        return sql.number("INSERT INTO organization (name) VALUES (?) RETURNING id", name);
    }

    private static void give(String role, String account) {
        sql.change(
                "INSERT INTO permission_grant (organization_id, role, account_id) SELECT ?, ?, id FROM account WHERE name = ?",
                acme,
                role,
                account);
    }
}
