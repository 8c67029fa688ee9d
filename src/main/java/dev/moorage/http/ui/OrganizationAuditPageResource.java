package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.AuditService;
import dev.moorage.http.AuditLines;
import dev.moorage.name.OrganizationName;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Who changed what in an organization, and who was denied what. */
@Path("/console/organizations/{organization}/audit")
@RunOnVirtualThread
class OrganizationAuditPageResource {

    private final ConsoleRequest request;
    private final AuditService audit;
    private final AuditPages pages;

    OrganizationAuditPageResource(ConsoleRequest request, AuditService audit, AuditPages pages) {
        this.request = request;
        this.audit = audit;
        this.pages = pages;
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    public TemplateInstance list(String organization) {
        Grant grant = request.grant();
        OrganizationName name = ConsoleRequest.organization(organization);
        AuditQuery asked = AuditQuery.of(request);
        return pages.page(
                Optional.of(name.value()),
                asked,
                Shown.organization(name.value()) + "/audit",
                audit.list(grant, name, asked.filter(), request.page()));
    }

    @GET
    @Path("export")
    @Produces(AuditLines.TYPE)
    public Response export(String organization) {
        Grant grant = request.grant();
        OrganizationName name = ConsoleRequest.organization(organization);
        return pages.file(
                "audit-" + name.value(),
                audit.export(grant, name, AuditQuery.of(request).filter()));
    }
}
