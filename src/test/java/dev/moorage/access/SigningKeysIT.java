package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.config.StartupCheckFailed;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.testing.Await;
import dev.moorage.testing.TestDatabase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Replicas whose settings do not agree on what the signing keys are encrypted with. */
class SigningKeysIT {

    private static final Map<String, String> OTHERS = Map.of(
            "moorage.access.encryption-key",
            "fedcba9876543210fedcba9876543210",
            "moorage.access.tokens.algorithm",
            "eddsa");

    @Test
    void replicaWithAnotherEncryptionKeyDoesNotStartAndLeavesTheOthersAlone() {
        try (SecuredHarness running = SecuredHarness.fresh()) {
            String token = running.token(SecuredHarness.visitor(new Credentials.None()));

            assertThatThrownBy(() -> new SecuredHarness(running.plain, OTHERS))
                    .isInstanceOf(StartupCheckFailed.class)
                    .hasMessageContaining("moorage.access.encryption-key");
            assertThat(running.sql().number("SELECT count(*) FROM signing_key")).isOne();
            running.keys.rotate();
            assertThat(running.verifier.verify(token)).isPresent();
        }
    }

    @Test
    void runningReplicaThatCanReadNoKeyAnyMoreSaysThatItCannotAnswer() {
        try (SecuredHarness running = SecuredHarness.fresh()) {
            String token = running.token(SecuredHarness.visitor(new Credentials.None()));
            running.sql().change("DELETE FROM signing_key");
            SecuredHarness others = new SecuredHarness(running.plain, OTHERS);

            // A name that nobody knows makes it look for newer keys.
            Await.until(
                    Duration.ofSeconds(60),
                    "the replica to look at the keys again",
                    () -> isUnavailable(() -> running.keys.verifying("unknown")));
            assertThat(isUnavailable(() -> running.token(SecuredHarness.visitor(new Credentials.None()))))
                    .isTrue();
            assertThat(isUnavailable(() -> running.verifier.verify(token))).isTrue();
            assertThat(isUnavailable(running.keys::published)).isTrue();
            assertThat(others.token(SecuredHarness.visitor(new Credentials.None())))
                    .isNotEmpty();
        }
    }

    /** Whether it ends as an outage does; what ends in another way fails the test. */
    private static boolean isUnavailable(Runnable work) {
        try {
            work.run();
            return false;
        } catch (Unavailable e) {
            assertThat(e.status()).isEqualTo(503);
            return true;
        }
    }

    @Test
    void keyThatCannotBeReadIsLeftOutWhereOthersCan() {
        try (SecuredHarness stranger = new SecuredHarness(TestDatabase.fresh(), OTHERS)) {
            stranger.sql().change("CREATE TABLE hidden AS SELECT * FROM signing_key");
            stranger.sql().change("DELETE FROM signing_key");
            SecuredHarness running = stranger.replica();
            String token = running.token(SecuredHarness.visitor(new Credentials.None()));
            // It begins later than the running one's own: whoever took all rows would sign with it.
            stranger.sql().change("UPDATE hidden SET active_from = now() - interval '1 millisecond'");
            stranger.sql().change("INSERT INTO signing_key SELECT * FROM hidden");

            running.keys.rotate();
            assertThat(running.verifier.verify(token)).isPresent();
            assertThat(running.token(SecuredHarness.visitor(new Credentials.None())))
                    .isNotEmpty();
            SecuredHarness next = stranger.replica();
            assertThat(next.verifier.verify(token)).isPresent();
            next.pass(Duration.ofSeconds(1));
            assertThat(next.token(SecuredHarness.visitor(new Credentials.None())))
                    .isNotEmpty();
        }
    }

    @Test
    void keyOfAnotherReplicaThatCannotBeReadSignsNothingAndIsReplaced() {
        try (SecuredHarness stranger = new SecuredHarness(TestDatabase.fresh(), OTHERS)) {
            stranger.sql().change("CREATE TABLE hidden AS SELECT * FROM signing_key");
            stranger.sql().change("DELETE FROM signing_key");
            SecuredHarness running = stranger.replica();
            stranger.sql().change("INSERT INTO signing_key SELECT * FROM hidden");
            stranger.sql()
                    .change(
                            "UPDATE signing_key SET active_from = active_from - interval '1 day', retires_at = now() - interval '1 second' WHERE algorithm = 'ES256'");

            running.keys.rotate();

            assertThat(running.sql().number("SELECT count(*) FROM signing_key WHERE algorithm = 'ES256'"))
                    .as("a key of its own that signs at once")
                    .isEqualTo(2);
            assertThat(
                            running.sql()
                                    .number(
                                            "SELECT count(*) FROM signing_key WHERE algorithm = 'ES256' AND now() BETWEEN active_from AND retires_at"))
                    .isOne();
        }
    }
}
