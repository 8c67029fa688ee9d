package dev.moorage.http.ui;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.Listing;
import dev.moorage.administration.PresentationService;
import dev.moorage.administration.Quotas;
import dev.moorage.administration.Repository;
import dev.moorage.administration.RepositoryService;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Fields;
import dev.moorage.http.Form;
import dev.moorage.name.RepositoryName;
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
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What owners set of a repository, which others see. */
@Path("/console/repositories/-/settings")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class RepositorySettingsResource {

    private static final Listing.Asked ALL_RULES = new Listing.Asked("", Listing.Asked.MAX_LIMIT);

    /** A README of which every byte is written as an escape, and what else the form holds. */
    private static final int MAX_README_FORM = 3 * PresentationService.MAX_README + 8192;

    private static final int MAX_ICON_FORM = 80_000;

    private final ConsoleRequest request;
    private final RepositoryService repositories;
    private final PresentationService presentations;
    private final ImmutabilityRules rules;
    private final Quotas quotas;

    RepositorySettingsResource(
            ConsoleRequest request,
            RepositoryService repositories,
            PresentationService presentations,
            ImmutabilityRules rules,
            Quotas quotas) {
        this.request = request;
        this.repositories = repositories;
        this.presentations = presentations;
        this.rules = rules;
        this.quotas = quotas;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance repositorySettings(Frame frame, SettingsView view);
    }

    @GET
    public TemplateInstance show() {
        return Pages.repositorySettings(
                request.frame(), view(request.grant(), SettingsView.Message.done(request.query("done"))));
    }

    @POST
    public Response change(InputStream body) {
        Grant grant = request.grant();
        Form form = request.form(body);
        String visibility = form.first("visibility").orElse("");
        String description = unixLines(form.first("description").orElse(""));
        return done(
                "settings",
                () -> repositories.change(
                        grant,
                        request.repository(),
                        new RepositoryService.Change(
                                Optional.empty(),
                                Optional.of(Fields.visibility("visibility", visibility)),
                                Optional.of(description))),
                view -> view.typed(visibility, description));
    }

    @POST
    @Path("readme")
    public Response readme(InputStream body) {
        Grant grant = request.grant();
        String text = request.form(body, MAX_README_FORM).first("text").orElse("");
        return done(
                "readme",
                () -> presentations.setReadme(grant, request.repository(), text),
                view -> view.typedReadme(text));
    }

    @POST
    @Path("icon")
    public Response icon(InputStream body) {
        Grant grant = request.grant();
        MultipartForm form = request.multipart(body, MAX_ICON_FORM);
        byte[] file = form.file("icon").filter(bytes -> bytes.length > 0).orElse(new byte[0]);
        return done(
                "icon",
                () -> {
                    if (file.length == 0) {
                        throw new Invalid("icon", "choose a file first");
                    }
                    presentations.setIcon(grant, request.repository(), file);
                },
                UnaryOperator.identity());
    }

    @POST
    @Path("icon/remove")
    public Response removeIcon(InputStream body) {
        Grant grant = request.grant();
        request.form(body);
        return done(
                "icon-removed",
                () -> {
                    presentations.removeIcon(grant, request.repository());
                },
                UnaryOperator.identity());
    }

    @POST
    @Path("rules")
    public Response add(InputStream body) {
        Grant grant = request.grant();
        String pattern = request.form(body).first("pattern").orElse("").strip();
        return done(
                "rule",
                () -> rules.add(grant, request.repository(), Fields.tagPattern(pattern)),
                view -> view.typedPattern(pattern));
    }

    @POST
    @Path("rules/{id}/lift")
    public Response lift(long id, InputStream body) {
        Grant grant = request.grant();
        request.form(body);
        return done(
                "lifted",
                () -> {
                    rules.remove(grant, request.repository(), id);
                },
                UnaryOperator.identity());
    }

    /** Leads to the page that says what was done, or shows the form again with what was typed and why it was refused. */
    private Response done(String word, Runnable change, UnaryOperator<SettingsView> typed) {
        return Forms.tried(
                () -> {
                    change.run();
                    return Forms.seen(Shown.repository(request.repository().value()) + "/settings?done=" + word);
                },
                refusal -> Pages.repositorySettings(
                        request.frame(),
                        typed.apply(view(request.grant(), SettingsView.Message.NONE))
                                .refused(refusal.getMessage(), refusal.field().orElse(""))));
    }

    private SettingsView view(Grant grant, SettingsView.Message message) {
        RepositoryName name = request.repository();
        Repository repository = repositories.get(grant, name);
        return new SettingsView(
                name.value(),
                repositories.allowed(grant, name).contains(Action.ADMINISTER),
                repository.visibility(),
                repository.description(),
                presentations.readme(grant, name).text(),
                "",
                ifSeen(() -> rules.list(grant, name, ALL_RULES)),
                ifSeen(() -> quotas.repository(grant, name)),
                message);
    }

    private static <T> Optional<T> ifSeen(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (Forbidden _) {
            return Optional.empty();
        }
    }

    /** Browsers send the ends of lines as old terminals want them. */
    private static String unixLines(String text) {
        return text.replace("\r\n", "\n");
    }
}
