package dev.moorage.http;

import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.RepositoryName;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Takes the repository's name out of {@code …/repositories/<name>/-/…} and leaves {@code …/repositories/-/…} for the
 * resources to match: names hold slashes, and no component of a name is {@code -}.
 *
 * <p>It runs before resources are matched, on the event loop: parsing only. No name needs an encoded character, so none is
 * read.
 */
class RepositoryPathFilter {

    private static final List<String> REPOSITORIES = List.of("/api/v1/repositories/", "/console/repositories/");
    private static final String END = "/-";

    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public void route(ContainerRequestContext context, HttpServerRequest http) {
        String target = http.uri();
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        for (String repositories : REPOSITORIES) {
            if (path.startsWith(repositories) && path.length() > repositories.length()) {
                route(context, repositories, path.substring(repositories.length()));
            }
        }
    }

    private static void route(ContainerRequestContext context, String repositories, String rest) {
        int end = rest.endsWith(END) && !rest.contains(END + "/")
                ? rest.length() - END.length()
                : rest.indexOf(END + "/");
        RepositoryName name = Optional.of(end)
                .filter(index -> index > 0)
                .map(index -> rest.substring(0, index))
                .flatMap(RepositoryName::parse)
                .orElseThrow(() -> new NotFound("repository", rest));
        context.setProperty(RepositoryInPath.PROPERTY, name);
        String tail = rest.substring(end + END.length());
        String inner = repositories + '-' + (tail.equals("/") ? "" : tail);
        URI uri = context.getUriInfo().getRequestUri();
        context.setRequestUri(uri.resolve(uri.getRawQuery() == null ? inner : inner + '?' + uri.getRawQuery()));
    }
}
