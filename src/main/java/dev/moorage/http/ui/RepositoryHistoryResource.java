package dev.moorage.http.ui;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The history of a repository. */
@Path("/console/repositories/-/history")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositoryHistoryResource {

    private final HistoryPages pages;

    RepositoryHistoryResource(HistoryPages pages) {
        this.pages = pages;
    }

    @GET
    public TemplateInstance history() {
        return pages.repository();
    }
}
