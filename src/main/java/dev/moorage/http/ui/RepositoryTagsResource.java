package dev.moorage.http.ui;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.administration.Listing;
import dev.moorage.administration.RepositoryService;
import dev.moorage.administration.TagService;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Sorting;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tags of a repository. */
@Path("/console/repositories/-")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositoryTagsResource {

    private static final Listing.Asked ONE = new Listing.Asked("", 1);

    private final ConsoleRequest request;
    private final TagService tags;
    private final RepositoryService repositories;

    RepositoryTagsResource(ConsoleRequest request, TagService tags, RepositoryService repositories) {
        this.request = request;
        this.tags = tags;
        this.repositories = repositories;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance tags(Frame frame, TagsView view);
    }

    @GET
    public TemplateInstance list() {
        Grant grant = request.grant();
        RepositoryName repository = request.repository();
        String filter = request.query("name").orElse("");
        Sorting sorting = request.query("sort")
                .map(text -> Sorting.parse(text)
                        .orElseThrow(() ->
                                new Invalid("sort", "sort is name, pushed or size, with - before it the other way")))
                .orElse(Sorting.BY_NAME);
        Listing.Asked asked = request.page();
        Listing<ImageTag> page = tags.list(grant, repository, pattern(filter), sorting, asked);
        Optional<ImageTag> pulled = pulled(grant, repository, page);
        Frame frame = request.frame();
        return Pages.tags(
                frame,
                new TagsView(
                        repository.value(),
                        filter,
                        sorting,
                        page,
                        asked.after().isEmpty(),
                        repositories.allowed(grant, repository).contains(Action.DELETE),
                        pulled.map(ImageTag::name),
                        pulled.map(tag -> PullCommands.of(frame, repository)
                                        .of(TagsView.artifact(tag), new Tag(tag.name())))
                                .orElse(List.of())));
    }

    private static Optional<TagPattern> pattern(String filter) {
        return Optional.of(filter).filter(text -> !text.isEmpty()).map(text -> TagPattern.parse(text)
                .orElseThrow(() -> new Invalid(
                        "name",
                        "a pattern of tags has letters, digits, underscores, dots and hyphens, * for any text"
                                + " and ? for one character, at most " + Tag.MAX_LENGTH)));
    }

    /** The tag that clients pull unless told otherwise, or the first that there is. */
    private Optional<ImageTag> pulled(Grant grant, RepositoryName repository, Listing<ImageTag> page) {
        Listing<ImageTag> latest =
                tags.list(grant, repository, Optional.of(new TagPattern("latest")), Sorting.BY_NAME, ONE);
        return Stream.concat(latest.items().stream(), page.items().stream()).findFirst();
    }
}
