package dev.moorage.http.admin;

import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.RepositoryName;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Takes the repository's name out of {@code /api/v1/repositories/<name>/-/…} and leaves {@code /api/v1/repositories/-/…}
 * for the resources to match: names hold slashes, and no component of a name is {@code -}.
 *
 * <p>It runs before resources are matched, on the event loop: parsing only. No name needs an encoded character, so none is
 * read.
 */
class RepositoryPathFilter {

    private static final String REPOSITORIES = "/api/v1/repositories/";
    private static final String END = "/-";

    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public void route(ContainerRequestContext context, HttpServerRequest http) {
        String target = http.uri();
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (!path.startsWith(REPOSITORIES) || path.length() == REPOSITORIES.length()) {
            return;
        }
        String rest = path.substring(REPOSITORIES.length());
        int end = rest.endsWith(END) && !rest.contains(END + "/")
                ? rest.length() - END.length()
                : rest.indexOf(END + "/");
        RepositoryName name = Optional.of(end)
                .filter(index -> index > 0)
                .map(index -> rest.substring(0, index))
                .flatMap(RepositoryName::parse)
                .orElseThrow(() -> new NotFound("repository", rest));
        context.setProperty(AdminRequest.REPOSITORY, name);
        String tail = rest.substring(end + END.length());
        String inner = "/api/v1/repositories" + END + (tail.equals("/") ? "" : tail);
        URI uri = context.getUriInfo().getRequestUri();
        context.setRequestUri(uri.resolve(uri.getRawQuery() == null ? inner : inner + '?' + uri.getRawQuery()));
    }
}
