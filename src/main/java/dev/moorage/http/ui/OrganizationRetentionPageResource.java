package dev.moorage.http.ui;

import dev.moorage.administration.RetentionTarget;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** What an organization keeps, and what was tried and run of that. */
@Path("/console/organizations/{organization}/retention")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class OrganizationRetentionPageResource {

    private final RetentionPages pages;

    OrganizationRetentionPageResource(RetentionPages pages) {
        this.pages = pages;
    }

    @GET
    public TemplateInstance policy(String organization) {
        return pages.policy(of(organization));
    }

    @POST
    @Path("edit")
    public Response edit(String organization, InputStream body) {
        return pages.edit(of(organization), body);
    }

    @POST
    @Path("policy")
    public Response set(String organization, InputStream body) {
        return pages.set(of(organization), body);
    }

    @POST
    @Path("removal")
    public Response remove(String organization, InputStream body) {
        return pages.remove(of(organization), body);
    }

    @POST
    @Path("preview")
    public Response preview(String organization, InputStream body) {
        return pages.preview(of(organization), body);
    }

    @GET
    @Path("run")
    public TemplateInstance confirm(String organization) {
        return pages.confirm(of(organization));
    }

    @POST
    @Path("run")
    public Response run(String organization, InputStream body) {
        return pages.run(of(organization), body);
    }

    @GET
    @Path("runs/{id}")
    public TemplateInstance report(String organization, String id) {
        return pages.report(of(organization), id);
    }

    @POST
    @Path("runs/{id}/undo")
    public Response undo(String organization, String id, InputStream body) {
        return pages.undo(of(organization), id, body);
    }

    private static RetentionTarget of(String organization) {
        return new RetentionTarget.OfOrganization(ConsoleRequest.organization(organization));
    }
}
