package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.WebhookDelivery;
import dev.moorage.administration.WebhookDeliveryService;
import dev.moorage.administration.WebhookPing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** What a webhook is to be told and was, and telling it again. */
@Path("/api/v1/organizations/{organization}/webhooks/{webhook}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class WebhookDeliveriesResource {

    private final AdminRequest request;
    private final WebhookDeliveryService deliveries;

    WebhookDeliveriesResource(AdminRequest request, WebhookDeliveryService deliveries) {
        this.request = request;
        this.deliveries = deliveries;
    }

    @POST
    @Path("ping")
    @Operation(
            summary =
                    "Sends a webhook a message that says nothing, now and once, and answers what came of it; owners do")
    public WebhookPing ping(
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
        return deliveries.ping(grant, AdminRequest.organization(organization), webhook);
    }

    @GET
    @Path("deliveries")
    @Operation(
            summary =
                    "What a webhook is to be told and was, the newest first, of one state where it is asked for; owners see it")
    public Listing<WebhookDelivery> list(String organization, String webhook, @QueryParam("state") String state) {
        Grant grant = request.grant();
        return deliveries.list(
                grant, AdminRequest.organization(organization), webhook, Optional.ofNullable(state), request.page());
    }

    @POST
    @Path("deliveries/{delivery}/redeliver")
    @Operation(summary = "Tells a webhook something again, whatever became of it before; owners do")
    public WebhookDelivery redeliver(
            String organization,
            String webhook,
            String delivery,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = WebhookBody.Nothing.class)))
                    InputStream body) {
        Grant grant = request.grant();
        var unused = request.read(body, WebhookBody.Nothing.class);
        return deliveries.redeliver(grant, AdminRequest.organization(organization), webhook, delivery);
    }

    @POST
    @Path("dead-letters/redeliver")
    @Operation(summary = "Tells a webhook its dead letters again, the oldest first, up to 1,000 at once; owners do")
    public WebhookDeliveryService.Redelivered redeliverDead(
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
        return deliveries.redeliverDead(grant, AdminRequest.organization(organization), webhook);
    }
}
