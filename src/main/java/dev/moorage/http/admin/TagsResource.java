package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TagMove;
import dev.moorage.administration.TagService;
import dev.moorage.http.Fields;
import dev.moorage.name.Sorting;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;

/** Tags of a repository, and what became of them. */
@Path("/api/v1/repositories/-/tags")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class TagsResource {

    private final AdminRequest request;
    private final TagService tags;

    TagsResource(AdminRequest request, TagService tags) {
        this.request = request;
        this.tags = tags;
    }

    @GET
    @Operation(summary = "The tags of a repository with what they name; whoever may pull sees them")
    public Listing<ImageTag> list(
            @Parameter(description = "only tags of this pattern: * stands for any text, ? for one character") @RestQuery
                    Optional<String> name,
            @Parameter(description = "name, pushed or size; with - before it the greatest first. By name unless said")
                    @RestQuery
                    Optional<String> sort) {
        Grant grant = request.grant();
        return tags.list(
                grant,
                request.repository(),
                name.map(text -> Fields.tagPattern("name", text)),
                sort.map(Fields::sorting).orElse(Sorting.BY_NAME),
                request.page());
    }

    @GET
    @Path("{tag}")
    @Operation(summary = "A tag with what it names; whoever may pull sees it")
    public ImageTag get(String tag) {
        Grant grant = request.grant();
        return tags.get(grant, request.repository(), tag);
    }

    @GET
    @Path("{tag}/history")
    @Operation(
            summary =
                    "What became of a tag, the newest first; whoever may pull sees it, addresses and claims maintainers")
    public Listing<TagMove> history(String tag) {
        Grant grant = request.grant();
        return tags.history(grant, request.repository(), tag, request.page());
    }
}
