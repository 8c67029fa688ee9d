package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.http.Form;
import dev.moorage.lifecycle.UndoService;
import dev.moorage.name.RepositoryName;
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

/** The page that shows what an undo in a repository would do, and does it. */
@Path("/console/repositories/-/events/{reference}/undo")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositoryUndoResource {

    private final ConsoleRequest request;
    private final UndoService undo;

    RepositoryUndoResource(ConsoleRequest request, UndoService undo) {
        this.request = request;
        this.undo = undo;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance undo(Frame frame, UndoPage page);
    }

    @GET
    public TemplateInstance ask(String reference) {
        return page(request.grant(), reference, false);
    }

    @POST
    public Response undo(String reference, InputStream body) {
        Grant grant = request.grant();
        Form form = request.form(body);
        RepositoryName name = request.repository();
        return Forms.tried(
                () -> UndoPage.done(
                        Shown.repository(name.value()), undo.undo(grant, name, reference, Forms.some(form, "why"))),
                _ -> page(grant, reference, true));
    }

    private TemplateInstance page(Grant grant, String reference, boolean tried) {
        RepositoryName name = request.repository();
        UndoService.Preview preview = undo.preview(grant, name, reference);
        return Pages.undo(
                request.frame(), UndoPage.of(name.value(), Shown.repository(name.value()), reference, preview, tried));
    }
}
