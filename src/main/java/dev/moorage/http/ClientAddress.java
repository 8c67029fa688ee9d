package dev.moorage.http;

import dev.moorage.config.MoorageConfig;
import dev.moorage.name.Network;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * From which address a request comes.
 *
 * <p>That is the other end of the connection, unless a proxy is there which the settings trust: then it is what that one
 * has written at the end of {@code X-Forwarded-For}, and so on to the left for as long as that is a trusted proxy too.
 * What stands further to the left anybody may have written. No other forwarded header is looked at.
 */
@ApplicationScoped
public class ClientAddress {

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private final List<Network> trusted;

    ClientAddress(MoorageConfig config) {
        this.trusted = config.http().trustedProxies().orElse(List.of()).stream()
                .flatMap(text -> Network.parse(text).stream())
                .toList();
    }

    /** The address as digits; empty where the connection has none. */
    public String of(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        String peer =
                remote == null ? "" : Optional.ofNullable(remote.hostAddress()).orElse("");
        return trusted.isEmpty() ? peer : client(peer, request.headers().getAll(FORWARDED_FOR));
    }

    /** The address behind the trusted proxies between. */
    String client(String peer, List<String> forwardedFor) {
        List<String> hops = List.of(String.join(",", forwardedFor).split(",", -1));
        String known = peer;
        for (String hop : hops.reversed()) {
            Optional<String> before = isTrusted(known) ? address(hop.strip()) : Optional.empty();
            if (before.isEmpty()) {
                break;
            }
            known = before.get();
        }
        return known;
    }

    private boolean isTrusted(String address) {
        return Network.address(address)
                .filter(known -> trusted.stream().anyMatch(network -> network.contains(known)))
                .isPresent();
    }

    /** What a proxy wrote, without the port that some add: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    private static Optional<String> address(String hop) {
        int bracket = hop.indexOf(']');
        int colon = hop.indexOf(':');
        boolean bracketed = hop.startsWith("[") && bracket > 0;
        boolean withPort = colon > 0 && colon == hop.lastIndexOf(':');
        String bare = bracketed ? hop.substring(1, bracket) : withPort ? hop.substring(0, colon) : hop;
        return Network.address(bare).map(known -> known.getHostAddress());
    }
}
