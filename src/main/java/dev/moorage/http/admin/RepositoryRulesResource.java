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

/** The rules that keep tags on their manifests in a repository. */
@Path("/api/v1/repositories/-/immutability-rules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class RepositoryRulesResource {

    private final AdminRequest request;
    private final ImmutabilityRules rules;

    RepositoryRulesResource(AdminRequest request, ImmutabilityRules rules) {
        this.request = request;
        this.rules = rules;
    }

    @GET
    @Operation(
            summary =
                    "The rules that keep tags of a repository, its organization's too; whoever has a role on it sees them")
    public Listing<ImmutabilityRule> list() {
        Grant grant = request.grant();
        return rules.list(grant, request.repository(), request.page());
    }

    @POST
    @Operation(summary = "Keeps tags in a repository; owners do")
    public RestResponse<ImmutabilityRule> create(
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
    @Path("{id}")
    @Operation(summary = "Lifts a rule of a repository; owners do")
    public void delete(long id) {
        Grant grant = request.grant();
        rules.remove(grant, request.repository(), id);
    }
}
