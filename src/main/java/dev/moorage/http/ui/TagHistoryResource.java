package dev.moorage.http.ui;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The history of a tag. */
@Path("/console/repositories/-/tags/{tag}/history")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class TagHistoryResource {

    private final HistoryPages pages;

    TagHistoryResource(HistoryPages pages) {
        this.pages = pages;
    }

    @GET
    public TemplateInstance history(String tag) {
        return pages.tag(tag);
    }
}
