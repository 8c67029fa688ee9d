package dev.moorage.command;

import dev.moorage.config.MoorageConfig;
import dev.moorage.embedded.EmbeddedDatabaseSource;
import dev.moorage.embedded.StartupCheckDatabase;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says on standard output, once the server listens, where it is and where it keeps things. */
@ApplicationScoped
class StartupBlock {

    private static final Logger LOG = Logger.getLogger(StartupBlock.class);

    private final MoorageConfig settings;
    private final HttpServer server;
    private final String host;
    private final String managementHost;
    private final int managementPort;
    private final boolean json;
    private final String version;
    private final String databaseUrl;
    private final Optional<Path> embedded;
    private final Optional<String> note;

    StartupBlock(
            MoorageConfig settings,
            HttpServer server,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.management.host") String managementHost,
            @ConfigProperty(name = "quarkus.management.port") int managementPort,
            @ConfigProperty(name = "quarkus.log.console.json.enabled") boolean json,
            @ConfigProperty(name = "quarkus.application.version") String version,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String databaseUrl,
            @ConfigProperty(name = EmbeddedDatabaseSource.DIRECTORY) Optional<Path> embedded,
            @ConfigProperty(name = EmbeddedDatabaseSource.NOTE) Optional<String> note) {
        this.settings = settings;
        this.server = server;
        this.host = host;
        this.managementHost = managementHost;
        this.managementPort = managementPort;
        this.json = json;
        this.version = version;
        this.databaseUrl = databaseUrl;
        this.embedded = embedded;
        this.note = note;
    }

    void listening(@ObservesAsync HttpServerStart start) {
        if (!tls()) {
            say();
        }
    }

    void listening(@ObservesAsync HttpsServerStart start) {
        if (tls()) {
            say();
        }
    }

    /** Both may listen, and then the one in the clear sends to the other. */
    private boolean tls() {
        return settings.http().tls().certificate().isPresent();
    }

    private void say() {
        if (json) {
            // A reader of such a log takes nothing else.
            LOG.info(text().strip().replaceAll("\\s*\n\\s*", "; ").replaceAll(" {2,}", " "));
            return;
        }
        System.out.print(text());
        System.out.flush();
    }

    private String text() {
        String address = address(host, tls() ? server.getSecurePort() : server.getPort());
        StringBuilder block = new StringBuilder(512);
        boolean secured = settings.access().mode() == MoorageConfig.Mode.SECURED;
        block.append("\nMoorage %s is ready: %s\n"
                .formatted(version, secured ? "secured mode" : "open mode: no authentication"));
        block.append("  address         %s://%s\n".formatted(tls() ? "https" : "http", address));
        block.append("  probes          http://%s/q/health\n".formatted(address(managementHost, managementPort)));
        block.append("  data directory  %s\n"
                .formatted(settings.dataDirectory().toAbsolutePath().normalize()));
        block.append("  database        %s\n"
                .formatted(
                        embedded.isPresent()
                                ? "embedded PostgreSQL, in the data directory"
                                : StartupCheckDatabase.shown(databaseUrl)));
        note.ifPresent(line -> block.append("  note            %s\n".formatted(line)));
        block.append("  first push      docker push %s/NAME\n\n".formatted(address));
        return block.toString();
    }

    private static String address(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
