package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Organization;
import dev.moorage.administration.OrganizationService;
import dev.moorage.administration.Quotas;
import dev.moorage.administration.Rights;
import dev.moorage.administration.RightsService;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.Fields;
import dev.moorage.http.Form;
import dev.moorage.lifecycle.OrganizationDeletionService;
import dev.moorage.name.OrganizationName;
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

/** What is set for an organization, and its end. */
@Path("/console/organizations/{organization}/settings")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class SettingsPage {

    private final ConsoleRequest request;
    private final OrganizationService organizations;
    private final Quotas quotas;
    private final OrganizationDeletionService deletion;
    private final RightsService rights;
    private final Forms forms;
    private final UndoDeadline window;

    SettingsPage(
            ConsoleRequest request,
            OrganizationService organizations,
            Quotas quotas,
            OrganizationDeletionService deletion,
            RightsService rights,
            Forms forms,
            UndoDeadline window) {
        this.request = request;
        this.organizations = organizations;
        this.quotas = quotas;
        this.deletion = deletion;
        this.rights = rights;
        this.forms = forms;
        this.window = window;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance settings(
                Frame frame,
                Organization organization,
                String window,
                Instant until,
                Rights rights,
                Optional<Quotas.OrganizationUsage> usage,
                Sent sent);

        static native TemplateInstance deleted(Frame frame, String organization, Instant until);
    }

    @GET
    public TemplateInstance settings(String organization) {
        return page(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    public Response change(String organization, InputStream body) {
        return forms.sent(
                "change",
                organization,
                body,
                (grant, name, form) -> {
                    organizations.change(
                            grant,
                            name,
                            new OrganizationService.Change(
                                    Optional.of(Fields.visibility(
                                            "defaultVisibility", Forms.text(form, "defaultVisibility"))),
                                    Optional.of(Amounts.window(Forms.text(form, "undoWindow")))));
                    return address(name);
                },
                this::page);
    }

    @POST
    @Path("quota")
    public Response limit(String organization, InputStream body) {
        return forms.sent(
                "quota",
                organization,
                body,
                (grant, name, form) -> {
                    quotas.set(
                            grant,
                            name,
                            Fields.quota(
                                    Forms.some(form, "bytes").map(text -> Amounts.bytes("bytes", text)),
                                    Forms.some(form, "repositories").map(text -> Amounts.count("repositories", text))));
                    return address(name);
                },
                this::page);
    }

    @POST
    @Path("delete")
    public Response delete(String organization, InputStream body) {
        return forms.answered("delete", organization, body, this::deleted, this::page);
    }

    private Response deleted(Grant grant, OrganizationName name, Form form) {
        if (!Forms.text(form, "name").equals(name.value())) {
            throw new Invalid("name", "type " + name.value() + ", the name of what is to be deleted");
        }
        Instant until = window.end(grant, name);
        return switch (Fields.contents(Forms.some(form, "everything"))) {
            case NONE -> {
                organizations.delete(grant, name);
                yield Forms.seen("/console/");
            }
            case EVERYTHING -> {
                deletion.delete(
                        grant, name, Fields.immutability(Forms.some(form, "immutable-tags")), Forms.some(form, "why"));
                yield Forms.page(Pages.deleted(request.frame(), name.value(), until));
            }
        };
    }

    private TemplateInstance page(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        Organization organization = organizations.get(grant, name);
        return Pages.settings(
                request.frame(),
                organization,
                Amounts.shownWindow(organization.undoWindow()),
                window.end(organization),
                may,
                may.reader() ? Optional.of(quotas.organization(grant, name)) : Optional.empty(),
                sent);
    }

    private static String address(OrganizationName organization) {
        return Shown.organization(organization.value()) + "/settings";
    }
}
