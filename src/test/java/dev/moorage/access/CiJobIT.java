package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.FakeIssuer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program, as CI jobs and clients of another token server meet it. */
class CiJobIT {

    private static final String ADMIN = "the first password";
    private static final String AUDIENCE = "https://registry.example";
    private static final String ISSUERS = "/api/v1/organizations/acme/trusted-issuers";
    private static final String SUBJECT = "repo:acme/flow:ref:refs/heads/main";

    private static FakeIssuer issuer;
    private static FakeIssuer server;
    private static MoorageProcess program;
    private static Sql sql;

    @BeforeAll
    static void start() {
        issuer = new FakeIssuer();
        server = new FakeIssuer();
        program = MoorageProcess.start(
                "ci-jobs",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.access.admin-password", ADMIN)
                        .property("moorage.access.external.issuer", server.address())
                        .property(
                                "moorage.access.external.jwks-url",
                                server.keys().toString())
                        .property("moorage.outbound.allowed-networks", "127.0.0.1"));
        sql = new Sql(program.database().source());
        admin("POST", "/api/v1/organizations", "{\"name\":\"acme\"}").expect(201);
    }

    @AfterAll
    static void stop() {
        program.close();
        issuer.close();
        server.close();
    }

    @Test
    void jobPushesByItsIssuersTokenAndTheHistoryTellsWhichJobItWas() {
        trust("ci", "{\"sub\":\"repo:acme/flow:ref:refs/heads/*\",\"run_id\":\"*\"}");
        RepositoryClient job =
                program.client().as("acme+ci", token("run_id", "1234")).repository("acme/flow");
        job.push("v1", ImageFactory.fresh().image());

        assertThat(
                        sql.rows(
                                "SELECT actor, claims ->> 'iss', claims ->> 'sub', claims ->> 'run_id' FROM event WHERE tag = 'v1'"))
                .containsExactly("job:%s %s %s 1234".formatted(SUBJECT, issuer.address(), SUBJECT));
        assertThat(sql.rows("SELECT json_object_keys(claims) FROM event WHERE tag = 'v1'"))
                .containsExactlyInAnyOrder("iss", "sub", "run_id");

        basic("acme+ci", token("run_id", "1235"), "/v2/acme/flow/tags/list").expect(200);
        assertThat(basic("acme+ci", token("run_id", "1236"), "/api/v1/organizations")
                        .expect(200)
                        .text())
                .contains("acme");
        job.delete("manifests/v1").expectError(401, "UNAUTHORIZED");
        program.client()
                .as("acme+ci", token("sub", "repo:acme/flow:pull_request"))
                .get("/v2/")
                .expect(401);
        basic("acme+ci", token("sub", "repo:acme/flow2:ref:refs/heads/main"), "/v2/acme/flow/tags/list")
                .expectError(401, "UNAUTHORIZED");
    }

    @Test
    void trustThatIsDeletedEndsThePushThatIsUnderWay() {
        trust("brief", "{\"sub\":\"repo:acme/*\"}");
        RepositoryClient job =
                program.client().as("acme+brief", token("a", "b")).repository("acme/brief");
        byte[] bytes = ImageFactory.fresh().bytes(1000);
        String location = job.beginUpload();
        job.patch(location, bytes).expect(202);

        admin("DELETE", ISSUERS + "/brief", "").expect(204);
        job.finish(location, ImageFactory.sha256(bytes), new byte[0]).expectError(401, "UNAUTHORIZED");
        assertThat(sql.number("SELECT count(*) FROM blob WHERE digest = ?", ImageFactory.sha256(bytes)))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"issuer\":\"ci.example\",\"claims\":{\"sub\":\"a\"}",
                "\"issuer\":\"https://user@ci.example\",\"claims\":{\"sub\":\"a\"}",
                "\"issuer\":\"https://ci.example?x\",\"claims\":{\"sub\":\"a\"}",
                "\"issuer\":\"https://ci example\",\"claims\":{\"sub\":\"a\"}",
                "\"issuer\":\"https://ci.example\",\"claims\":{}",
                "\"issuer\":\"https://ci.example\",\"claims\":{\"sub\":\"*\",\"ref\":\"*?\"}"
            })
    void trustThatCannotBeMeantIsRefused(String fields) {
        Answer refusal = admin("POST", ISSUERS, "{\"name\":\"odd\",\"audience\":\"x\"," + fields + "}");

        assertThat(refusal.expect(400).json().get("field").asText()).isIn("issuer", "claims");
        admin("GET", ISSUERS + "/odd", "").expect(404);
    }

    @Test
    void tokenOfTheOtherTokenServerPushesWhatItNames() {
        Map<String, Object> claims = server.claims(
                "moorage",
                Map.of(
                        "sub",
                        "anna",
                        "access",
                        List.of(Map.of("type", "repository", "name", "acme/ext", "actions", List.of("pull", "push")))));
        RegistryClient.Request begin = program.client().request("POST", "/v2/acme/ext/blobs/uploads/");
        begin.header("Authorization", "Bearer " + server.token(claims)).send().expect(202);

        RegistryClient.Request elsewhere = program.client().request("POST", "/v2/acme/other/blobs/uploads/");
        elsewhere
                .header("Authorization", "Bearer " + server.token(claims))
                .send()
                .expectError(401, "UNAUTHORIZED");
        assertThat(sql.rows("SELECT name FROM repository WHERE name IN ('acme/ext', 'acme/other')"))
                .containsExactly("acme/ext");
    }

    private static void trust(String name, String claims) {
        admin(
                        "POST",
                        ISSUERS,
                        "{\"name\":\"%s\",\"issuer\":\"%s\",\"audience\":\"%s\",\"claims\":%s}"
                                .formatted(name, issuer.address(), AUDIENCE, claims))
                .expect(201);
        admin(
                        "POST",
                        "/api/v1/organizations/acme/grants",
                        "{\"holder\":{\"kind\":\"trusted-issuer\",\"name\":\"%s\"},\"role\":\"writer\"}"
                                .formatted(name))
                .expect(201);
    }

    /** A job's token with one claim more, or another one. */
    private static String token(String claim, Object value) {
        Map<String, Object> claims = issuer.claims(AUDIENCE, Map.of("sub", SUBJECT));
        claims.put(claim, value);
        return FakeIssuer.sign(issuer.key("RS256"), JsonUtil.toJson(claims), Map.of());
    }

    private static Answer admin(String method, String target, String json) {
        RegistryClient.Request request =
                program.client().request(method, target).header("Authorization", authorization("admin", ADMIN));
        return json.isEmpty()
                ? request.send()
                : request.header("Content-Type", "application/json")
                        .body(json.getBytes(StandardCharsets.UTF_8))
                        .send();
    }

    private static Answer basic(String user, String password, String target) {
        return program.client()
                .request("GET", target)
                .header("Authorization", authorization(user, password))
                .send();
    }

    private static String authorization(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
    }
}
