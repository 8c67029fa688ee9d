package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.AuditRecord;
import dev.moorage.administration.AuditService;
import dev.moorage.administration.Listing;
import dev.moorage.http.AuditLines;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Who changed what in an organization, and who was denied what. */
@Path("/api/v1/organizations/{organization}/audit")
@RunOnVirtualThread
class OrganizationAuditResource {

    private final AdminRequest request;
    private final AuditService audit;
    private final AuditLines lines;

    OrganizationAuditResource(AdminRequest request, AuditService audit, AuditLines lines) {
        this.request = request;
        this.audit = audit;
        this.lines = lines;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "The audit trail of an organization, the newest first; owners see it")
    public Listing<AuditRecord> list(String organization) {
        Grant grant = request.grant();
        return audit.list(grant, AdminRequest.organization(organization), request.audit(), request.page());
    }

    @GET
    @Path("export")
    @Produces(AuditLines.TYPE)
    @Operation(summary = "The audit trail of an organization as lines of JSON, the oldest first; owners see it")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = AuditLines.TYPE, schema = @Schema(implementation = AuditRecord.class)))
    public Response export(String organization) {
        Grant grant = request.grant();
        return lines.of(audit.export(grant, AdminRequest.organization(organization), request.audit()));
    }
}
