package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.lifecycle.SystemService;
import dev.moorage.lifecycle.SystemService.Status;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** How the registry itself is. */
@Path("/console/system")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class SystemPageResource {

    private final ConsoleRequest request;
    private final SystemService system;

    SystemPageResource(ConsoleRequest request, SystemService system) {
        this.request = request;
        this.system = system;
    }

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance system(Frame frame, Status status);
    }

    @GET
    public TemplateInstance system() {
        Grant grant = request.grant();
        Status status = system.status(grant);
        return Pages.system(request.frame(), status);
    }
}
