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

/** How the bytes of the registry are kept. */
@Path("/api/v1/storage")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class StorageResource {

    private final AdminRequest request;
    private final Storage storage;
    private final Largest largest;

    StorageResource(AdminRequest request, Storage storage, Largest largest) {
        this.request = request;
        this.storage = storage;
        this.largest = largest;
    }

    @GET
    @Operation(summary = "How the bytes of the registry are kept, and what went; administrators see it")
    public Storage.RegistryStorage get() {
        Grant grant = request.grant();
        return storage.registry(grant);
    }

    @GET
    @Path("largest")
    @Operation(summary = "The organizations that keep most, the largest first; administrators see them")
    public List<Largest.Use> largest() {
        Grant grant = request.grant();
        return largest.organizations(grant);
    }
}
