package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Largest;
import dev.moorage.administration.Storage;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** How the bytes of an organization are kept. */
@Path("/api/v1/organizations/{organization}/storage")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OrganizationStorageResource {

    private final AdminRequest request;
    private final Storage storage;
    private final Largest largest;

    OrganizationStorageResource(AdminRequest request, Storage storage, Largest largest) {
        this.request = request;
        this.storage = storage;
        this.largest = largest;
    }

    @GET
    @Operation(summary = "How the bytes of an organization are kept, and what went; whoever may pull all of it sees it")
    public Storage.OrganizationStorage get(String organization) {
        Grant grant = request.grant();
        return storage.organization(grant, AdminRequest.organization(organization));
    }

    @GET
    @Path("largest")
    @Operation(
            summary =
                    "The repositories of an organization that keep most, the largest first; whoever may pull all of it sees them")
    public List<Largest.Use> largest(String organization) {
        Grant grant = request.grant();
        return largest.repositories(grant, AdminRequest.organization(organization));
    }
}
