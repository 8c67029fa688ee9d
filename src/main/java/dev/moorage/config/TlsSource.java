package dev.moorage.config;

import io.quarkus.runtime.Application;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * What follows from a certificate unless somebody says otherwise: the one port speaks TLS, and nothing is spoken in the clear.
 *
 * <p>The framework by itself would open a second port for TLS and go on without it on the first.
 */
public final class TlsSource implements ConfigSourceFactory {

    private static final String CERTIFICATE = "moorage.http.tls.certificate";
    private static final String PORT = "quarkus.http.port";
    // Below every file and variable.
    private static final int ORDINAL = 50;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue certificate = context.getValue(CERTIFICATE);
        if (Application.currentApplication() == null
                || certificate == null
                || certificate.getValue() == null
                || certificate.getValue().isBlank()) {
            return List.of();
        }
        return List.of(new PropertiesConfigSource(
                Map.of(
                        "quarkus.http.insecure-requests",
                        "disabled",
                        "quarkus.http.ssl-port",
                        context.getValue(PORT).getValue()),
                "TLS alone",
                ORDINAL));
    }
}
