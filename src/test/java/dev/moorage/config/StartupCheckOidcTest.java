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
import org.junit.jupiter.params.provider.ValueSource;

class StartupCheckOidcTest {

    private static final String OIDC = "moorage.access.oidc.";
    private static final Map<String, String> RIGHT = Map.of(
            "moorage.access.mode",
            "secured",
            OIDC + "issuer",
            "https://id.example/realms/a",
            OIDC + "client-id",
            "moorage",
            OIDC + "client-secret",
            "secret");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id.example",
                "http://id.example",
                "http://127.0.0.1.id.example",
                "https://user@id.example",
                "https://id.example?a",
                "https://id.example#a",
                "https://id example",
                "https:///path",
                "ftp://id.example"
            })
    void issuerThatIsNoSafeAddressStopsTheStart(String issuer) {
        assertThat(sentence(with(OIDC + "issuer", issuer))).contains(OIDC + "issuer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-id", "client-secret"})
    void providerNeedsAnIdAndASecret(String name) {
        Map<String, String> settings = new HashMap<>(RIGHT);
        settings.remove(OIDC + name);
        assertThat(sentence(settings)).contains(OIDC + name);
    }

    @ParameterizedTest
    @CsvSource({"client-id, a", "client-secret, a", "groups-claim, a"})
    void settingOfAProviderThatIsNotNamedStopsTheStart(String name, String value) {
        assertThat(sentence(Map.of(OIDC + name, value))).contains(OIDC + name);
    }

    @Test
    void openModeHasNoPeople() {
        assertThat(sentence(with("moorage.access.mode", "open"))).contains("moorage.access.mode=secured");
    }

    @Test
    void claimOfNamesIsAName() {
        assertThat(sentence(with(OIDC + "groups-claim", "x".repeat(1001)))).contains(OIDC + "groups-claim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://id.example", "http://127.0.0.1:8080/a", "http://localhost:1", "http://[::1]:1"})
    void providerThatIsNamedWholeLetsTheProgramStart(String issuer) {
        assertThatCode(() -> check(with(OIDC + "issuer", issuer))).doesNotThrowAnyException();
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> settings = new HashMap<>(RIGHT);
        settings.put(name, value);
        return settings;
    }

    private static String sentence(Map<String, String> settings) {
        String sentence = catchThrowableOfType(StartupCheckFailed.class, () -> check(settings))
                .getMessage();
        assertThat(sentence).endsWith(".").doesNotContain("\n", "secret,");
        return sentence;
    }

    private static void check(Map<String, String> settings) {
        StartupCheckOidc.check(TestSettings.with(settings));
    }
}
