package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.lifecycle.EventService;
import dev.moorage.lifecycle.RecordedEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What happened in an organization, also in repositories that are deleted. */
@Path("/api/v1/organizations/{organization}/events")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OrganizationEventsResource {

    private final AdminRequest request;
    private final EventService events;

    OrganizationEventsResource(AdminRequest request, EventService events) {
        this.request = request;
        this.events = events;
    }

    @GET
    @Operation(
            summary =
                    "What happened in an organization and its repositories, the newest first; whoever may pull all of it sees it")
    public Listing<RecordedEvent> list(String organization) {
        Grant grant = request.grant();
        return events.list(grant, AdminRequest.organization(organization), request.page());
    }
}
