package dev.moorage.http.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException.Unsupported;
import dev.moorage.registry.SearchService;
import dev.moorage.registry.SearchService.Found;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * What {@code docker search} and {@code podman search} ask for: the one part of Docker's registry interface V1 that
 * clients still call.
 */
@Path("/v1")
@RunOnVirtualThread
class SearchResource {

    private static final int USUAL_SIZE = 25;

    private final SearchService search;
    private final V2Request request;

    SearchResource(SearchService search, V2Request request) {
        this.search = search;
        this.request = request;
    }

    /** The body of an answer. */
    @RegisterForReflection
    record Results(
            String query,
            @JsonProperty("num_results") int numResults,
            @JsonProperty("num_pages") int numPages,
            int page,
            @JsonProperty("page_size") int pageSize,
            List<Result> results) {}

    /** A repository. */
    @RegisterForReflection
    record Result(
            String name,
            String description,
            @JsonProperty("star_count") int starCount,
            @JsonProperty("is_official") boolean official,
            @JsonProperty("is_automated") boolean automated) {}

    @GET
    @Path("_ping")
    @Produces(MediaType.APPLICATION_JSON)
    public Response ping() {
        // Docker then shows by Basic who it is, where it has anybody's password.
        return Response.ok("true")
                .header("X-Docker-Registry-Standalone", "true")
                .build();
    }

    @GET
    @Path("search")
    @Produces(MediaType.APPLICATION_JSON)
    public Results search() {
        Grant grant = request.requireSearch();
        String query = request.query("q").orElse("");
        int size = number("n", USUAL_SIZE, SearchService.MAX_SIZE);
        int page = number("page", 1, SearchService.MAX_FOUND);
        Found found = search.search(grant, query, page, size);
        List<Result> results = found.repositories().stream()
                .map(repository -> new Result(repository.name(), repository.description(), 0, false, false))
                .toList();
        return new Results(query, found.matches(), (found.matches() + size - 1) / size, page, size, results);
    }

    private int number(String name, int usual, int most) {
        String text = request.query(name).filter(given -> !given.isEmpty()).orElse(Integer.toString(usual));
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return Math.min(number, most);
            }
        } catch (NumberFormatException _) {
            // Refused below as every other text.
        }
        throw new Unsupported(name + " is a number, 1 or more");
    }
}
