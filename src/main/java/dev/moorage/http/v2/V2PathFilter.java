package dev.moorage.http.v2;

import dev.moorage.error.RegistryException.HeadersTooMany;
import dev.moorage.error.RegistryException.MethodNotAllowed;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.error.RegistryException.PathTooLong;
import dev.moorage.http.RawPath;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Sends every request on {@code /v2} to the fixed path of its family, with what the path named kept beside it.
 *
 * <p>It runs before resources are matched, on the event loop: parsing only. It reads the path as the client sent it, since
 * what the framework hands on has empty components and dots resolved already.
 */
class V2PathFilter {

    private static final int MAX_PATH = 8192;
    private static final int MAX_HEADERS = 128;

    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public void route(ContainerRequestContext context, HttpServerRequest http) {
        URI uri = context.getUriInfo().getRequestUri();
        String raw = RawPath.of(http.uri());
        if (!raw.startsWith("/v2") && !uri.getPath().startsWith("/v2")) {
            return;
        }
        if (raw.length() > MAX_PATH) {
            throw new PathTooLong(MAX_PATH);
        }
        if (http.headers().size() > MAX_HEADERS) {
            throw new HeadersTooMany(MAX_HEADERS);
        }
        V2Path path = V2Path.parse(raw).orElseThrow(() -> new NameUnknown(raw));
        if (!path.family().allows(context.getMethod())) {
            throw new MethodNotAllowed(path.family().allow());
        }
        context.setProperty(V2Request.PATH, path);
        String query = uri.getRawQuery();
        context.setRequestUri(uri.resolve(
                query == null ? path.family().innerPath() : path.family().innerPath() + '?' + query));
    }
}
