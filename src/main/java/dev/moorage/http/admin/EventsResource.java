package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.lifecycle.EventService;
import dev.moorage.lifecycle.RecordedEvent;
import dev.moorage.lifecycle.UndoService;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** What happened in a repository, and its undo. */
@Path("/api/v1/repositories/-/events")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class EventsResource {

    private final AdminRequest request;
    private final EventService events;
    private final UndoService undo;

    EventsResource(AdminRequest request, EventService events, UndoService undo) {
        this.request = request;
        this.events = events;
        this.undo = undo;
    }

    /** What an undo may be given. */
    @RegisterForReflection
    record Undo(Optional<String> why) {}

    @GET
    @Operation(summary = "What happened in a repository, the newest first; whoever has a role on it sees it")
    public Listing<RecordedEvent> list() {
        Grant grant = request.grant();
        return events.list(grant, request.repository(), request.page());
    }

    @GET
    @Path("{reference}/undo")
    @Operation(
            summary = "What the undo of an event would do now, or what stands against it; nothing is changed by asking")
    public UndoService.Preview preview(String reference) {
        Grant grant = request.grant();
        return undo.preview(grant, request.repository(), reference);
    }

    @POST
    @Path("{reference}/undo")
    @Operation(
            summary =
                    "Undoes all that the request of an event did, or names what stands against it; who may do the opposite may")
    public UndoService.Undone undo(
            String reference,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Undo.class)))
                    InputStream body) {
        Grant grant = request.grant();
        Undo asked = request.read(body, Undo.class);
        return undo.undo(grant, request.repository(), reference, asked.why());
    }
}
