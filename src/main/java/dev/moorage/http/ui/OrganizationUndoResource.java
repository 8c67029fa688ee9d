package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.http.Form;
import dev.moorage.lifecycle.UndoService;
import dev.moorage.name.OrganizationName;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** The page that shows what an undo in an organization would do, and does it. */
@Path("/console/organizations/{organization}/events/{reference}/undo")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class OrganizationUndoResource {

    private final ConsoleRequest request;
    private final UndoService undo;

    OrganizationUndoResource(ConsoleRequest request, UndoService undo) {
        this.request = request;
        this.undo = undo;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance organizationUndo(Frame frame, UndoPage page);
    }

    @GET
    public TemplateInstance ask(String organization, String reference) {
        return page(request.grant(), ConsoleRequest.organization(organization), reference, false);
    }

    @POST
    public Response undo(String organization, String reference, InputStream body) {
        Grant grant = request.grant();
        Form form = request.form(body);
        OrganizationName name = ConsoleRequest.organization(organization);
        return Forms.tried(
                () -> UndoPage.done(
                        Shown.organization(name.value()), undo.undo(grant, name, reference, Forms.some(form, "why"))),
                _ -> page(grant, name, reference, true));
    }

    private TemplateInstance page(Grant grant, OrganizationName name, String reference, boolean tried) {
        UndoService.Preview preview = undo.preview(grant, name, reference);
        return Pages.organizationUndo(
                request.frame(),
                UndoPage.of(name.value(), Shown.organization(name.value()), reference, preview, tried));
    }
}
