package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.registry.Inspection;
import dev.moorage.registry.InspectionService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** What manifests are made of. */
@Path("/api/v1/repositories/-/manifests")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ManifestsResource {

    private final AdminRequest request;
    private final InspectionService inspections;

    ManifestsResource(AdminRequest request, InspectionService inspections) {
        this.request = request;
        this.inspections = inspections;
    }

    @GET
    @Path("{reference}")
    @Operation(
            summary =
                    "What a manifest is made of: layers and what made them, configuration, annotations, or what an index lists; whoever may pull sees it")
    public Inspection inspect(@Parameter(description = "a tag or a digest") String reference) {
        Grant grant = request.grant();
        return inspections.inspect(grant, request.repository(), reference);
    }
}
