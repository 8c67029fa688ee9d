package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.http.Fields;
import dev.moorage.lifecycle.PurgeService;
import io.quarkus.runtime.annotations.RegisterForReflection;
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

/** The end of what nobody may see. */
@Path("/api/v1/repositories/-/purge")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class PurgeResource {

    private final AdminRequest request;
    private final PurgeService purges;

    PurgeResource(AdminRequest request, PurgeService purges) {
        this.request = request;
        this.purges = purges;
    }

    /** What is to go, and why. */
    @RegisterForReflection
    record Purge(
            @JsonProperty(required = true) String digest,
            @JsonProperty(required = true) String reason) {}

    @POST
    @Operation(
            summary =
                    "Takes a manifest with its tags, or a blob, out of a repository at once and for good, without undo; owners do")
    public PurgeService.Purged purge(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Purge.class)))
                    InputStream body) {
        Grant grant = request.grant();
        Purge asked = request.read(body, Purge.class);
        return purges.purge(grant, request.repository(), Fields.digest(asked.digest()), asked.reason());
    }
}
