package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.testing.FakeIssuer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a CI job's token, and what only looks like one. */
class ForgedJobTokenIT {

    private static JobScene scene;

    @BeforeAll
    static void start() {
        scene = new JobScene();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void forgetFailures() {
        scene.harness.sql().change("DELETE FROM login_failure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256"})
    void jobIsGivenWhatItsIssuerWasGiven(String algorithm) {
        String token =
                FakeIssuer.sign(scene.issuer.key(algorithm), ForgedJobToken.json(scene.good(Map.of())), Map.of());

        assertThat(scene.scope(JobScene.USER, token)).isEqualTo("repository:acme/web:pull,push");
    }

    @ParameterizedTest
    @EnumSource
    void forgedTokenIsTheSameRefusalAsAWrongPassword(ForgedJobToken forgery) {
        Unauthorized wrong = scene.refused(JobScene.USER, "wrong password");
        try (FakeIssuer stranger = new FakeIssuer()) {
            Unauthorized refusal =
                    scene.refused(JobScene.USER, forgery.make(scene.issuer, stranger, scene.good(Map.of())));

            assertThat(refusal.headers()).isEqualTo(wrong.headers());
            assertThat(refusal.entries()).isEqualTo(wrong.entries());
            assertThat(stranger.fetches()).as("a token sends us nowhere").isZero();
        }
        assertThat(scene.scope(JobScene.USER, scene.token(Map.of()))).isNotEmpty();
    }

    @Test
    void subjectThatNoTokenOfOursHoldsIsRefusedByName() {
        String begin = "repo:acme/web:ref:";
        String longest = begin + "x".repeat(1000 - begin.length());
        assertThat(scene.scope(JobScene.USER, scene.token(Map.of("sub", longest))))
                .isNotEmpty();

        assertThatThrownBy(() -> scene.scope(JobScene.USER, scene.token(Map.of("sub", longest + "x"))))
                .isInstanceOf(Denied.class)
                .hasMessageContaining("the claim sub");
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
        String token = scene.token(Map.of(claim, System.currentTimeMillis() / 1000 + seconds));

        if (accepted) {
            assertThat(scene.scope(JobScene.USER, token)).isNotEmpty();
        } else {
            scene.refused(JobScene.USER, token);
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
        scene.refused(JobScene.USER, scene.token(Map.of(claim, value == null ? List.of() : value)));
    }
}
