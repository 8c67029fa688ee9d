package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.PresentationService;
import dev.moorage.administration.PresentationService.Readme;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** The README of a repository. */
@Path("/api/v1/repositories/-/readme")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ReadmeResource {

    /** A README of 64 KiB of which JSON writes every character as an escape. */
    private static final int MAX_BODY = 6 * PresentationService.MAX_README + 1024;

    private final AdminRequest request;
    private final PresentationService presentations;

    ReadmeResource(AdminRequest request, PresentationService presentations) {
        this.request = request;
        this.presentations = presentations;
    }

    /** A README. */
    @RegisterForReflection
    record NewReadme(@JsonProperty(required = true) String text) {}

    @GET
    @Operation(summary = "The README of a repository, in Markdown; whoever may pull reads it")
    public Readme readme() {
        Grant grant = request.grant();
        return presentations.readme(grant, request.repository());
    }

    @PUT
    @Operation(summary = "Sets the README of a repository, an empty one takes it away; owners do")
    public Readme setReadme(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewReadme.class)))
                    InputStream body) {
        Grant grant = request.grant();
        NewReadme asked = request.read(body, NewReadme.class, MAX_BODY);
        return presentations.setReadme(grant, request.repository(), asked.text());
    }
}
