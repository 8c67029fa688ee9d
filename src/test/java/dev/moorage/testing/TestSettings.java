package dev.moorage.testing;

import dev.moorage.config.MoorageConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The settings as the program reads them, without Quarkus. */
public final class TestSettings {

    private static final int ABOVE_DEFAULTS = 500;

    private TestSettings() {}

    /** The defaults, but for what is given here. */
    public static MoorageConfig with(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(settings, "test", ABOVE_DEFAULTS))
                .withMapping(MoorageConfig.class)
                .build()
                .getConfigMapping(MoorageConfig.class);
    }
}
