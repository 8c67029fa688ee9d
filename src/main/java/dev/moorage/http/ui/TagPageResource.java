package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.administration.TagService;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** The page of a tag. */
@Path("/console/repositories/-/tags/{tag}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class TagPageResource {

    private final ConsoleRequest request;
    private final TagService tags;
    private final ManifestPages pages;

    TagPageResource(ConsoleRequest request, TagService tags, ManifestPages pages) {
        this.request = request;
        this.tags = tags;
        this.pages = pages;
    }

    @GET
    public TemplateInstance tag(String tag) {
        Grant grant = request.grant();
        ImageTag found = tags.get(grant, request.repository(), tag);
        return pages.page(grant, Optional.of(found), found.digest());
    }
}
