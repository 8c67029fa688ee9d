package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.AuditRecord;
import dev.moorage.administration.AuditService;
import dev.moorage.administration.Listing;
import dev.moorage.http.AuditLines;
import dev.moorage.http.Fields;
import dev.moorage.name.OrganizationName;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestQuery;

/** Who changed what in the registry, and who was denied what. */
@Path("/api/v1/audit")
@RunOnVirtualThread
class AuditResource {

    private static final String ORGANIZATION = "in which organization, also one that is deleted";

    private final AdminRequest request;
    private final AuditService audit;
    private final AuditLines lines;

    AuditResource(AdminRequest request, AuditService audit, AuditLines lines) {
        this.request = request;
        this.audit = audit;
        this.lines = lines;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "The audit trail, the newest first; administrators see it")
    public Listing<AuditRecord> list(@Parameter(description = ORGANIZATION) @RestQuery Optional<String> organization) {
        Grant grant = request.grant();
        return audit.list(grant, asked(organization), request.page());
    }

    @GET
    @Path("export")
    @Produces(AuditLines.TYPE)
    @Operation(summary = "The audit trail as lines of JSON, the oldest first; administrators see it")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = AuditLines.TYPE, schema = @Schema(implementation = AuditRecord.class)))
    public Response export(@Parameter(description = ORGANIZATION) @RestQuery Optional<String> organization) {
        Grant grant = request.grant();
        return lines.of(audit.export(grant, asked(organization)));
    }

    private AuditService.Everywhere asked(Optional<String> organization) {
        Optional<OrganizationName> name = organization.map(Fields::organization);
        return new AuditService.Everywhere(name, request.audit());
    }
}
