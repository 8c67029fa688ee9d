package dev.moorage.http.ui;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.ImageTag;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Quotas;
import dev.moorage.administration.RepositoryService;
import dev.moorage.administration.TagService;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Form;
import dev.moorage.lifecycle.RepositoryDeletionService;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Sorting;
import dev.moorage.registry.Immutability;
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
import java.time.Instant;
import java.util.Optional;

/** Deletes a repository, once its owner has seen what that takes and typed its name. */
@Path("/console/repositories/-/delete")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositoryDeletionResource {

    private static final Sorting NEWEST = new Sorting(Sorting.Key.PUSHED, Sorting.Direction.DOWN);
    private static final Listing.Asked SOME = new Listing.Asked("", 10);

    private final ConsoleRequest request;
    private final RepositoryService repositories;
    private final TagService tags;
    private final Quotas quotas;
    private final RepositoryDeletionService deletion;
    private final UndoDeadline window;

    RepositoryDeletionResource(
            ConsoleRequest request,
            RepositoryService repositories,
            TagService tags,
            Quotas quotas,
            RepositoryDeletionService deletion,
            UndoDeadline window) {
        this.request = request;
        this.repositories = repositories;
        this.tags = tags;
        this.quotas = quotas;
        this.deletion = deletion;
        this.window = window;
    }

    /**
     * What a deletion takes, and what was typed.
     *
     * @param owner whether the reader may delete it
     * @param tags those that were pushed last
     * @param usage what it uses; empty where the reader may not see it
     * @param until when it can be brought back
     * @param typed the name that was typed
     * @param why the reason that was typed
     * @param refusal why nothing was done; empty where nothing was refused
     */
    record View(
            String repository,
            boolean owner,
            Listing<ImageTag> tags,
            Optional<Quotas.SharedUsage> usage,
            Optional<Instant> until,
            String typed,
            String why,
            String refusal) {}

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance deleteRepository(Frame frame, View view);
    }

    @GET
    public TemplateInstance confirm() {
        return Pages.deleteRepository(request.frame(), view(request.grant(), "", "", ""));
    }

    @POST
    public Response delete(InputStream body) {
        Grant grant = request.grant();
        Form form = request.form(body);
        RepositoryName name = request.repository();
        return Forms.tried(
                () -> deleted(grant, name, form),
                refusal -> Pages.deleteRepository(
                        request.frame(),
                        view(grant, Forms.text(form, "name"), Forms.text(form, "why"), refusal.getMessage())));
    }

    private Response deleted(Grant grant, RepositoryName name, Form form) {
        if (!Forms.text(form, "name").equals(name.value())) {
            throw new Invalid("name", "type the name of the repository, " + name + ", to delete it");
        }
        boolean rulesToo = form.first("immutable").filter("lifted"::equals).isPresent();
        deletion.delete(grant, name, rulesToo ? Immutability.LIFTED : Immutability.ENFORCED, Forms.some(form, "why"));
        return Forms.seen(Shown.organization(name.organization().value()) + "/history");
    }

    private View view(Grant grant, String typed, String why, String refusal) {
        RepositoryName name = request.repository();
        boolean owner = repositories.allowed(grant, name).contains(Action.ADMINISTER);
        return new View(
                name.value(),
                owner,
                tags.list(grant, name, Optional.empty(), NEWEST, SOME),
                usage(grant, name),
                owner ? Optional.of(window.end(grant, name.organization())) : Optional.empty(),
                typed,
                why,
                refusal);
    }

    private Optional<Quotas.SharedUsage> usage(Grant grant, RepositoryName name) {
        try {
            return Optional.of(quotas.repository(grant, name));
        } catch (Forbidden _) {
            return Optional.empty();
        }
    }
}
