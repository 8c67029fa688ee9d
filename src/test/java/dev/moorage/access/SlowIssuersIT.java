package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.testing.Await;
import dev.moorage.testing.SilentServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an organization's issuers cost the others, and what its jobs' tokens may say at most. */
class SlowIssuersIT {

    private static final int SLOW = 40;
    private static final int CLAIMS = 12;

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
    void organizationWithManySlowIssuersKeepsNoOtherFromItsFirstKeys() throws Exception {
        scene.harness.sql().change("""
                WITH made AS (INSERT INTO organization (name) VALUES ('other') RETURNING id)
                INSERT INTO trusted_issuer (organization_id, name, issuer, audience, claim_patterns)
                SELECT id, 'ci', ?, ?, '{"repository":"acme/*"}' FROM made
                """, scene.issuer.address(), JobScene.AUDIENCE);
        List<Future<Throwable>> slow = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SilentServer silent = new SilentServer()) {
            for (int i = 0; i < SLOW; i++) {
                String address = silent.address() + "/" + i;
                scene.trust("slow" + i, address, "{\"sub\":\"*\"}");
                Visitor visitor = SecuredHarness.basic("acme+slow" + i, scene.token(Map.of("iss", address)));
                slow.add(threads.submit(() -> catchThrowable(() -> scene.harness.access.enter(visitor))));
            }
            Await.until(Duration.ofSeconds(60), "slow issuers that are asked", () -> silent.connections() > 0);

            scene.harness.access.enter(SecuredHarness.basic("other+ci", scene.token(Map.of())));

            for (Future<Throwable> one : slow) {
                assertThat(one.get()).isInstanceOfAny(Unauthorized.class, TooManyRequests.class);
            }
            assertThat(slow.stream().map(Future::resultNow)).hasAtLeastOneElementOfType(TooManyRequests.class);
            // One that was given up may be seen a moment longer here than there.
            assertThat(silent.most()).as("asked at once").isLessThan(8);
        }
    }

    @Test
    void turnThatWasRefusedIsNoAnswerOfTheIssuer() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SilentServer silent = new SilentServer()) {
            List<Future<Throwable>> slow = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String address = silent.address() + "/" + i;
                scene.trust("slow" + i, address, "{\"sub\":\"*\"}");
                Visitor visitor = SecuredHarness.basic("acme+slow" + i, scene.token(Map.of("iss", address)));
                slow.add(threads.submit(() -> catchThrowable(() -> scene.harness.access.enter(visitor))));
            }
            for (Future<Throwable> one : slow) {
                assertThat(one.get()).isInstanceOfAny(Unauthorized.class, TooManyRequests.class);
            }
        }
        assertThat(scene.scope(JobScene.USER, scene.token(Map.of()))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "\"", "\\", "é", "€", "\u2028", "\uD83D\uDE00"})
    void longestSubjectAndClaimsLeaveRoomForWhatTheJobMayDo(String character) {
        scene.harness.sql().change("UPDATE trusted_issuer SET claim_patterns = ?::json", patterns());
        String subject = longest(character, 1000);
        Map<String, Object> said = new HashMap<>(Map.of("sub", subject));
        for (int i = 0; i < CLAIMS; i++) {
            said.put("claim" + i, character.repeat(100));
        }
        TokenServer.Given given =
                scene.harness.server.token(JobScene.asked(JobScene.USER, scene.token(said), TokenServer.Keep.NOTHING));

        assertThat(given.scope()).isEqualTo("repository:acme/web:pull,push");
        assertThat(given.token().length()).isLessThanOrEqualTo(TokenWriter.MOST_CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "€"})
    void longerSubjectIsRefusedWithTheReason(String character) {
        scene.harness.sql().change("UPDATE trusted_issuer SET claim_patterns = '{\"repository\":\"acme/web\"}'");
        String token = scene.token(Map.of("sub", longest(character, 1000) + character));

        Throwable refusal = catchThrowable(() -> scene.scope(JobScene.USER, token));

        assertThat(refusal).isInstanceOf(Denied.class).hasMessageContaining("sub");
        assertThat(((Denied) refusal).detail()).containsEntry("limit", 1000);
    }

    private static String patterns() {
        StringBuilder patterns = new StringBuilder("{\"repository\":\"acme/web\"");
        for (int i = 0; i < CLAIMS; i++) {
            patterns.append(",\"claim").append(i).append("\":\"*\"");
        }
        return patterns.append('}').toString();
    }

    /** So many of a character that one more would be above a number of bytes as a token says them. */
    private static String longest(String character, int bytes) {
        return character.repeat(bytes / JobClaims.bytes(character));
    }
}
