package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.params.provider.ValueSource;

/** CI jobs come in by their own issuer's token, where an organization trusts it, and by nothing that looks like one. */
class FederationIT {

    private JobScene scene;

    @BeforeEach
    void start() {
        scene = new JobScene();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void trustThatDemandsNothingLetsNobodyIn() {
        scene.trust("lax", scene.issuer.address(), "{}");

        scene.refused("acme+lax", scene.token(Map.of()));
    }

    @Test
    void onlyTheOrganizationAndTheIssuerThatAreNamedAreAsked() {
        long other = scene.harness.organization("other");
        scene.trust("elsewhere", "http://127.0.0.1:9", "{\"sub\":\"*\"}");

        List<String> wrongIssuer =
                scene.harness.statementsOf(() -> scene.refused("acme+elsewhere", scene.token(Map.of())));
        List<String> absentIssuer =
                scene.harness.statementsOf(() -> scene.refused("acme+absent", scene.token(Map.of())));
        List<String> otherOrganization =
                scene.harness.statementsOf(() -> scene.refused("other+ci", scene.token(Map.of())));
        List<String> nobodysOrganization =
                scene.harness.statementsOf(() -> scene.refused("absent+ci", scene.token(Map.of())));

        assertThat(other).isNotEqualTo(scene.acme);
        assertThat(absentIssuer).isNotEmpty().isEqualTo(wrongIssuer);
        assertThat(otherOrganization).isEqualTo(wrongIssuer);
        assertThat(nobodysOrganization).isEqualTo(wrongIssuer);
        scene.refused("acme", scene.token(Map.of()));
        scene.refused("ci", scene.token(Map.of()));
    }

    @Test
    void issuerThatSaysItIsAnotherOneIsNotBelieved() {
        scene.issuer.claimToBe("https://token.example");

        scene.refused(JobScene.USER, scene.token(Map.of()));
    }

    @Test
    void issuerThatDoesNotAnswerLetsNobodyInAndIsNotAskedForEachToken() {
        scene.issuer.answer(500);
        for (int i = 0; i < 5; i++) {
            scene.refused(JobScene.USER, scene.token(Map.of()));
        }
        scene.issuer.answer(200);
        scene.refused(JobScene.USER, scene.token(Map.of()));

        scene.harness.pass(Duration.ofSeconds(31));
        assertThat(scene.scope(JobScene.USER, scene.token(Map.of()))).isNotEmpty();
    }

    @Test
    void keyThatIsNewIsFetchedAndKeysThatAreMadeUpAreNotAskedFor() {
        assertThat(scene.scope(JobScene.USER, scene.token(Map.of()))).isNotEmpty();
        PublicJsonWebKey next = FakeIssuer.newKey("ES256", "next");
        scene.issuer.publish(scene.issuer.key("ES256"), next);
        String later = FakeIssuer.sign(next, ForgedJobToken.json(scene.good(Map.of())), Map.of());
        scene.harness.pass(Duration.ofSeconds(31));
        assertThat(scene.scope(JobScene.USER, later)).isNotEmpty();

        for (int i = 0; i < 20; i++) {
            PublicJsonWebKey madeUp = FakeIssuer.newKey("ES256", "made-up-" + i);
            scene.refused(JobScene.USER, FakeIssuer.sign(madeUp, ForgedJobToken.json(scene.good(Map.of())), Map.of()));
        }
        assertThat(scene.issuer.fetches()).isEqualTo(2);
    }

    @Test
    void tokenThatAJobWasGivenCarriesItsClaimsAndEndsWithTheTrust() {
        String token = scene.harness.token(SecuredHarness.basic(JobScene.USER, scene.token(Map.of())), JobScene.WANTED);
        Principal principal =
                scene.harness.verifier.verify(token).orElseThrow().content().principal();

        assertThat(principal.name()).isEqualTo("job:repo:acme/web:ref:refs/heads/main");
        assertThat(principal.claims())
                .containsOnly(
                        Map.entry("iss", scene.issuer.address()),
                        Map.entry("sub", "repo:acme/web:ref:refs/heads/main"),
                        Map.entry("repository", "acme/web"),
                        Map.entry("run", "7"));
        scene.harness.access.enter(SecuredHarness.bearer(token));

        scene.harness.sql().change("DELETE FROM permission_grant WHERE trusted_issuer_id = ?", scene.trust);
        scene.harness.sql().change("DELETE FROM trusted_issuer WHERE id = ?", scene.trust);
        assertThatThrownBy(() -> scene.harness.access.enter(SecuredHarness.bearer(token)))
                .isInstanceOf(Unauthorized.class);
        scene.refused(JobScene.USER, scene.token(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoch = epoch + 1", "disabled_at = now()"})
    void changedTrustEndsTheTokensThatRestOnIt(String change) {
        String token = scene.harness.token(SecuredHarness.basic(JobScene.USER, scene.token(Map.of())), JobScene.WANTED);

        scene.harness.sql().change("UPDATE trusted_issuer SET " + change);
        assertThatThrownBy(() -> scene.harness.access.enter(SecuredHarness.bearer(token)))
                .isInstanceOf(Unauthorized.class);
    }

    @Test
    void jobMayShowItsTokenWithEachRequestToo() {
        RepositoryName web = new RepositoryName("acme/web");
        Grant grant = scene.harness.access.require(
                SecuredHarness.basic(JobScene.USER, scene.token(Map.of())), web, Action.PUSH);

        assertThat(grant.caller().account()).isEqualTo("job:repo:acme/web:ref:refs/heads/main");
        assertThat(grant.caller().claims()).containsEntry("repository", "acme/web");
        assertThatThrownBy(() -> scene.harness.access.require(
                        SecuredHarness.basic(JobScene.USER, scene.token(Map.of())), web, Action.DELETE))
                .isInstanceOf(Unauthorized.class);
    }

    @Test
    void jobGetsNoRefreshToken() {
        assertThat(scene.harness
                        .server
                        .token(JobScene.asked(JobScene.USER, scene.token(Map.of()), TokenServer.Keep.REFRESH_TOKEN))
                        .refreshToken())
                .isEmpty();
        assertThat(scene.harness.sql().number("SELECT count(*) FROM refresh_token"))
                .isZero();
    }

    @Test
    void addressThatShowsManyWrongTokensWaitsAndTheOrganizationsJobsElsewhereDoNot() {
        try (SecuredHarness own =
                new SecuredHarness(TestDatabase.fresh(), Map.of("moorage.access.throttle.address-failures", "3"))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic(JobScene.USER, scene.token(Map.of()))))
                        .isInstanceOf(Unauthorized.class);
            }
            assertThatThrownBy(() -> own.access.enter(SecuredHarness.basic(JobScene.USER, scene.token(Map.of()))))
                    .isInstanceOf(TooManyRequests.class);
            assertThat(own.sql().rows("SELECT DISTINCT kind FROM login_failure"))
                    .containsExactly("address");
        }
    }
}
