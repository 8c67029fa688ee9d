package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.http.Fields;
import dev.moorage.lifecycle.RestoreService;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** A repository's tags at a point in time. */
@Path("/api/v1/repositories/-/restore")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class RestoreResource {

    private final AdminRequest request;
    private final RestoreService restores;

    RestoreResource(AdminRequest request, RestoreService restores) {
        this.request = request;
        this.restores = restores;
    }

    /** What is to be restored; all tags, and at once, unless it says otherwise. */
    @RegisterForReflection
    record Restore(
            @JsonProperty(required = true) String at,
            Optional<List<String>> tags,
            Optional<Boolean> preview,
            Optional<String> why) {

        RestoreService.Asked asked() {
            return new RestoreService.Asked(
                    Fields.time("at", at),
                    tags.orElse(List.of()).stream()
                            .map(text -> Fields.tagPattern("tags", text))
                            .toList(),
                    preview.filter(told -> told).isPresent()
                            ? RestoreService.Mode.PREVIEW
                            : RestoreService.Mode.CARRY_OUT,
                    why);
        }
    }

    @POST
    @Operation(
            summary =
                    "Lets tags of a repository name what they named at a point in time, or tells what that would do; maintainers do")
    public RestoreService.Restored restore(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Restore.class)))
                    InputStream body) {
        Grant grant = request.grant();
        Restore asked = request.read(body, Restore.class);
        return restores.restore(grant, request.repository(), asked.asked());
    }
}
