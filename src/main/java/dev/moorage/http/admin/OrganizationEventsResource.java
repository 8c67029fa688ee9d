package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.lifecycle.EventService;
import dev.moorage.lifecycle.RecordedEvent;
import dev.moorage.lifecycle.UndoService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** What happened in an organization, also in repositories that are deleted. */
@Path("/api/v1/organizations/{organization}/events")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OrganizationEventsResource {

    private final AdminRequest request;
    private final EventService events;
    private final UndoService undo;

    OrganizationEventsResource(AdminRequest request, EventService events, UndoService undo) {
        this.request = request;
        this.events = events;
        this.undo = undo;
    }

    @GET
    @Operation(
            summary =
                    "What happened in an organization and its repositories, the newest first; whoever may pull all of it sees it")
    public Listing<RecordedEvent> list(String organization) {
        Grant grant = request.grant();
        return events.list(grant, AdminRequest.organization(organization), request.page());
    }

    @GET
    @Path("{reference}/undo")
    @Operation(
            summary = "What the undo of an event would do now, or what stands against it; nothing is changed by asking")
    public UndoService.Preview preview(String organization, String reference) {
        Grant grant = request.grant();
        return undo.preview(grant, AdminRequest.organization(organization), reference);
    }

    @POST
    @Path("{reference}/undo")
    @Operation(
            summary =
                    "Undoes all that the request of an event did in the organization, the deletion of repositories too; who may do the opposite may")
    public UndoService.Undone undo(
            String organization,
            String reference,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = EventsResource.Undo.class)))
                    InputStream body) {
        Grant grant = request.grant();
        EventsResource.Undo asked = request.read(body, EventsResource.Undo.class);
        return undo.undo(grant, AdminRequest.organization(organization), reference, asked.why());
    }
}
