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

    private static final Map<String, Object> DEFAULTS = Map.of(
            "moorage.access.allow-open-on-network", false,
            "moorage.data-directory", Path.of("moorage-data"),
            "moorage.organizations.auto-create", true,
            "moorage.storage.directory", Optional.empty(),
            "moorage.undo.window", Duration.ofDays(7),
            "moorage.uploads.concurrent", 256,
            "moorage.uploads.expiry", Duration.ofHours(24),
            "moorage.uploads.reaper-interval", Duration.ofSeconds(60),
            "moorage.uploads.removal-delay", Duration.ofHours(1),
            "moorage.uploads.resume-point-bytes", 32L << 20);

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
