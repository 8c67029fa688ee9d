package dev.moorage.http.ui;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.Listing;
import dev.moorage.administration.TagMove;
import dev.moorage.administration.TagService;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.error.RegistryException.PreconditionFailed;
import dev.moorage.http.Form;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.DeleteService;
import dev.moorage.registry.Precondition;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestQuery;

/** Deletes several tags: what will happen is shown first, and what happened behind it, with the way back. */
@Path("/console/repositories/-/delete-tags")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositoryTagDeletionResource {

    private static final int MOST = 100;
    private static final Listing.Asked ALL_RULES = new Listing.Asked("", Listing.Asked.MAX_LIMIT);
    private static final Listing.Asked LAST = new Listing.Asked("", 1);
    private static final String DELETED = "tag-deleted";

    private final ConsoleRequest request;
    private final TagService tags;
    private final ImmutabilityRules rules;
    private final DeleteService deletes;
    private final UndoDeadline window;

    RepositoryTagDeletionResource(
            ConsoleRequest request,
            TagService tags,
            ImmutabilityRules rules,
            DeleteService deletes,
            UndoDeadline window) {
        this.request = request;
        this.tags = tags;
        this.rules = rules;
        this.deletes = deletes;
        this.window = window;
    }

    /**
     * A tag that is to be deleted.
     *
     * @param others the other tags on its manifest, which stay
     * @param rule the rule that keeps it
     */
    record Doomed(ImageTag tag, List<String> others, Optional<String> rule) {}

    /**
     * A tag that was to be deleted.
     *
     * @param event what an undo of the deletion names; empty where it was not deleted
     * @param kept why it is still there; empty where it is not
     */
    record Outcome(String tag, Optional<String> event, Optional<String> kept) {}

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance deleteTags(
                Frame frame, String repository, List<Doomed> doomed, List<String> absent, Instant until);

        static native TemplateInstance deletedTags(Frame frame, String repository, List<Outcome> outcomes);
    }

    @GET
    public TemplateInstance confirm(@RestQuery List<String> tag) {
        Grant grant = request.grant();
        RepositoryName repository = request.repository();
        request.grant(repository, Action.DELETE);
        List<String> names = distinct(tag);
        List<TagPattern> patterns = patterns(grant, repository);
        List<Doomed> doomed = names.stream()
                .flatMap(name -> find(grant, repository, name).stream())
                .map(found -> doomed(grant, repository, found, patterns))
                .toList();
        List<String> there = doomed.stream().map(one -> one.tag().name()).toList();
        return Pages.deleteTags(
                request.frame(),
                repository.value(),
                doomed,
                names.stream().filter(name -> !there.contains(name)).toList(),
                window.end(grant, repository.organization()));
    }

    @POST
    public Response delete(InputStream body) {
        request.grant();
        Form form = request.form(body);
        RepositoryName repository = request.repository();
        Grant grant = request.grant(repository, Action.DELETE);
        List<String> chosen = distinct(form.all("tag"));
        for (String one : chosen) {
            int at = one.indexOf('@');
            Tag tag =
                    Tag.parse(one.substring(0, Math.max(0, at))).orElseThrow(RepositoryTagDeletionResource::unreadable);
            Digest digest = Digest.parse(one.substring(at + 1)).orElseThrow(RepositoryTagDeletionResource::unreadable);
            delete(grant, tag, digest);
        }
        return Response.seeOther(URI.create(Shown.repository(repository.value())
                        + "/delete-tags/done?"
                        + chosen.stream()
                                .map(one -> "tag=" + Shown.part(one.substring(0, one.indexOf('@'))))
                                .collect(Collectors.joining("&"))))
                .build();
    }

    /** Deletes a tag as long as it names what was shown; what stays is told by the page behind. */
    private void delete(Grant grant, Tag tag, Digest digest) {
        try {
            deletes.manifest(grant, tag, new Precondition(List.of(Precondition.entityTag(digest)), List.of()));
        } catch (Denied | PreconditionFailed | ManifestUnknown _) {
            // The others are deleted all the same: each is for itself, as if the client had asked for one after the
            // other.
        }
    }

    @GET
    @Path("done")
    public TemplateInstance done(@RestQuery List<String> tag) {
        Grant grant = request.grant();
        RepositoryName repository = request.repository();
        List<TagPattern> patterns = patterns(grant, repository);
        return Pages.deletedTags(
                request.frame(),
                repository.value(),
                distinct(tag).stream()
                        .map(name -> outcome(grant, repository, name, patterns))
                        .toList());
    }

    private Doomed doomed(Grant grant, RepositoryName repository, ImageTag tag, List<TagPattern> patterns) {
        List<String> others = tags
                .on(grant, repository, Digest.parse(tag.digest()).orElseThrow())
                .stream()
                .filter(name -> !name.equals(tag.name()))
                .toList();
        return new Doomed(tag, others, rule(patterns, tag.name()));
    }

    private Outcome outcome(Grant grant, RepositoryName repository, String name, List<TagPattern> patterns) {
        if (find(grant, repository, name).isPresent()) {
            return new Outcome(
                    name,
                    Optional.empty(),
                    Optional.of(rule(patterns, name)
                            .map(rule -> "the rule " + rule + " keeps it on its manifest")
                            .orElse("it names another manifest than the one that was shown, or was pushed again")));
        }
        return new Outcome(
                name,
                last(grant, repository, name)
                        .filter(move -> move.kind().equals(DELETED) && !move.undone())
                        .map(move -> move.event().toString()),
                Optional.empty());
    }

    private Optional<TagMove> last(Grant grant, RepositoryName repository, String name) {
        try {
            return tags.history(grant, repository, name, LAST).items().stream().findFirst();
        } catch (NotFound _) {
            return Optional.empty();
        }
    }

    private Optional<ImageTag> find(Grant grant, RepositoryName repository, String name) {
        try {
            return Optional.of(tags.get(grant, repository, name));
        } catch (NotFound _) {
            return Optional.empty();
        }
    }

    private List<TagPattern> patterns(Grant grant, RepositoryName repository) {
        return rules.list(grant, repository, ALL_RULES).items().stream()
                .map(rule -> new TagPattern(rule.pattern()))
                .toList();
    }

    private static Optional<String> rule(List<TagPattern> patterns, String name) {
        return Tag.parse(name)
                .flatMap(tag -> patterns.stream()
                        .filter(pattern -> pattern.matches(tag))
                        .findFirst())
                .map(TagPattern::value);
    }

    private static List<String> distinct(List<String> names) {
        List<String> all = names.stream().distinct().toList();
        if (all.size() > MOST) {
            throw new Invalid("tag", "at most " + MOST + " tags are deleted at once");
        }
        return all;
    }

    private static Invalid unreadable() {
        return new Invalid("tag", "each tag goes with the digest that it names, as v1@sha256:…");
    }
}
