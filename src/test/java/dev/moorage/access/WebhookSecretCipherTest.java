package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.OrganizationId;
import dev.moorage.testing.TestSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSecretCipherTest {

    private static final OrganizationId ACME = new OrganizationId(1);
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;

    @Test
    void secretIsReadByTheSameKeyUnderTheSameNameOnly() {
        byte[] encrypted = cipher(KEY).encrypt(ACME, "ci", "secret");

        assertThat(new String(encrypted, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        assertThat(cipher(KEY).decrypt(ACME, "ci", encrypted)).contains("secret");
        assertThat(cipher(KEY).decrypt(ACME, "other", encrypted)).isEmpty();
        assertThat(cipher(KEY).decrypt(new OrganizationId(2), "ci", encrypted)).isEmpty();
        assertThat(cipher(KEY.toUpperCase(Locale.ROOT)).decrypt(ACME, "ci", encrypted))
                .isEmpty();
    }

    @Test
    void keyIsNamedOrLiesBesideTheEmbeddedDatabase() throws Exception {
        assertThat(cipher(KEY).haveKey()).isTrue();
        assertThat(withoutKey().haveKey()).isFalse();
        Files.createDirectory(directory.resolve("postgres"));
        assertThat(withoutKey().haveKey()).isTrue();
        assertThat(withoutKey().decrypt(ACME, "ci", withoutKey().encrypt(ACME, "ci", "secret")))
                .contains("secret");
    }

    private static WebhookSecretCipher cipher(String key) {
        return new WebhookSecretCipher(new KeyCipher(TestSettings.with(Map.of("moorage.access.encryption-key", key))));
    }

    private WebhookSecretCipher withoutKey() {
        return new WebhookSecretCipher(
                new KeyCipher(TestSettings.with(Map.of("moorage.data-directory", directory.toString()))));
    }
}
