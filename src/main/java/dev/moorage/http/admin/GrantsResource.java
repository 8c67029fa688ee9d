package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.GivenRole;
import dev.moorage.administration.GrantService;
import dev.moorage.administration.Holder;
import dev.moorage.administration.Listing;
import dev.moorage.http.Fields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
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
import org.jboss.resteasy.reactive.RestResponse;

/** The roles in an organization. */
@Path("/api/v1/organizations/{organization}/grants")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class GrantsResource {

    private final AdminRequest request;
    private final GrantService grants;

    GrantsResource(AdminRequest request, GrantService grants) {
        this.request = request;
        this.grants = grants;
    }

    /** A role to give. */
    @RegisterForReflection
    record NewGrant(
            @JsonProperty(required = true) Holder holder,
            @JsonProperty(required = true) String role,
            Optional<String> path) {}

    @GET
    @Operation(summary = "The roles in the parts of the organization that the caller owns")
    public Listing<GivenRole> list(String organization) {
        Grant grant = request.grant();
        return grants.list(grant, AdminRequest.organization(organization), request.page());
    }

    @POST
    @Operation(summary = "Gives a role on the organization, or on a part of it; owners of that part do")
    public RestResponse<GivenRole> create(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewGrant.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewGrant asked = request.read(body, NewGrant.class);
        GrantService.Given given = new GrantService.Given(
                Fields.holder(asked.holder().kind()),
                asked.holder().name(),
                Fields.role(asked.role()),
                asked.path().orElse(""));
        GivenRole made = grants.give(grant, AdminRequest.organization(organization), given);
        return Answers.created("/api/v1/organizations/" + organization + "/grants/" + made.id(), made);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Takes a role away; the last owner stays")
    public void delete(String organization, long id) {
        Grant grant = request.grant();
        grants.revoke(grant, AdminRequest.organization(organization), id);
    }
}
