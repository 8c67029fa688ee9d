package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.lifecycle.WhyService;
import dev.moorage.name.Digest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Why something is still there. */
@Path("/api/v1/repositories/-/why")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class WhyResource {

    private final AdminRequest request;
    private final WhyService why;

    WhyResource(AdminRequest request, WhyService why) {
        this.request = request;
        this.why = why;
    }

    @GET
    @Path("{digest}")
    @Operation(summary = "What keeps a manifest or a blob in a repository, or when it goes; whoever may pull sees it")
    public WhyService.Explanation explain(String digest) {
        Grant grant = request.grant();
        return why.explain(
                grant, request.repository(), Digest.parse(digest).orElseThrow(() -> new NotFound("digest", digest)));
    }
}
