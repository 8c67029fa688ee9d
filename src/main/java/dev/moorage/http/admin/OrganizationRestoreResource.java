package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.lifecycle.RestoreService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** An organization's tags at a point in time. */
@Path("/api/v1/organizations/{organization}/restore")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OrganizationRestoreResource {

    private final AdminRequest request;
    private final RestoreService restores;

    OrganizationRestoreResource(AdminRequest request, RestoreService restores) {
        this.request = request;
        this.restores = restores;
    }

    @POST
    @Operation(
            summary =
                    "Lets tags of all repositories of an organization name what they named at a point in time, or tells what that would do; maintainers of all of it do")
    public RestoreService.Restored restore(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = RestoreResource.Restore.class)))
                    InputStream body) {
        Grant grant = request.grant();
        RestoreResource.Restore asked = request.read(body, RestoreResource.Restore.class);
        return restores.restore(grant, AdminRequest.organization(organization), asked.asked());
    }
}
