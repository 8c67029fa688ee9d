package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.name.RepositoryName;
import dev.moorage.testing.FakeIssuer;
import dev.moorage.testing.TestDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of the other token server that the settings name are taken for what they allow, and no others. */
class ExternalIssuerIT {

    private static final String SERVICE = "https://registry.example";
    private static final RepositoryName WEB = new RepositoryName("acme/web");

    private static SecuredHarness harness;
    private static FakeIssuer issuer;
    private static long acme;

    @BeforeAll
    static void start() {
        issuer = new FakeIssuer();
        harness = new SecuredHarness(TestDatabase.fresh(), settings(issuer.address()));
        acme = harness.organization("acme");
        harness.repository(acme, "acme/web", "private");
    }

    @AfterAll
    static void stop() {
        issuer.close();
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256"})
    void tokenOpensWhatItNamesAndNothingElse(String algorithm) {
        Visitor visitor = SecuredHarness.bearer(FakeIssuer.sign(
                issuer.key(algorithm), ForgedJobToken.json(claims(access("acme/web", "pull", "push"))), Map.of()));

        Grant grant = harness.access.require(visitor, WEB, Action.PUSH);
        assertThat(grant.caller().account()).isEqualTo("external:somebody");
        assertThat(grant.caller().claims()).isEqualTo(Map.of("iss", issuer.address(), "sub", "somebody"));
        assertThat(grant.makesOrganizations()).isFalse();
        assertThat(harness.transactions
                        .<RepositoryStore.State>read(tx -> new RepositoryStore().state(tx, grant.scope()))
                        .same())
                .isTrue();
        harness.access.enter(visitor);
        assertThatThrownBy(() -> harness.access.require(visitor, WEB, Action.DELETE))
                .isInstanceOf(Unauthorized.class);
        assertThatThrownBy(() -> harness.access.require(visitor, new RepositoryName("acme/web/api"), Action.PULL))
                .isInstanceOf(Unauthorized.class);
        assertThatThrownBy(() -> harness.access.catalog(visitor)).isInstanceOf(Unauthorized.class);
        assertThatThrownBy(() -> harness.access.administration(visitor)).isInstanceOf(Unauthorized.class);
    }

    @Test
    void starIsAllThatCanBeDoneToARepositoryAndTheCatalogIsOfWhatIsPublic() {
        Visitor visitor = SecuredHarness.bearer(issuer.token(claims(List.of(
                Map.of("type", "repository", "name", "acme/web", "actions", List.of("*")),
                Map.of("type", "registry", "name", "catalog", "actions", List.of("*"))))));

        harness.access.require(visitor, WEB, Action.DELETE);
        assertThatThrownBy(() -> harness.access.require(visitor, WEB, Action.ADMINISTER))
                .isInstanceOf(Unauthorized.class);
        Grant catalog = harness.access.catalog(visitor);
        Standings standings = TestGrants.standings();
        Reach reach = harness.transactions.read(tx -> standings.reach(tx, catalog));
        assertThat(reach.covers(WEB)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"repository:acme/web:pull\"",
                "[\"repository:acme/web:pull\"]",
                "[{\"type\":\"repository\",\"name\":\"*\",\"actions\":[\"*\"]}]",
                "[{\"type\":\"repository\",\"name\":\"acme/*\",\"actions\":[\"*\"]}]",
                "[{\"type\":\"repository\",\"name\":\"ACME/WEB\",\"actions\":[\"*\"]}]",
                "[{\"type\":\"repository(plugin)\",\"name\":\"acme/web\",\"actions\":[\"*\"]}]",
                "[{\"type\":\"repository\",\"name\":\"acme/web\",\"actions\":[\"administer\",\"PULL\",7]}]",
                "[{\"type\":\"repository\",\"name\":\"acme/web\",\"actions\":\"pull\"}]",
                "[{\"type\":\"repository\",\"name\":7,\"actions\":[\"pull\"]}]",
                "[{\"name\":\"acme/web\",\"actions\":[\"pull\"]}]",
                "[null]"
            })
    void whatIsNoItemIsDroppedAndNeverWidened(String access) {
        String claims = ForgedJobToken.json(claims(List.of())).replace("[]", access);
        Visitor visitor = SecuredHarness.bearer(FakeIssuer.sign(issuer.key("ES256"), claims, Map.of()));

        harness.access.enter(visitor);
        for (Action action : Action.values()) {
            assertThatThrownBy(() -> harness.access.require(visitor, WEB, action))
                    .isInstanceOf(Unauthorized.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            // Of a token server these are not asked.
            names = {"NO_BEGINNING", "NO_SUBJECT"})
    void forgedTokenIsNone(ForgedJobToken forgery) {
        try (FakeIssuer stranger = new FakeIssuer()) {
            String forged = forgery.make(issuer, stranger, claims(access("acme/web", "pull")));

            assertThat(harness.verifier.verify(forged)).isEmpty();
            assertThat(stranger.fetches()).as("a token sends us nowhere").isZero();
        }
        assertThat(harness.verifier.verify(issuer.token(claims(access("acme/web", "pull")))))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({"nbf, ", "nbf, 100", "exp, -100"})
    void timesAreDemanded(String claim, Long seconds) {
        Map<String, Object> claims = claims(access("acme/web", "pull"));
        if (seconds == null) {
            claims.remove(claim);
        } else {
            claims.put(claim, System.currentTimeMillis() / 1000 + seconds);
        }
        assertThat(harness.verifier.verify(issuer.token(claims))).isEmpty();
    }

    @Test
    void tokenOfNobodyIsAsGoodAsItsClaims() {
        Map<String, Object> claims = claims(access("acme/web", "pull"));
        claims.remove("sub");

        harness.access.require(SecuredHarness.bearer(issuer.token(claims)), WEB, Action.PULL);
    }

    @Test
    void tokenThatWasSeenExpiresAllTheSameAndItsKeyMayBeWithdrawn() {
        try (FakeIssuer own = new FakeIssuer();
                SecuredHarness other = new SecuredHarness(TestDatabase.fresh(), settings(own.address()))) {
            Map<String, Object> claims = own.claims(SERVICE, Map.of("access", access("acme/web", "pull")));
            String token = own.token(claims);
            claims.put("exp", System.currentTimeMillis() / 1000 + 36_000);
            String longer = own.token(claims);
            assertThat(other.verifier.verify(token)).isPresent();
            assertThat(other.verifier.verify(token)).isPresent();
            assertThat(other.verifier.verify(longer)).isPresent();
            assertThat(own.fetches()).isOne();

            other.pass(Duration.ofMinutes(7));
            assertThat(other.verifier.verify(token)).isEmpty();
            assertThat(other.verifier.verify(longer)).isPresent();
            own.publish(FakeIssuer.newKey("ES256", "next"));
            other.pass(Duration.ofMinutes(4));
            assertThat(other.verifier.verify(longer)).isEmpty();
        }
    }

    @Test
    void ownTokensGoOnAndTheChallengeSendsClientsWhereTheSettingsSay() {
        harness.account("anna");
        String own = harness.token(SecuredHarness.basic("anna", SecuredHarness.PASSWORD));
        harness.access.enter(SecuredHarness.bearer(own));

        assertThat(challenge(harness)).contains("realm=\"http://127.0.0.1:5000/auth/token\"");
        Map<String, String> settings = settings(issuer.address());
        settings.put("moorage.access.external.realm", "https://auth.example/token");
        try (SecuredHarness elsewhere = new SecuredHarness(TestDatabase.fresh(), settings)) {
            assertThat(challenge(elsewhere)).contains("realm=\"https://auth.example/token\",service=\"moorage\"");
        }
    }

    @Test
    void whereNoServerIsNamedItsTokensAreNone() {
        try (SecuredHarness other = SecuredHarness.fresh()) {
            assertThat(other.verifier.verify(issuer.token(claims(access("acme/web", "pull")))))
                    .isEmpty();
        }
    }

    private static String challenge(SecuredHarness asked) {
        return catchThrowableOfType(
                        Unauthorized.class, () -> asked.access.enter(SecuredHarness.visitor(new Credentials.None())))
                .headers()
                .get("WWW-Authenticate");
    }

    private static Map<String, String> settings(String address) {
        return new HashMap<>(Map.of(
                "moorage.access.external.issuer", address,
                "moorage.access.external.jwks-url", address + "/keys",
                "moorage.access.external.audience", SERVICE));
    }

    private static Map<String, Object> claims(List<?> access) {
        return issuer.claims(SERVICE, Map.of("access", access));
    }

    private static List<?> access(String repository, String... actions) {
        return List.of(Map.of("type", "repository", "name", repository, "actions", List.of(actions)));
    }
}
