package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageService;
import dev.moorage.administration.Listing;
import dev.moorage.administration.StoredImage;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** Images across repositories. */
@Path("/console/images")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class ImagesPageResource {

    private final ConsoleRequest request;
    private final ImageService images;

    ImagesPageResource(ConsoleRequest request, ImageService images) {
        this.request = request;
        this.images = images;
    }

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance images(
                Frame frame, ImageQuery asked, Listing<StoredImage> found, Optional<String> next);
    }

    @GET
    public TemplateInstance list() {
        Grant grant = request.grant();
        ImageQuery asked = ImageQuery.of(request);
        Listing<StoredImage> found = images.list(grant, asked.filter(), asked.sorting(), request.page());
        return Pages.images(request.frame(), asked, found, found.next().map(after -> asked.address()
                .with("after", after)
                .toString()));
    }
}
