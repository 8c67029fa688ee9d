package dev.moorage.embedded;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.StartupCheck;
import io.quarkus.runtime.Application;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Settings that name the embedded server, where no other database is named; asking for them starts it.
 *
 * <p>Quarkus reads its run time settings once at a start, before it builds the data source, in the packaged program as
 * in dev mode and in tests. It does not ask sources that are not marked as safe for static initialisation while it
 * builds or initialises, so that building never starts a server.
 */
public final class EmbeddedDatabaseSource implements ConfigSourceFactory {

    /** The setting that holds the embedded server's directory, and is there only with such a server. */
    public static final String DIRECTORY = "dev.moorage.embedded.directory";

    /** The setting that holds what the person who starts the program should know about its server, if anything. */
    public static final String NOTE = "dev.moorage.embedded.note";

    /** The setting of a command, which uses the server of a program that runs on the data directory where there is one. */
    public static final String JOIN = "dev.moorage.embedded.join";

    private static final String URL = "quarkus.datasource.jdbc.url";
    private static final String USER = "quarkus.datasource.username";
    private static final String PASSWORD = "quarkus.datasource.password";
    // Above every file and variable: half of another server's credentials would not fit this one.
    private static final int ORDINAL = 500;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        // Building an application reads the same sources, and there is none that starts.
        if (Application.currentApplication() == null) {
            return List.of();
        }
        MoorageConfig settings = StartupCheck.settings(context);
        Optional<String> url = value(context, URL);
        if (url.isPresent()) {
            StartupCheckDatabase.check(
                    url.get(),
                    value(context, USER).orElse(""),
                    value(context, PASSWORD).orElse(""));
            return List.of();
        }
        EmbeddedServer server = value(context, JOIN).isPresent()
                ? EmbeddedServer.join(settings.dataDirectory())
                : EmbeddedServer.start(settings.dataDirectory());
        Map<String, String> values = new HashMap<>();
        values.put(URL, server.connection().url());
        values.put(USER, server.connection().user());
        values.put(PASSWORD, server.connection().password());
        // For root it may be another than the one asked for, and the blobs belong beside their rows.
        values.put("moorage.data-directory", server.dataDirectory().toString());
        values.put(DIRECTORY, server.dataDirectory().toString());
        server.note().ifPresent(note -> values.put(NOTE, note));
        return List.of(new PropertiesConfigSource(values, "embedded database", ORDINAL));
    }

    private static Optional<String> value(ConfigSourceContext context, String name) {
        return Optional.ofNullable(context.getValue(name))
                .map(ConfigValue::getValue)
                .filter(value -> !value.isBlank());
    }
}
