package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.ImmutabilityRule;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.Listing;
import dev.moorage.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
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
import org.jboss.resteasy.reactive.RestResponse;

/** The rules that keep tags on their manifests in an organization. */
@Path("/api/v1/organizations/{organization}/immutability-rules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OrganizationRulesResource {

    private final AdminRequest request;
    private final ImmutabilityRules rules;

    OrganizationRulesResource(AdminRequest request, ImmutabilityRules rules) {
        this.request = request;
        this.rules = rules;
    }

    @GET
    @Operation(summary = "The rules of an organization and of its repositories; whoever may pull all of it sees them")
    public Listing<ImmutabilityRule> list(String organization) {
        Grant grant = request.grant();
        return rules.list(grant, AdminRequest.organization(organization), request.page());
    }

    @POST
    @Operation(summary = "Keeps tags in all repositories of an organization; owners do")
    public RestResponse<ImmutabilityRule> create(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewRule.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewRule asked = request.read(body, NewRule.class);
        ImmutabilityRule made =
                rules.add(grant, AdminRequest.organization(organization), Fields.tagPattern(asked.pattern()));
        return Answers.created("/api/v1/organizations/" + organization + "/immutability-rules/" + made.id(), made);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Lifts a rule of an organization or of one of its repositories; owners do")
    public void delete(String organization, long id) {
        Grant grant = request.grant();
        rules.remove(grant, AdminRequest.organization(organization), id);
    }
}
