package dev.moorage.http;

import dev.moorage.config.MoorageConfig;
import dev.moorage.config.MoorageConfig.Mode;
import dev.moorage.error.RegistryException.CrossSite;
import dev.moorage.error.RegistryException.Misdirected;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Keeps pages that are open in somebody's browser from using a registry in open mode, which asks nobody who he is.
 *
 * <p>It runs on the event loop before all others: comparing only. In secured mode it does nothing, for a page has no
 * credentials there. It is made with the first request: filters are there before the settings are.
 */
@ApplicationScoped
class OpenModeFilter {

    private static final int FIRST = 1;
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final boolean open;
    private final OpenNames names;

    OpenModeFilter(MoorageConfig config) {
        this.open = config.access().mode() == Mode.OPEN;
        this.names = new OpenNames(config.http().hosts().orElse(List.of()));
    }

    @ServerRequestFilter(preMatching = true, nonBlocking = true, priority = FIRST)
    public void keepPagesOut(ContainerRequestContext context, HttpServerRequest http) {
        if (!open) {
            return;
        }
        List<String> hosts = hosts(http);
        if (hosts.isEmpty() || !hosts.stream().allMatch(names::allow)) {
            throw new Misdirected(
                    "in open mode the registry answers to localhost, to addresses as digits, and to the names of moorage.http.hosts");
        }
        if (!READS.contains(context.getMethod()) && isOfAnotherSite(http, hosts)) {
            throw new CrossSite("in open mode no page of another site changes anything");
        }
    }

    /** Each that the request names: none only in HTTP/1.0, whose requests the framework cannot read without. */
    private static List<String> hosts(HttpServerRequest http) {
        List<String> named = http.headers().getAll("Host");
        // HTTP/2 has a field of its own in its place, and some send both.
        boolean elsewhere = named.isEmpty() || http.version() == HttpVersion.HTTP_2;
        return elsewhere && http.authority() != null
                ? Stream.concat(named.stream(), Stream.of(http.authority().toString()))
                        .toList()
                : named;
    }

    private boolean isOfAnotherSite(HttpServerRequest http, List<String> hosts) {
        String origin = http.getHeader("Origin");
        return origin == null
                ? "cross-site".equals(http.getHeader("Sec-Fetch-Site"))
                : hosts.stream().noneMatch(host -> names.allowOrigin(origin, host));
    }
}
