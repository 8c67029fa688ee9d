package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.FakeIssuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;

class PublishedKeysTest {

    private static final PublicJsonWebKey FIRST = FakeIssuer.newKey("ES256", "first");
    private static final PublicJsonWebKey SECOND = FakeIssuer.newKey("ES256", "second");

    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private Optional<List<JsonWebKey>> published = Optional.of(List.of(FIRST));
    private int fetches;
    private final PublishedKeys keys = new PublishedKeys(
            () -> {
                fetches++;
                return published;
            },
            () -> now);

    @Test
    void keysAreFetchedOnceForManyTokens() {
        for (int i = 0; i < 10; i++) {
            assertThat(found("first")).isTrue();
        }
        assertThat(fetches).isOne();
    }

    @Test
    void namesThatAreMadeUpMakeNoMoreThanOneCallInHalfAMinute() {
        for (int i = 0; i < 100; i++) {
            assertThat(found("made-up-" + i)).isFalse();
        }
        assertThat(fetches).isOne();

        pass(Duration.ofSeconds(31));
        for (int i = 0; i < 100; i++) {
            assertThat(found("made-up-" + i)).isFalse();
        }
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void newKeyIsFoundWhenATokenNamesIt() {
        assertThat(found("first")).isTrue();
        published = Optional.of(List.of(FIRST, SECOND));
        assertThat(found("second")).isFalse();

        pass(Duration.ofSeconds(31));
        assertThat(found("second")).isTrue();
    }

    @Test
    void keyThatWasWithdrawnIsForgottenAfterTenMinutes() {
        assertThat(found("first")).isTrue();
        published = Optional.of(List.of(SECOND));

        pass(Duration.ofMinutes(9));
        assertThat(found("first")).isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(found("first")).isFalse();
    }

    @Test
    void keysOfAnIssuerThatDoesNotAnswerAreGoodForAnHourAndItIsAskedTwiceAMinuteAtMost() {
        assertThat(found("first")).isTrue();
        published = Optional.empty();

        pass(Duration.ofMinutes(59));
        for (int i = 0; i < 10; i++) {
            assertThat(found("first")).isTrue();
        }
        assertThat(fetches).isEqualTo(2);
        pass(Duration.ofMinutes(2));
        assertThat(found("first")).isFalse();
    }

    @Test
    void clockThatWasSetBackKeepsNoKeyForEver() {
        assertThat(found("first")).isTrue();
        published = Optional.of(List.of());

        pass(Duration.ofDays(-1));
        assertThat(found("first")).isFalse();
    }

    @Test
    void keyIsForItsOwnKindOfSignatureOnly() {
        PublicJsonWebKey rsa = FakeIssuer.newKey("RS256", "rsa");
        PublicJsonWebKey encrypting = FakeIssuer.newKey("ES256", "encrypting");
        encrypting.setUse("enc");
        OctetSequenceJsonWebKey shared = new OctetSequenceJsonWebKey(new HmacKey(new byte[32]));
        shared.setKeyId("shared");
        PublicJsonWebKey any = FakeIssuer.newKey("ES256", "any");
        any.setAlgorithm(null);
        published = Optional.of(List.of(rsa, encrypting, shared, any));

        assertThat(keys.find("rsa", "RS256")).isPresent();
        assertThat(keys.find("any", "ES256")).isPresent();
        assertThat(keys.find("any", "RS256")).isEmpty();
        for (String algorithm : List.of("none", "HS256", "ES256", "PS256", "")) {
            assertThat(keys.find("rsa", algorithm)).as(algorithm).isEmpty();
            assertThat(keys.find("shared", algorithm)).as(algorithm).isEmpty();
            assertThat(keys.find("encrypting", algorithm)).as(algorithm).isEmpty();
        }
    }

    private boolean found(String kid) {
        return keys.find(kid, "ES256").isPresent();
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
    }
}
