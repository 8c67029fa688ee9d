package dev.moorage.http.admin;

import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Retention;
import dev.moorage.administration.RetentionPolicies;
import dev.moorage.administration.RetentionTarget;
import dev.moorage.http.admin.RetentionBody.NewPolicy;
import dev.moorage.http.admin.RetentionBody.NewPreview;
import dev.moorage.http.admin.RetentionBody.Nothing;
import dev.moorage.lifecycle.RetentionReport;
import dev.moorage.lifecycle.RetentionService;
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

/** What a repository keeps. */
@Path("/api/v1/repositories/-/retention")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class RepositoryRetentionResource {

    private final AdminRequest request;
    private final RetentionPolicies policies;
    private final RetentionService retention;

    RepositoryRetentionResource(AdminRequest request, RetentionPolicies policies, RetentionService retention) {
        this.request = request;
        this.policies = policies;
        this.retention = retention;
    }

    @GET
    @Operation(
            summary =
                    "The policy in force for a repository, its own or its organization's; whoever has a role on it sees it")
    public Retention get() {
        Grant grant = request.grant();
        return policies.get(grant, of());
    }

    @PUT
    @Operation(summary = "Sets the policy; owners do")
    public Retention set(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewPolicy.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewPolicy asked = request.read(body, NewPolicy.class);
        return policies.put(grant, of(), asked.policy());
    }

    @DELETE
    @Operation(summary = "Takes the policy away; owners do")
    public void delete() {
        Grant grant = request.grant();
        policies.remove(grant, of());
    }

    @POST
    @Path("preview")
    @Operation(
            summary =
                    "Decides what would go, by the policy in force or by given rules, and takes nothing away; who may delete does")
    public RestResponse<RetentionReport> preview(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewPreview.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewPreview asked = request.read(body, NewPreview.class);
        return made(retention.preview(grant, of(), asked.given(), request.decisions()));
    }

    @POST
    @Path("run")
    @Operation(summary = "Takes away what the policy in force lets go; who may delete does")
    public RestResponse<RetentionReport> run(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Nothing.class)))
                    InputStream body) {
        Grant grant = request.grant();
        request.read(body, Nothing.class);
        return made(retention.run(grant, of(), request.decisions()));
    }

    @GET
    @Path("runs")
    @Operation(summary = "Previews and runs, the latest first; whoever has a role on it sees them")
    public Listing<RetentionReport.Run> runs() {
        Grant grant = request.grant();
        return retention.runs(grant, of(), request.page());
    }

    @GET
    @Path("runs/{id}")
    @Operation(
            summary =
                    "A preview or a run with what it decided, with verdict=drop what goes only; whoever has a role on it sees them")
    public RetentionReport report(String id) {
        Grant grant = request.grant();
        return retention.run(grant, of(), id, request.decisions());
    }

    @POST
    @Path("runs/{id}/undo")
    @Operation(
            summary =
                    "Puts back what a run took away, as far as nothing stands against it; who may delete and push does")
    public RestResponse<RetentionReport> undo(
            String id,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = EventsResource.Undo.class)))
                    InputStream body) {
        Grant grant = request.grant();
        EventsResource.Undo asked = request.read(body, EventsResource.Undo.class);
        return made(retention.undo(grant, of(), id, asked.why(), request.decisions()));
    }

    private RetentionTarget of() {
        return new RetentionTarget.OfRepository(request.repository());
    }

    private RestResponse<RetentionReport> made(RetentionReport report) {
        return Answers.created(
                "/api/v1/repositories/" + request.repository() + "/-/retention/runs/"
                        + report.run().id(),
                report);
    }
}
