package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Robot;
import dev.moorage.administration.RobotService;
import dev.moorage.http.Fields;
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
import org.jboss.resteasy.reactive.RestResponse;

/** The robots of an organization. */
@Path("/api/v1/organizations/{organization}/robots")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class RobotsResource {

    private final AdminRequest request;
    private final RobotService robots;

    RobotsResource(AdminRequest request, RobotService robots) {
        this.request = request;
        this.robots = robots;
    }

    /** A robot to make. */
    @RegisterForReflection
    record NewRobot(
            @JsonProperty(required = true) String name,
            Optional<String> description,
            Optional<String> expiresAt,
            Optional<String> role,
            Optional<String> path) {}

    /** What may be changed of one. */
    @RegisterForReflection
    record RobotChange(Optional<String> description, Optional<String> expiresAt, Optional<Boolean> enabled) {}

    /** Another secret to make. */
    @RegisterForReflection
    record NewSecret() {}

    @GET
    @Operation(summary = "The organization's robots; owners see them")
    public Listing<Robot> list(String organization) {
        Grant grant = request.grant();
        return robots.list(grant, AdminRequest.organization(organization), request.page());
    }

    @POST
    @Operation(summary = "Makes a robot; its secret is in the answer and nowhere else; owners do")
    public RestResponse<Robot.WithSecret> create(
            String organization,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewRobot.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewRobot asked = request.read(body, NewRobot.class);
        RobotService.Wanted wanted = new RobotService.Wanted(
                asked.name(),
                asked.description().orElse(""),
                asked.expiresAt().map(text -> Fields.time("expiresAt", text)),
                asked.role().map(Fields::role),
                asked.path().orElse(""));
        Robot.WithSecret made = robots.create(grant, AdminRequest.organization(organization), wanted);
        return Answers.created(
                "/api/v1/organizations/" + organization + "/robots/"
                        + made.robot().name(),
                made);
    }

    @GET
    @Path("{robot}")
    @Operation(summary = "A robot; owners see it")
    public Robot get(String organization, String robot) {
        Grant grant = request.grant();
        return robots.get(grant, AdminRequest.organization(organization), robot);
    }

    @PATCH
    @Path("{robot}")
    @Operation(summary = "Changes a robot, or keeps it from logging in, which ends its tokens; owners do")
    public Robot change(
            String organization,
            String robot,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = RobotChange.class)))
                    InputStream body) {
        Grant grant = request.grant();
        RobotChange asked = request.read(body, RobotChange.class);
        RobotService.Change change = new RobotService.Change(
                asked.description(), asked.expiresAt().map(text -> Fields.time("expiresAt", text)), asked.enabled());
        return robots.change(grant, AdminRequest.organization(organization), robot, change);
    }

    @POST
    @Path("{robot}/secret")
    @Operation(summary = "Gives a robot another secret, which ends its tokens; owners do")
    public Robot.WithSecret rotate(
            String organization,
            String robot,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewSecret.class)))
                    InputStream body) {
        Grant grant = request.grant();
        var unused = request.read(body, NewSecret.class);
        return robots.rotate(grant, AdminRequest.organization(organization), robot);
    }

    @DELETE
    @Path("{robot}")
    @Operation(summary = "Deletes a robot with its roles, which ends its tokens; owners do")
    public void delete(String organization, String robot) {
        Grant grant = request.grant();
        robots.delete(grant, AdminRequest.organization(organization), robot);
    }
}
