package dev.moorage.access;

import dev.moorage.config.MoorageConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * By which addresses clients know the registry.
 *
 * <p>A client is told the address that it came by where that is one of them, and else the first: no header can make the
 * registry send anybody elsewhere.
 */
@ApplicationScoped
class Hosts {

    private static final String TOKENS = "/auth/token";

    private final List<URI> hosts;
    private final Optional<URI> elsewhere;

    Hosts(
            MoorageConfig config,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port,
            @ConfigProperty(name = "quarkus.http.ssl-port") int tlsPort) {
        this.elsewhere = config.access().external().realm();
        boolean tls = config.http().tls().certificate().isPresent();
        this.hosts = config.http().hosts().orElseGet(() -> tls ? own("https", host, tlsPort) : own("http", host, port));
    }

    /** Where tokens are given, for a client that came by a host: by another token server where the settings say so. */
    String realm(Optional<String> hostHeader) {
        if (elsewhere.isPresent()) {
            return elsewhere.get().toString();
        }
        return told(hostHeader) + TOKENS;
    }

    /** The registry's own address, for a client that came by a host. */
    URI told(Optional<String> hostHeader) {
        String asked = hostHeader.orElse("").toLowerCase(Locale.ROOT);
        return hosts.stream()
                .filter(host -> names(host).anyMatch(asked::equals))
                .findFirst()
                .orElse(hosts.getFirst());
    }

    private static Stream<String> names(URI host) {
        int usual = host.getScheme().equals("https") ? 443 : 80;
        String name = host.getHost().toLowerCase(Locale.ROOT);
        if (host.getPort() < 0) {
            return Stream.of(name, name + ':' + usual);
        }
        return host.getPort() == usual ? Stream.of(name, name + ':' + usual) : Stream.of(name + ':' + host.getPort());
    }

    private static List<URI> own(String scheme, String host, int port) {
        return Stream.of(host.contains(":") ? "[" + host + "]" : host, "127.0.0.1", "localhost", "[::1]")
                .distinct()
                .map(name -> URI.create(scheme + "://" + name + ":" + port))
                .toList();
    }
}
