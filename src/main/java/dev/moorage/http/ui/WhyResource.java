package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.lifecycle.WhyService;
import dev.moorage.name.Digest;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The page that says why something is kept. */
@Path("/console/repositories/-/why/{digest}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class WhyResource {

    private final ConsoleRequest request;
    private final WhyService why;

    WhyResource(ConsoleRequest request, WhyService why) {
        this.request = request;
        this.why = why;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance why(Frame frame, WhyPage page);
    }

    @GET
    public TemplateInstance explain(String digest) {
        Grant grant = request.grant();
        Digest parsed = Digest.parse(digest).orElseThrow(() -> new NotFound("digest", digest));
        WhyService.Explanation explanation = why.explain(grant, request.repository(), parsed);
        return Pages.why(request.frame(), WhyPage.of(request.repository().value(), explanation));
    }
}
