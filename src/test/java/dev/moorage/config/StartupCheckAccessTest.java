package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.testing.TestSettings;
import io.smallrye.config.ConfigValue;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartupCheckAccessTest {

    private static final Map<String, String> SECURED = Map.of("moorage.access.mode", "secured");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "moorage.access.admin-password        | short",
                "moorage.access.encryption-key        | tooshort",
                "moorage.access.tokens.lifetime       | 2h",
                "moorage.access.tokens.lifetime       | 1s",
                "moorage.access.tokens.key-lifetime   | 5m",
                "moorage.access.tokens.key-overlap    | 1m",
                "moorage.access.tokens.refresh-lifetime | 0s",
                "moorage.access.tokens.service        | a\"b",
                "moorage.access.throttle.account-failures | 0",
                "moorage.access.throttle.first-wait   | 0s",
                "moorage.console.session-idle         | 4m",
                "moorage.console.session-lifetime     | 11h",
                "moorage.http.hosts                   | registry.example.com",
                "moorage.http.hosts                   | https://registry.example.com/path",
                "moorage.http.hosts                   | ftp://registry.example.com",
                "moorage.http.hosts                   | https://user@registry.example.com",
                "moorage.http.limits.caller-per-minute | 0",
                "moorage.http.limits.network-per-minute | -1",
                "moorage.http.trusted-proxies         | proxy.example.com",
                "moorage.http.trusted-proxies         | 10.0.0.1/8",
                "moorage.http.trusted-proxies         | 10.0.0.0/33",
                "moorage.http.trusted-proxies         | 10.0.0.0/8,2001:db8::/129"
            })
    void settingThatCannotBeMeantStopsTheStartWithItsName(String name, String value) {
        Map<String, String> settings = new HashMap<>(SECURED);
        settings.put(name, value);

        assertThat(sentence(settings, "127.0.0.1")).contains(name).endsWith(".").doesNotContain("\n");
    }

    @Test
    void securedModeMayServeTheNetworkWhereItKnowsItsName() {
        assertThat(sentence(SECURED, "0.0.0.0")).contains("moorage.http.hosts");
        Map<String, String> named = new HashMap<>(SECURED);
        named.put("moorage.http.hosts", "https://registry.example.com,http://10.0.0.1:5000");
        assertThatCode(() -> StartupCheck.check(TestSettings.with(named), "0.0.0.0"))
                .doesNotThrowAnyException();
    }

    @Test
    void openModeStaysOnLoopback() {
        assertThat(sentence(Map.of(), "0.0.0.0")).contains("moorage.access.mode=secured");
        assertThatCode(() -> StartupCheck.check(TestSettings.with(Map.of()), "127.0.0.1"))
                .doesNotThrowAnyException();
    }

    @Test
    void replicasThatShareADatabaseNeedAKeyThatTheyShare() {
        ConfigValue url = ConfigValue.builder()
                .withName("quarkus.datasource.jdbc.url")
                .withValue("jdbc:postgresql://db/moorage")
                .build();
        StartupCheckFailed refusal = catchThrowableOfType(
                StartupCheckFailed.class, () -> StartupCheckAccess.checkDatabase(TestSettings.with(SECURED), url));

        assertThat(refusal).hasMessageContaining("moorage.access.encryption-key");
        assertThatCode(() -> StartupCheckAccess.checkDatabase(TestSettings.with(Map.of()), url))
                .doesNotThrowAnyException();
    }

    private static String sentence(Map<String, String> settings, String host) {
        return catchThrowableOfType(
                        StartupCheckFailed.class, () -> StartupCheck.check(TestSettings.with(settings), host))
                .getMessage();
    }
}
