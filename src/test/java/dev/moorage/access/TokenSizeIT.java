package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tokens cost that somebody asks for much in. */
class TokenSizeIT {

    private static final int MOST = 6 * 1024;

    private static SecuredHarness harness;

    @BeforeAll
    static void start() {
        harness = fresh("es256");
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    private static SecuredHarness fresh(String algorithm) {
        SecuredHarness made =
                new SecuredHarness(TestDatabase.fresh(), Map.of("moorage.access.tokens.algorithm", algorithm));
        long acme = made.organization("acme");
        made.give(acme, "", "writer", made.account("anna"));
        return made;
    }

    @ParameterizedTest
    @ValueSource(strings = {"es256", "rs256"})
    void tokenForAHundredRepositoriesFitsIntoAHeaderAndHoldsTheFirstOfThem(String algorithm) {
        try (SecuredHarness own = fresh(algorithm)) {
            TokenServer.Given given = given(own, 100, 20);

            assertThat(given.token().length()).isLessThanOrEqualTo(MOST).isGreaterThan(MOST - 1000);
            List<TokenEntry> entries =
                    own.verifier.verify(given.token()).orElseThrow().content().entries();
            assertThat(entries).hasSizeBetween(25, 99);
            assertThat(given.scope().split(" "))
                    .as("the answer says what was given")
                    .hasSize(entries.size())
                    .startsWith(
                            "repository:acme/r0" + "x".repeat(20) + ":pull,push",
                            "repository:acme/r1" + "x".repeat(20) + ":pull,push");
        }
    }

    @Test
    void longNamesFitToo() {
        TokenServer.Given given = given(harness, 30, 200);

        assertThat(given.token().length()).isLessThanOrEqualTo(MOST);
        assertThat(harness.verifier
                        .verify(given.token())
                        .orElseThrow()
                        .content()
                        .entries())
                .isNotEmpty();
    }

    @Test
    void fewRepositoriesAreAllGiven() {
        assertThat(given(harness, 20, 20).scope().split(" ")).hasSize(20);
    }

    @Test
    void onlyShortTokensAreRemembered() {
        String large = given(harness, 100, 20).token();
        String small = given(harness, 1, 1).token();
        TokenVerifier verifier = harness.replica().verifier;

        assertThat(verifier.verify(large).orElseThrow())
                .isNotSameAs(verifier.verify(large).orElseThrow());
        assertThat(verifier.verify(small).orElseThrow())
                .isSameAs(verifier.verify(small).orElseThrow());
        assertThat(harness.verifier.verify(large).orElseThrow())
                .isNotSameAs(harness.verifier.verify(large).orElseThrow());
        assertThat(harness.verifier.verify(small).orElseThrow())
                .isSameAs(harness.verifier.verify(small).orElseThrow());
    }

    @Test
    void manyTokensThatAreMadeDoNotMakeAVerifiedOneBeVerifiedAgain() {
        String token = given(harness, 1, 1).token();
        TokenVerifier verifier = harness.replica().verifier;
        VerifiedToken verified = verifier.verify(token).orElseThrow();

        IntStream.range(0, 10_000).forEach(i -> verifier.remember("made" + i, verified));

        assertThat(verifier.verify(token).orElseThrow()).isSameAs(verified);
    }

    private static TokenServer.Given given(SecuredHarness own, int repositories, int length) {
        List<String> scopes = IntStream.range(0, repositories)
                .mapToObj(i -> "repository:acme/r" + i + "x".repeat(length) + ":pull,push")
                .toList();
        return own.server.token(new TokenServer.Asked(
                SecuredHarness.basic("anna", SecuredHarness.PASSWORD), scopes, "test", TokenServer.Keep.NOTHING));
    }
}
