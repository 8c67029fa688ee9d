package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.SearchService;
import dev.moorage.registry.SearchService.Found;
import dev.moorage.registry.SearchService.Named;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;

/** Repositories by a part of their names. */
@Path("/console/search")
@RunOnVirtualThread
class SearchPageResource {

    private static final int SUGGESTED = 10;

    private final ConsoleRequest request;
    private final SearchService search;

    SearchPageResource(ConsoleRequest request, SearchService search) {
        this.request = request;
        this.search = search;
    }

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance search(Frame frame, Results results);
    }

    /**
     * What was found.
     *
     * @param query the part that was looked for; empty for all
     * @param matches how many there are on all pages
     * @param most whether there may be more than are told of
     * @param previous the address of the page before
     * @param next the address of the next page
     */
    record Results(
            String query,
            List<Named> repositories,
            int matches,
            boolean most,
            Optional<String> previous,
            Optional<String> next) {

        Results {
            repositories = List.copyOf(repositories);
        }
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    public TemplateInstance search() {
        Grant grant = request.grant();
        String query = query();
        int page = page();
        Found found = search.search(grant, query, page, ConsoleRequest.ROWS);
        boolean more = (long) page * ConsoleRequest.ROWS < found.matches();
        return Pages.search(
                request.frame(),
                new Results(
                        query,
                        found.repositories(),
                        found.matches(),
                        found.matches() == SearchService.MAX_FOUND,
                        page > 1 ? Optional.of(address(query, page - 1)) : Optional.empty(),
                        more ? Optional.of(address(query, page + 1)) : Optional.empty()));
    }

    @GET
    @Path("names")
    @Produces(MediaType.APPLICATION_JSON)
    public List<String> names() {
        Grant grant = request.grant();
        String query = query();
        return query.isEmpty()
                ? List.of()
                : search.search(grant, query, 1, SUGGESTED).repositories().stream()
                        .map(Named::name)
                        .toList();
    }

    private String query() {
        String query = request.query("q").orElse("").strip();
        if (query.length() > RepositoryName.MAX_LENGTH) {
            throw new Invalid("q", "a part of a name has at most " + RepositoryName.MAX_LENGTH + " characters");
        }
        return query;
    }

    private int page() {
        try {
            int page = Integer.parseInt(request.query("page").orElse("1"));
            if (page >= 1 && page <= SearchService.MAX_FOUND) {
                return page;
            }
        } catch (NumberFormatException _) {
            // Refused below as every other text.
        }
        throw new Invalid("page", "page is a number from 1 to " + SearchService.MAX_FOUND);
    }

    private static String address(String query, int page) {
        return Address.of("/console/search")
                .with("q", Optional.of(query))
                .with("page", Integer.toString(page))
                .toString();
    }
}
