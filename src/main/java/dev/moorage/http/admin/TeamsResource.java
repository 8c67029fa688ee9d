package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Team;
import dev.moorage.administration.TeamService;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

/** The teams of an organization. */
@Path("/api/v1/organizations/{organization}/teams")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class TeamsResource {

    private final AdminRequest request;
    private final TeamService teams;

    TeamsResource(AdminRequest request, TeamService teams) {
        this.request = request;
        this.teams = teams;
    }

    /** A team to make. */
    @RegisterForReflection
    record NewTeam(@JsonProperty(required = true) String name) {}

    @GET
    @Operation(summary = "The organization's teams; owners see them")
    public Listing<Team> list(String organization) {
        Grant grant = request.grant();
        return teams.list(grant, AdminRequest.organization(organization), request.page());
    }

    @POST
    @Operation(summary = "Makes a team; owners do")
    public RestResponse<Team> create(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewTeam.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewTeam asked = request.read(body, NewTeam.class);
        Team made = teams.create(grant, AdminRequest.organization(organization), asked.name());
        return Answers.created("/api/v1/organizations/" + organization + "/teams/" + made.name(), made);
    }

    @GET
    @Path("{team}")
    @Operation(summary = "A team; owners see it")
    public Team get(String organization, String team) {
        Grant grant = request.grant();
        return teams.get(grant, AdminRequest.organization(organization), team);
    }

    @DELETE
    @Path("{team}")
    @Operation(summary = "Deletes a team with its roles; owners do")
    public void delete(String organization, String team) {
        Grant grant = request.grant();
        teams.delete(grant, AdminRequest.organization(organization), team);
    }

    @GET
    @Path("{team}/members")
    @Operation(summary = "The names of a team's members; owners see them")
    public Listing<String> members(String organization, String team) {
        Grant grant = request.grant();
        return teams.members(grant, AdminRequest.organization(organization), team, request.page());
    }

    @PUT
    @Path("{team}/members/{account}")
    @Operation(summary = "Makes an account a member of a team; owners do")
    public void add(String organization, String team, String account) {
        Grant grant = request.grant();
        teams.add(grant, AdminRequest.organization(organization), team, account);
    }

    @DELETE
    @Path("{team}/members/{account}")
    @Operation(summary = "Takes an account out of a team; owners do")
    public void remove(String organization, String team, String account) {
        Grant grant = request.grant();
        teams.remove(grant, AdminRequest.organization(organization), team, account);
    }
}
