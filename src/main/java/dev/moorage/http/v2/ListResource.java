package dev.moorage.http.v2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.name.Digest;
import dev.moorage.registry.ListService;
import dev.moorage.registry.Page;
import dev.moorage.registry.Precondition;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lists tags and repositories (OCI distribution specification, "Listing Tags"; Docker Registry HTTP API V2, "Catalog"). */
@Path("/v2/-")
@RunOnVirtualThread
class ListResource {

    private final ListService lists;
    private final V2Request request;
    private final ObjectMapper json;

    ListResource(ListService lists, V2Request request, ObjectMapper json) {
        this.lists = lists;
        this.request = request;
        this.json = json;
    }

    /** The body of a list of tags. */
    @RegisterForReflection
    record TagList(String name, List<String> tags) {}

    /** The body of the catalog. */
    @RegisterForReflection
    record Catalog(List<String> repositories) {}

    @GET
    @Path("tags")
    public Response tags() {
        Grant grant = request.require(Action.PULL);
        PageRequest page = PageRequest.of(request);
        String name = grant.repository().value();
        Page<String> found = lists.tags(grant, page.after(), page.size());
        return answer(new TagList(name, found.items()), "/v2/" + name + "/tags/list", page, found);
    }

    @GET
    @Path("catalog")
    public Response catalog() {
        PageRequest page = PageRequest.of(request);
        Page<String> found = lists.catalog(request.requireCatalog(), page.after(), page.size());
        return answer(new Catalog(found.items()), "/v2/_catalog", page, found);
    }

    private Response answer(Object body, String path, PageRequest page, Page<String> found) {
        byte[] bytes = bytes(body);
        String entityTag = Precondition.entityTag(Digest.ofBytes(Digest.Algorithm.SHA256, bytes));
        Response.ResponseBuilder answer = Validators.notModified(request, entityTag)
                ? Response.notModified()
                : Response.ok(bytes, MediaType.APPLICATION_JSON_TYPE);
        answer.header("ETag", entityTag);
        if (found.more() && !found.items().isEmpty()) {
            answer.header("Link", page.next(path, found.items().getLast(), List.of()));
        }
        return answer.build();
    }

    private byte[] bytes(Object body) {
        try {
            return json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
