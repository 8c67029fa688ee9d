package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.name.RepositoryName;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A program that grants six requests a minute, one in ten seconds, and trusts a proxy at 127.0.0.2. */
class RequestLimitsIT {

    private static final int MOST = 6;
    private static final String NOBODYS = "/auth/token?scope=repository:acme/app:pull";

    private static MoorageProcess program;
    private static Sql sql;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "limits",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.access.throttle.address-failures", "3")
                        .property("moorage.http.trusted-proxies", "127.0.0.2,10.0.0.0/8")
                        .property("moorage.http.limits.caller-per-minute", Integer.toString(MOST))
                        .property("moorage.http.limits.network-per-minute", Integer.toString(MOST)));
        sql = new Sql(program.database().source());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void callerWhoHasSpentHisRequestsWaitsOnEveryInterfaceAndNobodyElseDoes() {
        RegistryClient anna = account("anna");
        RegistryClient bert = account("bert");
        for (int i = 0; i < MOST; i++) {
            anna.get("/v2/").expect(200);
        }
        for (String target : List.of("/v2/", "/v2/_catalog", "/v2/acme/app/tags/list", "/auth/token")) {
            Answer refusal = anna.get(target).expectError(429, "TOOMANYREQUESTS");
            assertThat(Integer.parseInt(refusal.header("retry-after"))).isBetween(1, 10);
        }
        Answer problem = anna.get("/api/v1/account").expect(429);
        assertThat(problem.header("content-type")).isEqualTo("application/problem+json");
        assertThat(problem.json().get("detail").asText()).isEqualTo("more than 6 requests a minute");
        int wait = Integer.parseInt(problem.header("retry-after"));
        bert.get("/v2/").expect(200);

        Await.until(
                Duration.ofSeconds(wait),
                "the end of the wait that was told",
                () -> anna.get("/v2/").status() == 200);
        anna.get("/v2/").expect(429);
    }

    @Test
    void tokenAndWhatItIsUsedForAreRequestsOfTheSameCaller() {
        RegistryClient carl = account("carl");
        String token = carl.get("/auth/token").expect(200).json().get("token").asText();
        for (int i = 1; i < MOST; i++) {
            bearer(token).expect(200);
        }
        bearer(token).expectError(429, "TOOMANYREQUESTS");
        carl.get("/auth/token").expect(429);
    }

    @Test
    void headerOfAStrangerDoesNotMakeHimAnother() {
        for (int i = 0; i < MOST; i++) {
            assertThat(from("127.0.0.1", "203.0.113." + i, NOBODYS)).isEqualTo(200);
        }
        assertThat(from("127.0.0.1", "203.0.113.99", NOBODYS)).isEqualTo(429);
        assertThat(from("127.0.0.3", "203.0.113.99", NOBODYS)).isEqualTo(200);
        // A challenge costs nothing, and whoever has an account behind the same address needs it.
        program.client().get("/v2/").expectError(401, "UNAUTHORIZED");
    }

    @Test
    void trustedProxySaysWhoItIsAndNotItsClient() {
        for (int i = 0; i < MOST; i++) {
            assertThat(from("127.0.0.2", "198.51.100." + i + ", 203.0.113.1, 10.1.2.3", NOBODYS))
                    .isEqualTo(200);
        }
        assertThat(from("127.0.0.2", "198.51.100.99, 203.0.113.1, 10.1.2.3", NOBODYS))
                .isEqualTo(429);
        assertThat(from("127.0.0.2", "203.0.113.2", NOBODYS)).isEqualTo(200);
    }

    @Test
    void failedLoginsAreCountedForTheNetworkThatATrustedProxyNames() {
        for (int i = 0; i < 3; i++) {
            assertThat(login("127.0.0.2", "2001:db8::" + i)).isEqualTo(401);
        }
        assertThat(login("127.0.0.2", "2001:db8::ffff")).isEqualTo(429);
        assertThat(login("127.0.0.2", "2001:db8:0:1::1")).isEqualTo(401);
        assertThat(login("127.0.0.4", "2001:db8::1")).isEqualTo(401);
    }

    @Test
    void nothingIsLookedUpForACallerWhoHasToWait() {
        try (SecuredHarness harness = new SecuredHarness(
                TestDatabase.fresh(), Map.of("moorage.http.limits.caller-per-minute", Integer.toString(MOST)))) {
            harness.account("anna");
            String token =
                    harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD), "repository:acme/app:pull");
            Runnable request = () -> harness.access.enter(SecuredHarness.bearer(token));
            for (int i = 1; i < MOST; i++) {
                assertThat(harness.statementsOf(request)).isNotEmpty();
            }
            assertThat(harness.statementsOf(
                            () -> assertThatThrownBy(request::run).isInstanceOf(TooManyRequests.class)))
                    .isEmpty();
        }
    }

    @Test
    void everybodyIsCountedByHisNetworkInOpenMode() {
        Map<String, String> settings =
                Map.of("moorage.access.mode", "open", "moorage.http.limits.network-per-minute", Integer.toString(MOST));
        RepositoryName name = new RepositoryName("acme/app");
        try (SecuredHarness harness = new SecuredHarness(TestDatabase.fresh(), settings)) {
            Caller here = new Caller("anonymous", "192.0.2.7", "");
            for (int i = 0; i < MOST; i++) {
                harness.access.open(here, name);
                harness.access.openFurther(here, name);
            }
            assertThatThrownBy(() -> harness.access.open(here, name)).isInstanceOf(TooManyRequests.class);
            assertThatThrownBy(() -> harness.access.enterOpen(here)).isInstanceOf(TooManyRequests.class);
            assertThatThrownBy(() -> harness.access.openCatalog(here)).isInstanceOf(TooManyRequests.class);
            assertThatThrownBy(() -> harness.access.openAdministration(here)).isInstanceOf(TooManyRequests.class);
            harness.access.open(new Caller("anonymous", "192.0.2.8", ""), name);
        }
    }

    /** Somebody who shows a personal token. */
    private static RegistryClient account(String name) {
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        sql.change(
                "WITH made AS (INSERT INTO account (name) VALUES (?) RETURNING id) INSERT INTO access_token (account_id, name, secret_hash, actions) SELECT id, 'test', ?, '{pull}' FROM made",
                name,
                secret.hash());
        return program.client().showing(name, secret.reveal());
    }

    private static Answer bearer(String token) {
        return program.client()
                .request("GET", "/v2/")
                .header("Authorization", "Bearer " + token)
                .send();
    }

    private static int from(String address, String forwardedFor, String target) {
        return send(address, forwardedFor, HttpRequest.newBuilder(program.base().resolve(target)));
    }

    private static int login(String address, String forwardedFor) {
        return send(
                address,
                forwardedFor,
                HttpRequest.newBuilder(program.base().resolve("/v2/"))
                        .header("Authorization", "Basic eDptb29yYWdlX3BhdF94"));
    }

    /** The status of the answer to a request that leaves from one of the machine's loopback addresses. */
    private static int send(String address, String forwardedFor, HttpRequest.Builder request) {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .localAddress(InetAddress.ofLiteral(address))
                .build()) {
            return http.send(request.header("X-Forwarded-For", forwardedFor).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
