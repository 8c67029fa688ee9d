package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.AuditService;
import dev.moorage.administration.OrganizationService;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.http.AuditLines;
import dev.moorage.http.Fields;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Who changed what in the registry, and who was denied what. */
@Path("/console/audit")
@RunOnVirtualThread
class AuditPageResource {

    private final ConsoleRequest request;
    private final AuditService audit;
    private final OrganizationService organizations;
    private final AuditPages pages;

    AuditPageResource(ConsoleRequest request, AuditService audit, OrganizationService organizations, AuditPages pages) {
        this.request = request;
        this.audit = audit;
        this.organizations = organizations;
        this.pages = pages;
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    public TemplateInstance list() {
        Grant grant = request.grant();
        AuditQuery asked = AuditQuery.of(request);
        try {
            return pages.page(
                    Optional.empty(), asked, "/console/audit", audit.list(grant, everywhere(asked), request.page()));
        } catch (Forbidden _) {
            return StoragePageResource.Pages.choose(
                    request.frame(), "Audit", "audit", organizations.list(grant, request.page()));
        }
    }

    @GET
    @Path("export")
    @Produces(AuditLines.TYPE)
    public Response export() {
        Grant grant = request.grant();
        return pages.file("audit", audit.export(grant, everywhere(AuditQuery.of(request))));
    }

    private static AuditService.Everywhere everywhere(AuditQuery asked) {
        return new AuditService.Everywhere(
                Optional.of(asked.organization())
                        .filter(text -> !text.isEmpty())
                        .map(Fields::organization),
                asked.filter());
    }
}
