package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.name.RepositoryName;
import dev.moorage.testing.FakeIssuer;
import dev.moorage.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CI jobs come in by their own issuer's token, where an organization trusts it, and by nothing that looks like one. */
class FederationIT {

    private static final String USER = "acme+ci";
    private static final String AUDIENCE = "https://registry.example";
    private static final Map<String, Object> JOB =
            Map.of("sub", "repo:acme/web:ref:refs/heads/main", "repository", "acme/web", "run", 7);
    private static final String WANTED = "repository:acme/web:pull,push,delete repository:acme/other:pull";

    private SecuredHarness harness;
    private FakeIssuer issuer;
    private long acme;
    private long trust;

    @BeforeEach
    void start() {
        harness = SecuredHarness.fresh();
        issuer = new FakeIssuer();
        acme = harness.organization("acme");
        harness.repository(acme, "acme/web", "private");
        harness.repository(acme, "acme/other", "private");
        trust = trust(
                "ci", issuer.address(), "{\"repository\":\"acme/web\",\"sub\":\"repo:acme/*:ref:*\",\"run\":\"*\"}");
    }

    @AfterEach
    void stop() {
        issuer.close();
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256"})
    void jobIsGivenWhatItsIssuerWasGiven(String algorithm) {
        String token = FakeIssuer.sign(issuer.key(algorithm), ForgedJobToken.json(good(Map.of())), Map.of());

        assertThat(scope(USER, token)).isEqualTo("repository:acme/web:pull,push");
    }

    @ParameterizedTest
    @EnumSource
    void forgedTokenIsTheSameRefusalAsAWrongPassword(ForgedJobToken forgery) {
        Unauthorized wrong = refused(USER, "wrong password");
        try (FakeIssuer stranger = new FakeIssuer()) {
            Unauthorized refusal = refused(USER, forgery.make(issuer, stranger, good(Map.of())));

            assertThat(refusal.headers()).isEqualTo(wrong.headers());
            assertThat(refusal.entries()).isEqualTo(wrong.entries());
            assertThat(stranger.fetches()).as("a token sends us nowhere").isZero();
        }
        assertThat(scope(USER, token(Map.of()))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "exp, -57, true",
        "exp, -63, false",
        "nbf, 57, true",
        "nbf, 63, false",
        "iat, 57, true",
        "iat, 63, false"
    })
    void clocksMayDifferByAMinute(String claim, long seconds, boolean accepted) {
        String token = token(Map.of(claim, System.currentTimeMillis() / 1000 + seconds));

        if (accepted) {
            assertThat(scope(USER, token)).isNotEmpty();
        } else {
            refused(USER, token);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "repository, acme/web2",
        "repository, xacme/web",
        "repository, acme/we",
        "repository, ",
        "sub, repo:other/web:ref:refs/heads/main",
        "sub, "
    })
    void jobOfAnotherRepositoryIsRefused(String claim, String value) {
        refused(USER, token(Map.of(claim, value == null ? List.of() : value)));
    }

    @Test
    void trustThatDemandsNothingLetsNobodyIn() {
        trust("lax", issuer.address(), "{}");

        refused("acme+lax", token(Map.of()));
    }

    @Test
    void onlyTheOrganizationAndTheIssuerThatAreNamedAreAsked() {
        long other = harness.organization("other");
        trust("elsewhere", "http://127.0.0.1:9", "{\"sub\":\"*\"}");

        List<String> wrongIssuer = harness.statementsOf(() -> refused("acme+elsewhere", token(Map.of())));
        List<String> absentIssuer = harness.statementsOf(() -> refused("acme+absent", token(Map.of())));
        List<String> otherOrganization = harness.statementsOf(() -> refused("other+ci", token(Map.of())));
        List<String> nobodysOrganization = harness.statementsOf(() -> refused("absent+ci", token(Map.of())));

        assertThat(other).isNotEqualTo(acme);
        assertThat(absentIssuer).isNotEmpty().isEqualTo(wrongIssuer);
        assertThat(otherOrganization).isEqualTo(wrongIssuer);
        assertThat(nobodysOrganization).isEqualTo(wrongIssuer);
        refused("acme", token(Map.of()));
        refused("ci", token(Map.of()));
    }

    @Test
    void issuerThatSaysItIsAnotherOneIsNotBelieved() {
        issuer.claimToBe("https://token.example");

        refused(USER, token(Map.of()));
    }

    @Test
    void issuerThatDoesNotAnswerLetsNobodyInAndIsNotAskedForEachToken() {
        issuer.answer(500);
        for (int i = 0; i < 5; i++) {
            refused(USER, token(Map.of()));
        }
        issuer.answer(200);
        refused(USER, token(Map.of()));

        harness.pass(Duration.ofSeconds(31));
        assertThat(scope(USER, token(Map.of()))).isNotEmpty();
    }

    @Test
    void keyThatIsNewIsFetchedAndKeysThatAreMadeUpAreNotAskedFor() {
        assertThat(scope(USER, token(Map.of()))).isNotEmpty();
        PublicJsonWebKey next = FakeIssuer.newKey("ES256", "next");
        issuer.publish(issuer.key("ES256"), next);
        String later = FakeIssuer.sign(next, ForgedJobToken.json(good(Map.of())), Map.of());
        harness.pass(Duration.ofSeconds(31));
        assertThat(scope(USER, later)).isNotEmpty();

        for (int i = 0; i < 20; i++) {
            PublicJsonWebKey madeUp = FakeIssuer.newKey("ES256", "made-up-" + i);
            refused(USER, FakeIssuer.sign(madeUp, ForgedJobToken.json(good(Map.of())), Map.of()));
        }
        assertThat(issuer.fetches()).isEqualTo(2);
    }

    @Test
    void tokenThatAJobWasGivenCarriesItsClaimsAndEndsWithTheTrust() {
        String token = harness.token(SecuredHarness.basic(USER, token(Map.of())), WANTED);
        Principal principal =
                harness.verifier.verify(token).orElseThrow().content().principal();

        assertThat(principal.name()).isEqualTo("job:repo:acme/web:ref:refs/heads/main");
        assertThat(principal.claims())
                .containsOnly(
                        Map.entry("iss", issuer.address()),
                        Map.entry("sub", "repo:acme/web:ref:refs/heads/main"),
                        Map.entry("repository", "acme/web"),
                        Map.entry("run", "7"));
        harness.access.enter(SecuredHarness.bearer(token));

        harness.sql().change("DELETE FROM permission_grant WHERE trusted_issuer_id = ?", trust);
        harness.sql().change("DELETE FROM trusted_issuer WHERE id = ?", trust);
        assertThatThrownBy(() -> harness.access.enter(SecuredHarness.bearer(token)))
                .isInstanceOf(Unauthorized.class);
        refused(USER, token(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoch = epoch + 1", "disabled_at = now()"})
    void changedTrustEndsTheTokensThatRestOnIt(String change) {
        String token = harness.token(SecuredHarness.basic(USER, token(Map.of())), WANTED);

        harness.sql().change("UPDATE trusted_issuer SET " + change);
        assertThatThrownBy(() -> harness.access.enter(SecuredHarness.bearer(token)))
                .isInstanceOf(Unauthorized.class);
    }

    @Test
    void jobMayShowItsTokenWithEachRequestToo() {
        RepositoryName web = new RepositoryName("acme/web");
        Grant grant = harness.access.require(SecuredHarness.basic(USER, token(Map.of())), web, Action.PUSH);

        assertThat(grant.caller().account()).isEqualTo("job:repo:acme/web:ref:refs/heads/main");
        assertThat(grant.caller().claims()).containsEntry("repository", "acme/web");
        assertThatThrownBy(
                        () -> harness.access.require(SecuredHarness.basic(USER, token(Map.of())), web, Action.DELETE))
                .isInstanceOf(Unauthorized.class);
    }

    @Test
    void jobGetsNoRefreshToken() {
        assertThat(harness.server
                        .token(asked(USER, token(Map.of()), TokenServer.Keep.REFRESH_TOKEN))
                        .refreshToken())
                .isEmpty();
        assertThat(harness.sql().number("SELECT count(*) FROM refresh_token")).isZero();
    }

    @Test
    void addressThatShowsManyWrongTokensWaitsAndTheOrganizationsJobsElsewhereDoNot() {
        try (SecuredHarness own =
                new SecuredHarness(TestDatabase.fresh(), Map.of("moorage.access.throttle.address-failures", "3"))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic(USER, token(Map.of()))))
                        .isInstanceOf(Unauthorized.class);
            }
            assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic(USER, token(Map.of()))))
                    .isInstanceOf(TooManyRequests.class);
            assertThat(own.sql().rows("SELECT DISTINCT kind FROM login_failure"))
                    .containsExactly("address");
        }
    }

    private long trust(String name, String address, String patterns) {
        long id = harness.sql()
                .number(
                        "INSERT INTO trusted_issuer (organization_id, name, issuer, audience, claim_patterns) VALUES (?, ?, ?, ?, ?::json) RETURNING id",
                        acme,
                        name,
                        address,
                        AUDIENCE,
                        patterns);
        harness.sql()
                .change(
                        "INSERT INTO permission_grant (organization_id, repository_prefix, role, trusted_issuer_id) VALUES (?, 'web', 'writer', ?)",
                        acme,
                        id);
        return id;
    }

    private Map<String, Object> good(Map<String, Object> others) {
        Map<String, Object> claims = issuer.claims(AUDIENCE, JOB);
        claims.putAll(others);
        return claims;
    }

    private String token(Map<String, Object> others) {
        return issuer.token(good(others));
    }

    private String scope(String user, String token) {
        return harness.server
                .token(asked(user, token, TokenServer.Keep.NOTHING))
                .scope();
    }

    private static TokenServer.Asked asked(String user, String token, TokenServer.Keep keep) {
        return new TokenServer.Asked(SecuredHarness.basic(user, token), List.of(WANTED), "test", keep);
    }

    private Unauthorized refused(String user, String token) {
        Unauthorized refusal =
                catchThrowableOfType(Unauthorized.class, () -> harness.access.enter(SecuredHarness.basic(user, token)));
        assertThat(refusal).as("a token that is none").isNotNull();
        return refusal;
    }
}
