package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageFilter;
import dev.moorage.administration.ImageService;
import dev.moorage.administration.Listing;
import dev.moorage.administration.StoredImage;
import dev.moorage.http.Fields;
import dev.moorage.name.Sorting;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;

/** Images across repositories. */
@Path("/api/v1/images")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ImagesResource {

    private static final Sorting NEWEST = new Sorting(Sorting.Key.PUSHED, Sorting.Direction.DOWN);

    private final AdminRequest request;
    private final ImageService images;

    ImagesResource(AdminRequest request, ImageService images) {
        this.request = request;
        this.images = images;
    }

    @GET
    @Operation(summary = "Images of all repositories that the caller's roles let him pull")
    public Listing<StoredImage> list(
            @Parameter(description = "a pattern of repositories' names, or of name:tag; * stands for any text, / too")
                    @RestQuery
                    Optional<String> reference,
            @Parameter(description = "a label's key, or key=value; all of several") @RestQuery List<String> label,
            @Parameter(description = "os/architecture or os/architecture/variant") @RestQuery Optional<String> platform,
            @Parameter(description = "true: without a tag, and needed by nothing; false: with a tag") @RestQuery
                    Optional<String> dangling,
            @Parameter(description = "what kind of artifact; also parts of indexes, and what is about others")
                    @RestQuery
                    Optional<String> artifactType,
            @Parameter(description = "pushed then or later") @RestQuery Optional<String> pushedSince,
            @Parameter(description = "pushed before") @RestQuery Optional<String> pushedBefore,
            @Parameter(description = "true: with labels, where they have 16 KiB at most") @RestQuery
                    Optional<String> labels,
            @Parameter(description = "name, pushed, -pushed, size or -size; -pushed unless said") @RestQuery
                    Optional<String> sort) {
        Grant grant = request.grant();
        ImageFilter filter = new ImageFilter(
                reference,
                label,
                platform,
                dangling.map(text -> Fields.truth("dangling", text)),
                artifactType,
                pushedSince.map(text -> Fields.time("pushedSince", text)),
                pushedBefore.map(text -> Fields.time("pushedBefore", text)),
                labels.map(text -> Fields.truth("labels", text)).orElse(false));
        return images.list(grant, filter, sort.map(Fields::sorting).orElse(NEWEST), request.page());
    }
}
