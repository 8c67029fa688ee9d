package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Storage;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** How the bytes of an organization are kept. */
@Path("/api/v1/organizations/{organization}/storage")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OrganizationStorageResource {

    private final AdminRequest request;
    private final Storage storage;

    OrganizationStorageResource(AdminRequest request, Storage storage) {
        this.request = request;
        this.storage = storage;
    }

    @GET
    @Operation(summary = "How the bytes of an organization are kept, and what went; whoever may pull all of it sees it")
    public Storage.OrganizationStorage get(String organization) {
        Grant grant = request.grant();
        return storage.organization(grant, AdminRequest.organization(organization));
    }
}
