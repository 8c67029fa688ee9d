package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.name.Digest;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** The page of a manifest by its digest. */
@Path("/console/repositories/-/manifests/{digest}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class ManifestPageResource {

    private final ConsoleRequest request;
    private final ManifestPages pages;

    ManifestPageResource(ConsoleRequest request, ManifestPages pages) {
        this.request = request;
        this.pages = pages;
    }

    @GET
    public TemplateInstance manifest(String digest) {
        Grant grant = request.grant();
        Digest parsed = Digest.parse(digest).orElseThrow(() -> new NotFound("manifest", digest));
        return pages.page(grant, Optional.empty(), parsed.toString());
    }
}
