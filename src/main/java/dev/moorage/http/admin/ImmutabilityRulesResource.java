package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.ImmutabilityRule;
import dev.moorage.administration.ImmutabilityRules;
import dev.moorage.administration.Listing;
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

/** The rules that keep tags on their manifests, of organizations and of repositories. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ImmutabilityRulesResource {

    private static final String OF_ORGANIZATION = "organizations/{organization}/immutability-rules";
    private static final String OF_REPOSITORY = "repositories/-/immutability-rules";

    private final AdminRequest request;
    private final ImmutabilityRules rules;

    ImmutabilityRulesResource(AdminRequest request, ImmutabilityRules rules) {
        this.request = request;
        this.rules = rules;
    }

    /** A rule to make. */
    record NewRule(@JsonProperty(required = true) String pattern) {}

    @GET
    @Path(OF_ORGANIZATION)
    @Operation(summary = "The rules of an organization and of its repositories; whoever may pull all of it sees them")
    public Listing<ImmutabilityRule> list(String organization) {
        Grant grant = request.grant();
        return rules.list(grant, AdminRequest.organization(organization), request.page());
    }

    @POST
    @Path(OF_ORGANIZATION)
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
    @Path(OF_ORGANIZATION + "/{id}")
    @Operation(summary = "Lifts a rule of an organization or of one of its repositories; owners do")
    public void delete(String organization, long id) {
        Grant grant = request.grant();
        rules.remove(grant, AdminRequest.organization(organization), id);
    }

    @GET
    @Path(OF_REPOSITORY)
    @Operation(
            summary =
                    "The rules that keep tags of a repository, its organization's too; whoever has a role on it sees them")
    public Listing<ImmutabilityRule> listOfRepository() {
        Grant grant = request.grant();
        return rules.list(grant, request.repository(), request.page());
    }

    @POST
    @Path(OF_REPOSITORY)
    @Operation(summary = "Keeps tags in a repository; owners do")
    public RestResponse<ImmutabilityRule> createOfRepository(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewRule.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewRule asked = request.read(body, NewRule.class);
        ImmutabilityRule made = rules.add(grant, request.repository(), Fields.tagPattern(asked.pattern()));
        return Answers.created(
                "/api/v1/repositories/" + request.repository() + "/-/immutability-rules/" + made.id(), made);
    }

    @DELETE
    @Path(OF_REPOSITORY + "/{id}")
    @Operation(summary = "Lifts a rule of a repository; owners do")
    public void deleteOfRepository(long id) {
        Grant grant = request.grant();
        rules.remove(grant, request.repository(), id);
    }
}
