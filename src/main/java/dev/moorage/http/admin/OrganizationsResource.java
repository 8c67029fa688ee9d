package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Organization;
import dev.moorage.administration.OrganizationService;
import dev.moorage.administration.Quotas;
import dev.moorage.http.Fields;
import dev.moorage.lifecycle.OrganizationDeletionService;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Visibility;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** Organizations. */
@Path("/api/v1/organizations")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OrganizationsResource {

    private final AdminRequest request;
    private final OrganizationService organizations;
    private final Quotas quotas;
    private final OrganizationDeletionService deletion;

    OrganizationsResource(
            AdminRequest request,
            OrganizationService organizations,
            Quotas quotas,
            OrganizationDeletionService deletion) {
        this.request = request;
        this.organizations = organizations;
        this.quotas = quotas;
        this.deletion = deletion;
    }

    /** An organization to make. */
    @RegisterForReflection
    record NewOrganization(
            @JsonProperty(required = true) String name, Optional<String> defaultVisibility, Optional<String> owner) {}

    /** What may be changed of one. */
    @RegisterForReflection
    record OrganizationChange(Optional<String> defaultVisibility, Optional<String> undoWindow) {}

    @GET
    @Operation(summary = "The organizations in which the caller holds a role; an administrator's are all")
    public Listing<Organization> list() {
        Grant grant = request.grant();
        return organizations.list(grant, request.page());
    }

    @POST
    @Operation(summary = "Makes an organization; administrators do")
    public RestResponse<Organization> create(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewOrganization.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewOrganization asked = request.read(body, NewOrganization.class);
        Organization made = organizations.create(
                grant,
                Fields.organization(asked.name()),
                asked.defaultVisibility()
                        .map(text -> Fields.visibility("defaultVisibility", text))
                        .orElse(Visibility.PRIVATE),
                asked.owner());
        return Answers.created("/api/v1/organizations/" + made.name(), made);
    }

    @GET
    @Path("{organization}")
    @Operation(summary = "An organization in which the caller holds a role")
    public Organization get(String organization) {
        Grant grant = request.grant();
        return organizations.get(grant, AdminRequest.organization(organization));
    }

    @PATCH
    @Path("{organization}")
    @Operation(
            summary =
                    "Sets the visibility of repositories to come, and the window of undo (as P14D, or default); owners do")
    public Organization change(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = OrganizationChange.class)))
                    InputStream body) {
        Grant grant = request.grant();
        OrganizationChange asked = request.read(body, OrganizationChange.class);
        OrganizationService.Change change = new OrganizationService.Change(
                asked.defaultVisibility().map(text -> Fields.visibility("defaultVisibility", text)),
                asked.undoWindow().map(Fields::undoWindow));
        return organizations.change(grant, AdminRequest.organization(organization), change);
    }

    @DELETE
    @Path("{organization}")
    @Operation(
            summary =
                    "Deletes an organization that holds nothing, or with everything=true one with all that is in it, which can be undone; owners do, with immutable-tags=delete also where rules keep tags")
    public void delete(
            String organization,
            @RestQuery("everything") Optional<String> everything,
            @RestQuery("immutable-tags") Optional<String> immutableTags,
            @RestQuery("why") Optional<String> why) {
        Grant grant = request.grant();
        OrganizationName name = AdminRequest.organization(organization);
        switch (Fields.contents(everything)) {
            case NONE -> organizations.delete(grant, name);
            case EVERYTHING -> deletion.delete(grant, name, Fields.immutability(immutableTags), why);
        }
    }

    @GET
    @Path("{organization}/usage")
    @Operation(summary = "What each repository of an organization uses; whoever may pull all of it sees it")
    public Listing<Quotas.RepositoryUsage> usage(String organization) {
        Grant grant = request.grant();
        return quotas.repositories(grant, AdminRequest.organization(organization), request.page());
    }
}
