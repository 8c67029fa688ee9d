package dev.moorage.http.ui;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.PresentationService;
import dev.moorage.administration.Repository;
import dev.moorage.administration.RepositoryService;
import dev.moorage.administration.TagService;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.manifest.ImageConfig;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Sorting;
import dev.moorage.registry.Inspection;
import dev.moorage.registry.InspectionService;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a repository is for, in the words of its owners. */
@Path("/console/repositories/-/about")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositoryAboutResource {

    private static final Sorting NEWEST = new Sorting(Sorting.Key.PUSHED, Sorting.Direction.DOWN);
    private static final Listing.Asked ONE = new Listing.Asked("", 1);

    /** The level of the heading that the README stands below. */
    private static final int ABOVE_README = 2;

    private final ConsoleRequest request;
    private final RepositoryService repositories;
    private final PresentationService presentations;
    private final TagService tags;
    private final InspectionService inspections;

    RepositoryAboutResource(
            ConsoleRequest request,
            RepositoryService repositories,
            PresentationService presentations,
            TagService tags,
            InspectionService inspections) {
        this.request = request;
        this.repositories = repositories;
        this.presentations = presentations;
        this.tags = tags;
        this.inspections = inspections;
    }

    /**
     * What an image says of itself.
     *
     * @param tag by which it is known
     * @param facts what its annotations and labels say under known names
     */
    record Said(String tag, List<Fact> facts) {

        /** Keeps its own copy. */
        Said {
            facts = List.copyOf(facts);
        }
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance about(
                Frame frame, Repository repository, Optional<RawString> readme, Optional<Said> said, boolean owner);
    }

    @GET
    public TemplateInstance about() {
        Grant grant = request.grant();
        RepositoryName name = request.repository();
        Repository repository = repositories.get(grant, name);
        Optional<RawString> readme = Optional.of(
                        presentations.readme(grant, name).text())
                .filter(text -> !text.isBlank())
                .map(text -> Markdown.html(text, ABOVE_README));
        return Pages.about(
                request.frame(),
                repository,
                readme,
                said(grant, name),
                repositories.allowed(grant, name).contains(Action.ADMINISTER));
    }

    /** What the image says that was pushed last; of several platforms what the index and its first image say. */
    private Optional<Said> said(Grant grant, RepositoryName name) {
        return tags.list(grant, name, Optional.empty(), NEWEST, ONE).items().stream()
                .findFirst()
                .flatMap(tag -> inspected(grant, name, tag.digest()).map(image -> {
                    Map<String, String> labels = image.image()
                            .or(() -> image.manifests().stream()
                                    .filter(entry -> entry.attests().isEmpty())
                                    .findFirst()
                                    .flatMap(entry -> inspected(grant, name, entry.digest()))
                                    .flatMap(Inspection::image))
                            .map(ImageConfig::labels)
                            .orElse(Map.of());
                    return new Said(
                            tag.name(),
                            ImageFactsShown.of(labels, image.annotations()).known());
                }))
                .filter(said -> !said.facts().isEmpty());
    }

    /** A tag may go while the page is made, and an index may list what is not there. */
    private Optional<Inspection> inspected(Grant grant, RepositoryName name, String digest) {
        try {
            return Optional.of(inspections.inspect(grant, name, digest));
        } catch (NotFound _) {
            return Optional.empty();
        }
    }
}
