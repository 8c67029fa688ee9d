package dev.moorage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MoorageConfigTest {

    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            Map.entry("moorage.access.admin-password", Optional.empty()),
            Map.entry("moorage.access.allow-open-on-network", false),
            Map.entry("moorage.access.encryption-key", Optional.empty()),
            Map.entry("moorage.access.external.audience", Optional.empty()),
            Map.entry("moorage.access.external.issuer", Optional.empty()),
            Map.entry("moorage.access.external.jwks-url", Optional.empty()),
            Map.entry("moorage.access.external.realm", Optional.empty()),
            Map.entry("moorage.access.mode", MoorageConfig.Mode.OPEN),
            Map.entry("moorage.access.oidc.client-id", Optional.empty()),
            Map.entry("moorage.access.oidc.client-secret", Optional.empty()),
            Map.entry("moorage.access.oidc.groups-claim", Optional.empty()),
            Map.entry("moorage.access.oidc.issuer", Optional.empty()),
            Map.entry("moorage.access.oidc.name-claim", "preferred_username"),
            Map.entry("moorage.access.throttle.account-failures", 10),
            Map.entry("moorage.access.throttle.address-failures", 100),
            Map.entry("moorage.access.throttle.first-wait", Duration.ofSeconds(1)),
            Map.entry("moorage.access.throttle.longest-wait", Duration.ofMinutes(15)),
            Map.entry("moorage.access.throttle.memory", Duration.ofMinutes(15)),
            Map.entry("moorage.access.tokens.algorithm", MoorageConfig.Signature.ES256),
            Map.entry("moorage.access.tokens.issuer", "moorage"),
            Map.entry("moorage.access.tokens.key-lifetime", Duration.ofDays(30)),
            Map.entry("moorage.access.tokens.key-overlap", Duration.ofHours(24)),
            Map.entry("moorage.access.tokens.lifetime", Duration.ofMinutes(5)),
            Map.entry("moorage.access.tokens.refresh-lifetime", Duration.ofDays(30)),
            Map.entry("moorage.access.tokens.service", "moorage"),
            Map.entry("moorage.audit.keep", Duration.ofDays(400)),
            Map.entry("moorage.audit.keep-denied", Duration.ofDays(30)),
            Map.entry("moorage.console.session-idle", Duration.ofHours(12)),
            Map.entry("moorage.console.session-lifetime", Duration.ofDays(7)),
            Map.entry("moorage.collection.batch", 100),
            Map.entry("moorage.collection.delay.hold-ended", Duration.ZERO),
            Map.entry("moorage.collection.delay.link-gone", Duration.ofMinutes(1)),
            Map.entry("moorage.collection.delay.manifest-gone", Duration.ofMinutes(1)),
            Map.entry("moorage.collection.enabled", true),
            Map.entry("moorage.collection.interval", Duration.ofSeconds(60)),
            Map.entry("moorage.collection.link-delay", Duration.ofHours(25)),
            Map.entry("moorage.collection.tombstone-delay", Duration.ofHours(1)),
            Map.entry("moorage.data-directory", Path.of("moorage-data")),
            Map.entry("moorage.database.migrate", true),
            Map.entry("moorage.drain.delay", Duration.ZERO),
            Map.entry("moorage.drain.timeout", Duration.ofSeconds(30)),
            Map.entry("moorage.http.hosts", Optional.empty()),
            Map.entry("moorage.http.access-log", false),
            Map.entry("moorage.http.limits.body-patience", Duration.ofSeconds(60)),
            Map.entry("moorage.http.limits.caller-per-minute", Optional.empty()),
            Map.entry("moorage.http.limits.network-per-minute", Optional.empty()),
            Map.entry("moorage.http.limits.slowest-body", 1024),
            Map.entry("moorage.http.tls.certificate", Optional.empty()),
            Map.entry("moorage.http.tls.key", Optional.empty()),
            Map.entry("moorage.http.tls.reload-interval", Duration.ofSeconds(10)),
            Map.entry("moorage.http.trusted-proxies", Optional.empty()),
            Map.entry("moorage.organizations.auto-create", Optional.empty()),
            Map.entry("moorage.outbound.allowed-networks", Optional.empty()),
            Map.entry("moorage.storage.directory", Optional.empty()),
            Map.entry("moorage.storage.rows-up-to", 32768),
            Map.entry("moorage.storage.s3.access-key", Optional.empty()),
            Map.entry("moorage.storage.s3.bucket", Optional.empty()),
            Map.entry("moorage.storage.s3.checksums", S3RequestsConfig.Checksums.WHEN_REQUIRED),
            Map.entry("moorage.storage.s3.connect-timeout", Duration.ofSeconds(5)),
            Map.entry("moorage.storage.s3.create-bucket", false),
            Map.entry("moorage.storage.s3.endpoint", Optional.empty()),
            Map.entry("moorage.storage.s3.kms-key-id", Optional.empty()),
            Map.entry("moorage.storage.s3.max-connections", 128),
            Map.entry("moorage.storage.s3.part-size", 16L << 20),
            Map.entry("moorage.storage.s3.path-style", true),
            Map.entry("moorage.storage.s3.prefix", Optional.empty()),
            Map.entry("moorage.storage.s3.read-timeout", Duration.ofSeconds(30)),
            Map.entry("moorage.storage.s3.redirect", MoorageConfig.Redirects.NEVER),
            Map.entry("moorage.storage.s3.redirect-above", 16L << 20),
            Map.entry("moorage.storage.s3.redirect-endpoint", Optional.empty()),
            Map.entry("moorage.storage.s3.redirect-lifetime", Duration.ofSeconds(60)),
            Map.entry("moorage.storage.s3.region", "us-east-1"),
            Map.entry("moorage.storage.s3.retries", 4),
            Map.entry("moorage.storage.s3.secret-key", Optional.empty()),
            Map.entry("moorage.storage.s3.server-side-encryption", MoorageConfig.Encryption.NONE),
            Map.entry("moorage.storage.s3.signed-bodies", S3RequestsConfig.SignedBodies.WHERE_NEEDED),
            Map.entry("moorage.storage.type", MoorageConfig.StorageType.DIRECTORY),
            Map.entry("moorage.undo.window", Duration.ofDays(7)),
            Map.entry("moorage.uploads.bytes-in-flight", Optional.empty()),
            Map.entry("moorage.uploads.concurrent", 256),
            Map.entry("moorage.uploads.expiry", Duration.ofHours(24)),
            Map.entry("moorage.uploads.open-per-organization", 1000),
            Map.entry("moorage.uploads.reaper-interval", Duration.ofSeconds(60)),
            Map.entry("moorage.uploads.removal-delay", Duration.ofHours(1)),
            Map.entry("moorage.uploads.resume-point-bytes", 32L << 20),
            Map.entry("moorage.uploads.sweep-interval", Duration.ofHours(1)),
            Map.entry("moorage.webhooks.concurrency", 12),
            Map.entry("moorage.webhooks.first-wait", Duration.ofSeconds(5)),
            Map.entry("moorage.webhooks.give-up-after", Duration.ofHours(24)),
            Map.entry("moorage.webhooks.interval", Duration.ofSeconds(1)),
            Map.entry("moorage.webhooks.keep", Duration.ofDays(7)),
            Map.entry("moorage.webhooks.longest-wait", Duration.ofHours(1)),
            Map.entry("moorage.webhooks.most-waiting", 10_000),
            Map.entry("moorage.webhooks.timeout", Duration.ofSeconds(10)));

    @Test
    void everySettingHasTheDefaultThatIsPromised() throws ReflectiveOperationException {
        var configuration = with(Map.of());
        var actual = new HashMap<String, Object>();
        for (var setting : Setting.of(MoorageConfig.class)) {
            actual.put(setting.key(), setting.in(configuration));
        }
        assertThat(actual).containsExactlyInAnyOrderEntriesOf(DEFAULTS);
    }

    @Test
    void settingIsReadByItsName() {
        assertThat(with(Map.of("moorage.undo.window", "2h")).undo().window()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void settingThatIsUnknownIsRefusedByItsName() {
        assertThatThrownBy(() -> with(Map.of("moorage.undo.windoe", "2h")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("moorage.undo.windoe");
    }

    private static MoorageConfig with(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(MoorageConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(MoorageConfig.class);
    }
}
