package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Rights;
import dev.moorage.administration.RightsService;
import dev.moorage.administration.Webhook;
import dev.moorage.administration.WebhookService;
import dev.moorage.http.Fields;
import dev.moorage.http.Form;
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
import java.util.List;
import java.util.Optional;

/** Whom an organization tells what happens in it. */
@Path("/console/organizations/{organization}/webhooks")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class WebhooksPage {

    private final ConsoleRequest request;
    private final WebhookService webhooks;
    private final RightsService rights;
    private final Forms forms;

    WebhooksPage(ConsoleRequest request, WebhookService webhooks, RightsService rights, Forms forms) {
        this.request = request;
        this.webhooks = webhooks;
        this.rights = rights;
        this.forms = forms;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance webhooks(
                Frame frame,
                String organization,
                Rights rights,
                Listing<Webhook> webhooks,
                List<String> kinds,
                Sent sent);

        static native TemplateInstance secret(Frame frame, String organization, Webhook.WithSecret made);
    }

    @GET
    public TemplateInstance webhooks(String organization) {
        return page(request.grant(), ConsoleRequest.organization(organization), Sent.NOTHING);
    }

    @POST
    public Response make(String organization, InputStream body) {
        return forms.answered(
                "make",
                organization,
                body,
                (grant, name, form) -> {
                    Webhook.WithSecret made = webhooks.create(grant, name, wanted(form));
                    return Forms.page(Pages.secret(request.frame(), name.value(), made));
                },
                this::page);
    }

    @POST
    @Path("{webhook}/delete")
    public Response delete(String organization, String webhook, InputStream body) {
        return forms.sent(
                "delete",
                organization,
                body,
                (grant, name, form) -> {
                    webhooks.delete(grant, name, webhook);
                    return Shown.organization(name.value()) + "/webhooks";
                },
                this::page);
    }

    @POST
    @Path("{webhook}/secret")
    public Response rotate(String organization, String webhook, InputStream body) {
        return forms.answered(
                "rotate",
                organization,
                body,
                (grant, name, form) -> {
                    Webhook.WithSecret made = webhooks.rotate(grant, name, webhook);
                    return Forms.page(Pages.secret(request.frame(), name.value(), made));
                },
                this::page);
    }

    private static WebhookService.Wanted wanted(Form form) {
        List<String> kinds = form.all("events");
        return new WebhookService.Wanted(
                Forms.text(form, "name"),
                Forms.text(form, "url"),
                Fields.webhookFormat(Forms.text(form, "format")),
                Forms.text(form, "path"),
                kinds.isEmpty() ? Optional.empty() : Optional.of(Fields.webhookKinds(kinds)),
                Forms.some(form, "tags").map(text -> Fields.tagPattern("tags", text)),
                true);
    }

    private TemplateInstance page(Grant grant, OrganizationName name, Sent sent) {
        Rights may = rights.in(grant, name);
        return Pages.webhooks(
                request.frame(),
                name.value(),
                may,
                may.owner() ? webhooks.list(grant, name, request.page()) : Forms.nothing(),
                WebhookPage.KINDS,
                sent);
    }
}
