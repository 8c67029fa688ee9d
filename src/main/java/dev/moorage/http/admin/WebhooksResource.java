package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Webhook;
import dev.moorage.administration.WebhookService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

/** Whom an organization tells what happens in it. */
@Path("/api/v1/organizations/{organization}/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class WebhooksResource {

    private final AdminRequest request;
    private final WebhookService webhooks;

    WebhooksResource(AdminRequest request, WebhookService webhooks) {
        this.request = request;
        this.webhooks = webhooks;
    }

    @GET
    @Operation(summary = "The organization's webhooks; owners see them")
    public Listing<Webhook> list(String organization) {
        Grant grant = request.grant();
        return webhooks.list(grant, AdminRequest.organization(organization), request.page());
    }

    @POST
    @Operation(summary = "Makes a webhook; its secret is in the answer and nowhere else; owners do")
    public RestResponse<Webhook.WithSecret> create(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = WebhookBody.NewWebhook.class)))
                    InputStream body) {
        Grant grant = request.grant();
        WebhookBody.NewWebhook asked = request.read(body, WebhookBody.NewWebhook.class);
        Webhook.WithSecret made = webhooks.create(grant, AdminRequest.organization(organization), asked.wanted());
        return Answers.created(
                "/api/v1/organizations/" + organization + "/webhooks/"
                        + made.webhook().name(),
                made);
    }

    @GET
    @Path("{webhook}")
    @Operation(summary = "A webhook; owners see it")
    public Webhook get(String organization, String webhook) {
        Grant grant = request.grant();
        return webhooks.get(grant, AdminRequest.organization(organization), webhook);
    }

    @PATCH
    @Path("{webhook}")
    @Operation(summary = "Changes a webhook, or keeps it from being told anything; owners do")
    public Webhook change(
            String organization,
            String webhook,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = WebhookBody.WebhookChange.class)))
                    InputStream body) {
        Grant grant = request.grant();
        WebhookBody.WebhookChange asked = request.read(body, WebhookBody.WebhookChange.class);
        return webhooks.change(grant, AdminRequest.organization(organization), webhook, asked.change());
    }

    @POST
    @Path("{webhook}/secret")
    @Operation(summary = "Gives a webhook another secret; for a day the one before signs too; owners do")
    public Webhook.WithSecret rotate(
            String organization,
            String webhook,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = WebhookBody.Nothing.class)))
                    InputStream body) {
        Grant grant = request.grant();
        var unused = request.read(body, WebhookBody.Nothing.class);
        return webhooks.rotate(grant, AdminRequest.organization(organization), webhook);
    }

    @DELETE
    @Path("{webhook}")
    @Operation(summary = "Deletes a webhook with all that waits for it; owners do")
    public void delete(String organization, String webhook) {
        Grant grant = request.grant();
        webhooks.delete(grant, AdminRequest.organization(organization), webhook);
    }
}
