package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TagService;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Sorting;
import dev.moorage.registry.ComparisonService;
import dev.moorage.registry.ComparisonService.Compared;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;

/** The page that compares two tags or digests. */
@Path("/console/repositories/-/compare")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class CompareResource {

    private static final Sorting NEWEST = new Sorting(Sorting.Key.PUSHED, Sorting.Direction.DOWN);

    private final ConsoleRequest request;
    private final TagService tags;
    private final ComparisonService comparisons;

    CompareResource(ConsoleRequest request, TagService tags, ComparisonService comparisons) {
        this.request = request;
        this.tags = tags;
        this.comparisons = comparisons;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance compare(Frame frame, ComparePage page);
    }

    @GET
    public TemplateInstance compare() {
        Grant grant = request.grant();
        RepositoryName name = request.repository();
        Optional<String> from = request.query("from");
        Optional<String> to = request.query("to");
        List<String> newest = tags
                .list(grant, name, Optional.empty(), NEWEST, new Listing.Asked("", ConsoleRequest.ROWS))
                .items()
                .stream()
                .map(ImageTag::name)
                .toList();
        Optional<Compared> compared = from.flatMap(
                one -> to.map(other -> comparisons.compare(grant, name, one, other, request.query("platform"))));
        return Pages.compare(
                request.frame(), new ComparePage(name.value(), from.orElse(""), to.orElse(""), newest, compared));
    }
}
