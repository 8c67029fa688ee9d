package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.testing.TestSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartupCheckOutboundTest {

    private static final String EXTERNAL = "moorage.access.external.";
    private static final Map<String, String> RIGHT = Map.of(
            "moorage.access.mode",
            "secured",
            EXTERNAL + "issuer",
            "auth.example",
            EXTERNAL + "jwks-url",
            "https://auth.example/keys");

    @ParameterizedTest
    @CsvSource({
        "moorage.outbound.allowed-networks, 10.0.0.1/8",
        "moorage.outbound.allowed-networks, localhost",
        "moorage.access.external.jwks-url, http://auth.example/keys",
        "moorage.access.external.jwks-url, auth.example/keys",
        "moorage.access.external.jwks-url, https://user:secret@auth.example/keys",
        "moorage.access.external.issuer, moorage",
        "moorage.access.external.realm, ftp://auth.example/token",
        "moorage.access.external.realm, /token"
    })
    void settingThatCannotBeMeantStopsTheStartWithItsName(String name, String value) {
        Map<String, String> settings = new HashMap<>(RIGHT);
        settings.put(name, value);

        assertThat(sentence(settings)).contains(name).endsWith(".").doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({"jwks-url, https://auth.example/keys", "audience, registry", "realm, https://auth.example/token"})
    void settingOfATokenServerThatIsNotNamedStopsTheStart(String name, String value) {
        assertThat(sentence(Map.of(EXTERNAL + name, value))).contains(EXTERNAL + name);
    }

    @Test
    void tokenServerNeedsAnAddressOfItsKeys() {
        assertThat(sentence(Map.of(EXTERNAL + "issuer", "auth.example"))).contains(EXTERNAL + "jwks-url");
    }

    @Test
    void tokenServerThatIsNamedWholeLetsTheProgramStart() {
        Map<String, String> settings = new HashMap<>(RIGHT);
        settings.put(EXTERNAL + "audience", "registry");
        settings.put(EXTERNAL + "realm", "https://auth.example/token");
        assertThatCode(() -> check(settings)).doesNotThrowAnyException();

        settings.put(EXTERNAL + "jwks-url", "http://10.1.2.3/keys");
        settings.put("moorage.outbound.allowed-networks", "10.1.0.0/16,fd00::/8");
        assertThatCode(() -> check(settings)).doesNotThrowAnyException();
    }

    private static String sentence(Map<String, String> settings) {
        return catchThrowableOfType(StartupCheckFailed.class, () -> check(settings))
                .getMessage();
    }

    private static void check(Map<String, String> settings) {
        StartupCheck.check(TestSettings.with(settings), "127.0.0.1");
    }
}
