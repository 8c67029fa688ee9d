package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.lifecycle.SystemService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** How the registry itself is. */
@Path("/api/v1/system")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class SystemResource {

    private final AdminRequest request;
    private final SystemService system;

    SystemResource(AdminRequest request, SystemService system) {
        this.request = request;
        this.system = system;
    }

    @GET
    @Operation(
            summary = "The programs, the database, the store and the queues of the registry; administrators see them")
    public SystemService.Status get() {
        Grant grant = request.grant();
        return system.status(grant);
    }
}
