package dev.moorage.blob;

import dev.moorage.config.MoorageConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Settings of a store for tests. */
final class S3Settings {

    private S3Settings() {}

    /** Settings on a server, with what else is named by the last words of its name. */
    static MoorageConfig.S3 of(URI endpoint, String accessKey, String secretKey, Map<String, String> others) {
        Map<String, String> settings = new HashMap<>();
        Map<String, String> named = new HashMap<>(Map.of(
                "endpoint", endpoint.toString(), "access-key", accessKey, "secret-key", secretKey, "retries", "1"));
        named.putAll(others);
        named.forEach((name, value) -> settings.put("moorage.storage.s3." + name, value));
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(MoorageConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(MoorageConfig.class)
                .storage()
                .s3();
    }
}
