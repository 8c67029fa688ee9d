package dev.moorage.http.v2;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException.ManifestInvalid;
import dev.moorage.error.RegistryException.ManifestTooLarge;
import dev.moorage.error.RegistryException.SizeInvalid;
import dev.moorage.error.RegistryException.TooManyParameters;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.name.Reference;
import dev.moorage.name.Tag;
import dev.moorage.registry.DeleteService;
import dev.moorage.registry.FoundManifest;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.PullService;
import dev.moorage.registry.PushService;
import dev.moorage.registry.PushService.Push;
import dev.moorage.registry.PushService.Pushed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Serves, takes and deletes manifests ("Pulling manifests", "Pushing Manifests", "Deleting Manifests"). */
@Path("/v2/-/manifest")
@RunOnVirtualThread
class ManifestResource {

    private static final int MAX_TAGS = 100;
    private static final int FIRST_BUFFER = 8192;

    private final PullService pulls;
    private final PushService pushes;
    private final DeleteService deletes;
    private final V2Request request;

    ManifestResource(PullService pulls, PushService pushes, DeleteService deletes, V2Request request) {
        this.pulls = pulls;
        this.pushes = pushes;
        this.deletes = deletes;
        this.request = request;
    }

    @HEAD
    public Response head() {
        FoundManifest found = pulls.manifestHead(request.require(Action.PULL), References.toRead(request.last()));
        if (Validators.notModified(request, Precondition.entityTag(found.digest()))) {
            return described(Response.notModified(), found).build();
        }
        return described(Response.ok(), found)
                .header("Content-Length", found.size())
                .build();
    }

    @GET
    public Response get() {
        FoundManifest found = pulls.manifest(request.require(Action.PULL), References.toRead(request.last()));
        boolean known = Validators.notModified(request, Precondition.entityTag(found.digest()));
        return described(known ? Response.notModified() : Response.ok(found.payload()), found)
                .build();
    }

    @PUT
    public Response put(InputStream body) {
        Grant grant = request.require(Action.PUSH);
        Reference reference = References.toWrite(request.last());
        List<Tag> tags = tags(reference, request.queries("tag"));
        Optional<MediaType> type = contentType();
        Pushed pushed = pushes.admitted(
                grant,
                request.length(),
                () -> new Push(reference, tags, type, bytes(request.patiently(body)), request.precondition()));
        return created(grant, reference, tags, pushed);
    }

    @DELETE
    public Response delete() {
        Grant grant = request.require(Action.DELETE);
        deletes.manifest(grant, References.toRead(request.last()), request.precondition());
        return Response.accepted().header("Content-Length", 0).build();
    }

    private static Response created(Grant grant, Reference reference, List<Tag> tags, Pushed pushed) {
        Response.ResponseBuilder answer = Response.status(Response.Status.CREATED)
                .header("Location", "/v2/" + grant.repository() + "/manifests/" + reference)
                .header("Docker-Content-Digest", pushed.digest().toString())
                .header("ETag", Precondition.entityTag(pushed.digest()))
                .header("Content-Length", 0);
        pushed.subject().ifPresent(subject -> answer.header("OCI-Subject", subject.toString()));
        tags.forEach(moved -> answer.header("OCI-Tag", moved.value()));
        return answer.build();
    }

    private static List<Tag> tags(Reference reference, List<String> texts) {
        if (texts.size() > MAX_TAGS) {
            throw new TooManyParameters("at most " + MAX_TAGS + " tags in one request");
        }
        if (!texts.isEmpty() && !(reference instanceof Digest)) {
            throw new ManifestInvalid(
                    "further tags go with a push by digest", Map.of("reference", reference.toString()));
        }
        return texts.stream().map(References::tagToWrite).distinct().toList();
    }

    /** The type that the client gives; one that cannot be read is refused, one that is absent is left to the manifest. */
    private Optional<MediaType> contentType() {
        return request.header("Content-Type").map(header -> MediaType.parseHeader(header)
                .orElseThrow(() -> new ManifestInvalid("Content-Type is no media type", Map.of("type", header))));
    }

    /** Reads a body that is not longer than a manifest may be; one that says that it is longer is not read at all. */
    private byte[] bytes(InputStream body) {
        int limit = PushService.MAX_MANIFEST_BYTES;
        long announced = request.length().orElse(0L);
        if (announced > limit) {
            throw new ManifestTooLarge(limit);
        }
        // Grown as bytes come: a length that is only announced costs nothing.
        byte[] bytes = new byte[FIRST_BUFFER];
        int size = 0;
        try {
            for (int read = 0; read >= 0; read = body.read(bytes, size, bytes.length - size)) {
                size += read;
                if (size > limit) {
                    throw new ManifestTooLarge(limit);
                }
                // Never asked for nothing: the stream would wait for a byte all the same.
                bytes = size < bytes.length ? bytes : Arrays.copyOf(bytes, Math.min(2 * size, limit + 1));
            }
        } catch (IOException e) {
            throw new SizeInvalid("the body ended before its announced length");
        }
        return Arrays.copyOf(bytes, size);
    }

    private static Response.ResponseBuilder described(Response.ResponseBuilder answer, FoundManifest found) {
        return answer.header("Content-Type", found.mediaType())
                .header("Docker-Content-Digest", found.digest().toString())
                .header("ETag", Precondition.entityTag(found.digest()))
                .header("X-Content-Type-Options", "nosniff");
    }
}
