package dev.moorage.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.moorage.access.Grant;
import dev.moorage.administration.PresentationService;
import dev.moorage.error.AdministrationException.Invalid;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** The icon of a repository. */
@Path("/api/v1/repositories/-/icon")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class IconResource {

    private static final int MAX_BODY = 131_072;

    private final AdminRequest request;
    private final PresentationService presentations;

    IconResource(AdminRequest request, PresentationService presentations) {
        this.request = request;
        this.presentations = presentations;
    }

    /** An icon in Base64; null for none, said and not left out. */
    @RegisterForReflection
    record NewIcon(@JsonProperty(required = true) Optional<String> image) {}

    @PUT
    @Operation(summary = "Sets the icon of a repository, a PNG or SVG in Base64, or takes it away; owners do")
    public void setIcon(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = NewIcon.class)))
                    InputStream body) {
        Grant grant = request.grant();
        Optional<byte[]> image =
                request.read(body, NewIcon.class, MAX_BODY).image().map(IconResource::decoded);
        image.ifPresentOrElse(
                bytes -> presentations.setIcon(grant, request.repository(), bytes),
                () -> presentations.removeIcon(grant, request.repository()));
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new Invalid("image", "image is a PNG or an SVG in Base64, or null");
        }
    }
}
