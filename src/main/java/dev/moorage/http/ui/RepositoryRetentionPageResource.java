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

/** What a repository keeps, and what was tried and run of that. */
@Path("/console/repositories/-/retention")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositoryRetentionPageResource {

    private final ConsoleRequest request;
    private final RetentionPages pages;

    RepositoryRetentionPageResource(ConsoleRequest request, RetentionPages pages) {
        this.request = request;
        this.pages = pages;
    }

    @GET
    public TemplateInstance policy() {
        return pages.policy(of());
    }

    @POST
    @Path("edit")
    public Response edit(InputStream body) {
        return pages.edit(of(), body);
    }

    @POST
    @Path("policy")
    public Response set(InputStream body) {
        return pages.set(of(), body);
    }

    @POST
    @Path("removal")
    public Response remove(InputStream body) {
        return pages.remove(of(), body);
    }

    @POST
    @Path("preview")
    public Response preview(InputStream body) {
        return pages.preview(of(), body);
    }

    @GET
    @Path("run")
    public TemplateInstance confirm() {
        return pages.confirm(of());
    }

    @POST
    @Path("run")
    public Response run(InputStream body) {
        return pages.run(of(), body);
    }

    @GET
    @Path("runs/{id}")
    public TemplateInstance report(String id) {
        return pages.report(of(), id);
    }

    @POST
    @Path("runs/{id}/undo")
    public Response undo(String id, InputStream body) {
        return pages.undo(of(), id, body);
    }

    private RetentionTarget of() {
        return new RetentionTarget.OfRepository(request.repository());
    }
}
