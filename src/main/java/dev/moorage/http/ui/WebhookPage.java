package dev.moorage.http.ui;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Webhook;
import dev.moorage.administration.WebhookDelivery;
import dev.moorage.administration.WebhookDeliveryService;
import dev.moorage.administration.WebhookPing;
import dev.moorage.administration.WebhookService;
import dev.moorage.http.Fields;
import dev.moorage.http.Form;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.WebhookKind;
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
import java.util.stream.Stream;

/** A webhook, and what it is to be told and was. */
@Path("/console/organizations/{organization}/webhooks/{webhook}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class WebhookPage {

    /** The kinds of what a webhook is told of, as forms offer them. */
    static final List<String> KINDS =
            Stream.of(WebhookKind.values()).map(WebhookKind::text).toList();

    private final ConsoleRequest request;
    private final WebhookService webhooks;
    private final WebhookDeliveryService deliveries;
    private final Forms forms;

    WebhookPage(ConsoleRequest request, WebhookService webhooks, WebhookDeliveryService deliveries, Forms forms) {
        this.request = request;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.forms = forms;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance webhook(
                Frame frame,
                String organization,
                Webhook webhook,
                List<String> kinds,
                String state,
                Listing<WebhookDelivery> deliveries,
                Sent sent);

        static native TemplateInstance ping(Frame frame, String organization, String webhook, WebhookPing outcome);
    }

    @GET
    public TemplateInstance webhook(String organization, String webhook) {
        return page(request.grant(), ConsoleRequest.organization(organization), webhook, Sent.NOTHING);
    }

    @POST
    public Response change(String organization, String webhook, InputStream body) {
        return forms.sent(
                "change",
                organization,
                body,
                (grant, name, form) -> {
                    webhooks.change(grant, name, webhook, change(form));
                    return address(name, webhook);
                },
                (grant, name, sent) -> page(grant, name, webhook, sent));
    }

    @POST
    @Path("ping")
    public Response ping(String organization, String webhook, InputStream body) {
        return forms.answered(
                "ping",
                organization,
                body,
                (grant, name, form) -> {
                    WebhookPing outcome = deliveries.ping(grant, name, webhook);
                    return Forms.page(Pages.ping(request.frame(), name.value(), webhook, outcome));
                },
                (grant, name, sent) -> page(grant, name, webhook, sent));
    }

    @POST
    @Path("redeliver")
    public Response redeliver(String organization, String webhook, InputStream body) {
        return forms.sent(
                "redeliver",
                organization,
                body,
                (grant, name, form) -> {
                    deliveries.redeliver(grant, name, webhook, Forms.text(form, "delivery"));
                    return address(name, webhook);
                },
                (grant, name, sent) -> page(grant, name, webhook, sent));
    }

    @POST
    @Path("dead-letters")
    public Response redeliverDead(String organization, String webhook, InputStream body) {
        return forms.sent(
                "dead",
                organization,
                body,
                (grant, name, form) -> {
                    deliveries.redeliverDead(grant, name, webhook);
                    return address(name, webhook);
                },
                (grant, name, sent) -> page(grant, name, webhook, sent));
    }

    private static WebhookService.Change change(Form form) {
        return new WebhookService.Change(
                Optional.of(Forms.text(form, "url")),
                Optional.of(Fields.webhookFormat(Forms.text(form, "format"))),
                Optional.of(Forms.text(form, "path")),
                Optional.of(Fields.webhookKinds(form.all("events"))),
                new WebhookService.Tags.Those(Forms.some(form, "tags").map(text -> Fields.tagPattern("tags", text))),
                Optional.of(Fields.truth("enabled", Forms.some(form, "enabled").orElse("false"))));
    }

    private TemplateInstance page(Grant grant, OrganizationName name, String webhook, Sent sent) {
        Optional<String> state = request.query("state");
        return Pages.webhook(
                request.frame(),
                name.value(),
                webhooks.get(grant, name, webhook),
                KINDS,
                state.orElse(""),
                deliveries.list(grant, name, webhook, state, request.page()),
                sent);
    }

    private static String address(OrganizationName organization, String webhook) {
        return Shown.organization(organization.value()) + "/webhooks/" + Shown.part(webhook);
    }
}
