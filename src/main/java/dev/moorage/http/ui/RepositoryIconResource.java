package dev.moorage.http.ui;

import dev.moorage.administration.PresentationService;
import dev.moorage.administration.PresentationService.Picture;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The icon of a repository, or one that stands for any where it has none. */
@Path("/console/repositories/-/icon")
@RunOnVirtualThread
class RepositoryIconResource {

    /** An SVG is a page of its own to whoever opens its address: nothing in it runs, and nothing is loaded. */
    private static final String ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    private static final Picture ANY = new Picture("image/svg+xml", """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#6b7885" stroke-width="1.5"\
         stroke-linejoin="round"><path d="M12 2.5 21 7v10l-9 4.5L3 17V7z"/><path d="m3 7 9 4.5L21 7M12 11.5v10"/></svg>
        """.getBytes(StandardCharsets.UTF_8));

    private final ConsoleRequest request;
    private final PresentationService presentations;

    RepositoryIconResource(ConsoleRequest request, PresentationService presentations) {
        this.request = request;
        this.presentations = presentations;
    }

    @GET
    public Response icon(@Context Request conditions) {
        Picture picture =
                presentations.icon(request.grant(), request.repository()).orElse(ANY);
        EntityTag tag = new EntityTag(digest(picture.bytes()));
        Response.ResponseBuilder known = conditions.evaluatePreconditions(tag);
        Response.ResponseBuilder answer = known == null ? Response.ok(picture.bytes(), picture.mediaType()) : known;
        request.policy(ALONE);
        return answer.tag(tag).header("Cache-Control", "private, no-cache").build();
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
