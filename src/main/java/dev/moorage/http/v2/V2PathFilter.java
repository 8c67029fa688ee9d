package dev.moorage.http.v2;

import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.MethodNotAllowed;
import dev.moorage.error.RegistryException.NameInvalid;
import dev.moorage.error.RegistryException.NameUnknown;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Sends every request on {@code /v2} to the fixed path of its family, with what the path named kept beside it.
 *
 * <p>It runs before resources are matched, on the event loop: parsing only.
 */
class V2PathFilter {

    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public void route(ContainerRequestContext context) {
        URI uri = context.getUriInfo().getRequestUri();
        String raw = uri.getRawPath();
        if (!raw.startsWith("/v2")) {
            return;
        }
        V2Path path = parse(raw).orElseThrow(() -> unknown(raw));
        if (!path.family().allows(context.getMethod())) {
            throw new MethodNotAllowed(path.family().allow());
        }
        context.setProperty(V2Request.PATH, path);
        String query = uri.getRawQuery();
        context.setRequestUri(uri.resolve(
                query == null ? path.family().innerPath() : path.family().innerPath() + '?' + query));
    }

    private static RegistryException unknown(String raw) {
        return new NameUnknown(raw);
    }

    /** Decodes what RFC 3986 lets a client encode; an encoded slash, NUL or line break can never be part of a name. */
    private static Optional<V2Path> parse(String raw) {
        if (raw.indexOf('%') < 0) {
            return V2Path.parse(raw);
        }
        String decoded;
        try {
            decoded = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new NameInvalid("the path is not well encoded");
        }
        if (V2Path.parse(decoded).isPresent()
                && raw.toLowerCase(java.util.Locale.ROOT).contains("%2f")) {
            throw new NameInvalid("a name holds no encoded slash");
        }
        return V2Path.parse(decoded);
    }
}
