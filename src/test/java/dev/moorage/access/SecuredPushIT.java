package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.GatedBody;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a push while its token expires, its caller is revoked, or somebody else meddles; and how clients come by tokens. */
class SecuredPushIT {

    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String ADMIN = "the first password";
    private static final String PASSWORD = "correct horse battery";
    private static final int MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static MoorageProcess program;
    private static Sql sql;
    private static SignedTokens tokens;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "pushes",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.encryption-key", KEY)
                        .property("moorage.uploads.resume-point-bytes", Integer.toString(MIB))
                        .property("moorage.access.admin-password", ADMIN));
        sql = new Sql(program.database().source());
        tokens = new SignedTokens(program.database().source(), KEY);
        sql.change("INSERT INTO organization (name) VALUES ('acme')");
        String hash = new Passwords(2).hash(PASSWORD);
        for (String name : List.of("anna", "bert")) {
            sql.change("INSERT INTO account (name, password_hash) VALUES (?, ?)", name, hash);
            sql.change("""
                    INSERT INTO permission_grant (organization_id, role, account_id)
                    SELECT o.id, 'writer', a.id FROM organization o, account a WHERE o.name = 'acme' AND a.name = ?
                    """, name);
        }
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH", "PUT"})
    void tokenThatExpiresWhileALargeBodyStreamsDoesNotBreakThePush(String method) {
        String repository = "acme/" + method.toLowerCase(Locale.ROOT);
        RepositoryClient anna = as("anna").repository(repository);
        byte[] bytes = ImageFactory.fresh().bytes(6 * MIB);
        String digest = ImageFactory.sha256(bytes);
        String location = anna.beginUpload();
        GatedBody body = new GatedBody(Arrays.copyOf(bytes, 3 * MIB), Arrays.copyOfRange(bytes, 3 * MIB, bytes.length));
        String target = method.equals("PUT") ? RegistryClient.withQuery(location, "digest", digest) : location;
        String expiring = tokens.goodFor(Duration.ofSeconds(5), "anna", "repository:" + repository + ":pull,push");

        Answer answer;
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Answer> sent = CompletableFuture.supplyAsync(
                    () -> bearer(method, target, expiring).header("Content-Type", "application/octet-stream").stream(
                                    () -> body)
                            .send(),
                    other);
            // Whatever the store: a bucket takes no bytes before a part is whole.
            Await.until(
                    PATIENCE,
                    "a request whose bytes before the gate have come",
                    () -> sent.isDone()
                            || sql.number(
                                            "SELECT count(*) FROM upload u JOIN repository r ON r.id = u.repository_id WHERE r.name = ? AND u.waiting_for_client",
                                            repository)
                                    == 1);
            Await.until(
                    PATIENCE,
                    "the end of the token",
                    () -> bearer("GET", anna.path("tags/list"), expiring).send().status() == 401);
            assertThat(sent).as("the request goes on").isNotDone();
            body.open();
            answer = sent.join();
        }

        if (method.equals("PATCH")) {
            answer.expect(202);
            bearer("PUT", RegistryClient.withQuery(location, "digest", digest), expiring)
                    .send()
                    .expectError(401, "UNAUTHORIZED");
            anna.finish(location, digest, new byte[0]).expect(201);
        } else {
            answer.expect(201);
        }
        anna.assertBlob(digest, bytes);
    }

    @Test
    void robotThatIsRevokedFinishesNeitherItsBlobNorItsManifest() {
        RegistryClient admin = program.client().showing("admin", ADMIN);
        String secret = json(
                        admin, "POST", "/api/v1/organizations/acme/robots", "{\"name\":\"ci\",\"role\":\"writer\"}")
                .expect(201)
                .json()
                .get("secret")
                .asText();
        Image image = ImageFactory.fresh().image();
        byte[] late = ImageFactory.fresh().bytes(1000);
        RepositoryClient robot = program.client().as("acme+ci", secret).repository("acme/robots");
        robot.pushBlobs(image);
        String location = robot.beginUpload();
        robot.patch(location, late).expect(202);
        String token = token("acme+ci", secret, "scope=repository:acme/robots:pull,push");
        bearer("GET", location, token).send().expect(204);

        json(admin, "PATCH", "/api/v1/organizations/acme/robots/ci", "{\"enabled\":false}")
                .expect(200);

        String closing = RegistryClient.withQuery(location, "digest", ImageFactory.sha256(late));
        bearer("PUT", closing, token).send().expectError(401, "UNAUTHORIZED");
        bearer("PUT", robot.path("manifests/v1"), token)
                .header("Content-Type", image.manifest().mediaType())
                .body(image.manifest().bytes())
                .send()
                .expectError(401, "UNAUTHORIZED");
        robot.finish(location, ImageFactory.sha256(late), new byte[0]).expectError(401, "UNAUTHORIZED");
        robot.put("v1", image.manifest()).expectError(401, "UNAUTHORIZED");
        assertThat(sql.number("SELECT count(*) FROM blob WHERE digest = ?", ImageFactory.sha256(late)))
                .isZero();
        assertThat(sql.number("SELECT count(*) FROM manifest WHERE digest = ?", image.digest()))
                .isZero();
    }

    @Test
    void uploadIsUnknownToAnotherWriterOfTheRepository() {
        RepositoryClient anna = as("anna").repository("acme/shared");
        RepositoryClient bert = anna.through(as("bert"));
        byte[] bytes = ImageFactory.fresh().bytes(1000);
        String digest = ImageFactory.sha256(bytes);
        String location = anna.beginUpload();
        anna.patch(location, bytes).expect(202);
        bert.beginUpload();

        bert.status(location).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        bert.patch(location, bytes).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        bert.finish(location, digest, new byte[0]).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        bert.cancel(location).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        anna.finish(location, digest, new byte[0]).expect(201);
        bert.assertBlob(digest, bytes);
    }

    /** Asks what the base says, then GET on the realm with a scope for each repository, and asks again when a token is refused. */
    @Test
    void craneFetchesATokenFromTheRegistrysOwnAddressWithAScopeForEachRepository() {
        RepositoryClient source = as("anna").repository("acme/source");
        String digest = source.pushBlob(ImageFactory.fresh().bytes(1000));
        Matcher challenge = Pattern.compile("Bearer realm=\"([^\"]*)\",service=\"([^\"]*)\"")
                .matcher(program.client().get("/v2/").expect(401).header("www-authenticate"));
        assertThat(challenge.matches()).isTrue();
        assertThat(challenge.group(1)).isEqualTo(program.base() + "/auth/token");

        String query =
                "scope=repository:acme/copy:push,pull&scope=repository:acme/source:pull&service=" + challenge.group(2);
        String token = token("anna", PASSWORD, query);
        bearer(
                        "POST",
                        "/v2/acme/copy/blobs/uploads/?mount=" + RegistryClient.encoded(digest) + "&from=acme/source",
                        token)
                .send()
                .expect(201);
        String narrow = token("anna", PASSWORD, "scope=repository:acme/copy:pull&service=" + challenge.group(2));
        assertThat(bearer("POST", "/v2/acme/copy/blobs/uploads/", narrow)
                        .send()
                        .expectError(401, "UNAUTHORIZED")
                        .header("www-authenticate"))
                .contains("scope=\"repository:acme/copy:pull,push\"", "error=\"insufficient_scope\"");
    }

    /** POST first, all scopes in one value, and GET only where that answers 401, 404 or 405. */
    @Test
    void containerdFetchesATokenByPostWithAllScopesInOneAndByGetWithoutAnAccount() {
        RepositoryClient source = as("anna").repository("acme/deployed");
        source.push("v1", ImageFactory.fresh().image());
        JsonNode given = form("grant_type=password&service=moorage&client_id=containerd-client&username=anna&password="
                        + RegistryClient.encoded(PASSWORD)
                        + "&scope=repository%3Aacme%2Fdeployed%3Apull+repository%3Aacme%2Fsource%3Apull")
                .expect(200)
                .json();
        assertThat(given.get("scope").asText().split(" ", -1)).hasSize(2);
        bearer("HEAD", source.path("manifests/v1"), given.get("access_token").asText())
                .send()
                .expect(200);

        form("grant_type=password&service=moorage&client_id=containerd-client&username=anna&password=wrong")
                .expectError(401, "UNAUTHORIZED");
        Answer get = program.client()
                .request("GET", "/auth/token?service=moorage&scope=repository%3Aacme%2Fdeployed%3Apull")
                .send()
                .expect(200);
        bearer("HEAD", source.path("manifests/v1"), get.json().get("token").asText())
                .send()
                .expect(401);
        sql.change("UPDATE repository SET visibility = 'public' WHERE name = 'acme/deployed'");
        Answer open = program.client()
                .request("GET", "/auth/token?service=moorage&scope=repository%3Aacme%2Fdeployed%3Apull")
                .send()
                .expect(200);
        bearer("HEAD", source.path("manifests/v1"), open.json().get("token").asText())
                .send()
                .expect(200);
    }

    private static RegistryClient as(String account) {
        return program.client().as(account, PASSWORD);
    }

    private static RegistryClient.Request bearer(String method, String target, String token) {
        return program.client().request(method, target).header("Authorization", "Bearer " + token);
    }

    private static String token(String user, String password, String query) {
        return program.client()
                .showing(user, password)
                .get("/auth/token?" + query)
                .expect(200)
                .json()
                .get("token")
                .asText();
    }

    private static Answer form(String form) {
        return program.client()
                .request("POST", "/auth/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    private static Answer json(RegistryClient client, String method, String target, String body) {
        return client.request(method, target)
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .send();
    }
}
