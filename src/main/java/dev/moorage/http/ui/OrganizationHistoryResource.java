package dev.moorage.http.ui;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The history of an organization. */
@Path("/console/organizations/{organization}/history")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class OrganizationHistoryResource {

    private final HistoryPages pages;

    OrganizationHistoryResource(HistoryPages pages) {
        this.pages = pages;
    }

    @GET
    public TemplateInstance history(String organization) {
        return pages.organization(organization);
    }
}
