package dev.moorage.health;

import dev.moorage.config.StartupCheckFailed;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Sees before anything listens that the port of probes and metrics is free: else the registry's own would be open already,
 * and said to be ready, when the start fails.
 */
@ApplicationScoped
class ManagementPort {

    private final boolean enabled;
    private final String host;
    private final int port;
    private final int registryPort;

    ManagementPort(
            @ConfigProperty(name = "quarkus.management.host-enabled", defaultValue = "true") boolean enabled,
            @ConfigProperty(name = "quarkus.management.host") String host,
            @ConfigProperty(name = "quarkus.management.port") int port,
            @ConfigProperty(name = "quarkus.http.port") int registryPort) {
        this.enabled = enabled;
        this.host = host;
        this.port = port;
        this.registryPort = registryPort;
    }

    void start(@Observes StartupEvent event) {
        if (enabled && port != 0) {
            demandFree();
        }
    }

    void demandFree() {
        if (port == registryPort) {
            throw new StartupCheckFailed(
                    "quarkus.http.port and quarkus.management.port are both %d: probes and metrics need a port of their own."
                            .formatted(port));
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new StartupCheckFailed(
                    "The address %s:%d of quarkus.management.host and quarkus.management.port, for probes and metrics, cannot be listened on: another program has it, or it is none of this machine."
                            .formatted(host, port),
                    e);
        }
    }
}
