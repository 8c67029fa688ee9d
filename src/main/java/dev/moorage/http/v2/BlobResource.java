package dev.moorage.http.v2;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException.RangeNotSatisfiable;
import dev.moorage.name.BlobBody;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import dev.moorage.registry.DeleteService;
import dev.moorage.registry.FoundBlob;
import dev.moorage.registry.Precondition;
import dev.moorage.registry.PullService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.PathPart;

/** Serves and deletes blobs (OCI distribution specification, "Pulling blobs" and "Deleting Blobs"). */
@Path("/v2/-/blob")
@RunOnVirtualThread
class BlobResource {

    private final PullService pulls;
    private final DeleteService deletes;
    private final V2Request request;

    BlobResource(PullService pulls, DeleteService deletes, V2Request request) {
        this.pulls = pulls;
        this.deletes = deletes;
        this.request = request;
    }

    @HEAD
    public Response head() {
        Grant grant = request.require(Action.PULL);
        FoundBlob blob = pulls.blobHead(grant, References.digest(request.last()));
        if (Validators.notModified(request, Precondition.entityTag(blob.digest()))) {
            return described(Response.notModified(), blob.digest()).build();
        }
        return described(Response.ok(), blob.digest())
                .header("Content-Length", blob.size())
                .build();
    }

    @GET
    public Response get() {
        Grant grant = request.require(Action.PULL);
        FoundBlob blob = pulls.blob(grant, References.digest(request.last()));
        if (Validators.notModified(request, Precondition.entityTag(blob.digest()))) {
            return described(Response.notModified(), blob.digest()).build();
        }
        return switch (range(blob)) {
            case ByteRange.Request.Whole _ -> body(grant, blob, Optional.empty());
            case ByteRange.Request.Part part -> body(grant, blob, Optional.of(part.range()));
            case ByteRange.Request.Unsatisfiable _ -> throw new RangeNotSatisfiable(blob.size());
        };
    }

    @DELETE
    public Response delete() {
        Grant grant = request.require(Action.DELETE);
        deletes.blob(grant, References.digest(request.last()));
        return Response.accepted().header("Content-Length", 0).build();
    }

    /** What the client asks for; a range of another representation than this one (If-Range) is ignored. */
    private ByteRange.Request range(FoundBlob blob) {
        boolean same = request.header("If-Range")
                .map(tag -> tag.strip().equals(Precondition.entityTag(blob.digest())))
                .orElse(true);
        return request.header("Range")
                .filter(_ -> same)
                .map(header -> ByteRange.request(header, blob.size()))
                .orElse(new ByteRange.Request.Whole());
    }

    private Response body(Grant grant, FoundBlob blob, Optional<ByteRange> range) {
        return switch (pulls.read(grant, blob, range)) {
            case BlobBody.FileRegion file ->
                served(Response.ok(new PathPart(file.file(), file.offset(), file.length())), blob, range);
            case BlobBody.Bytes whole -> served(Response.ok(whole.bytes()), blob, range);
            case BlobBody.Stream stream ->
                served(
                        Response.ok(request.cutOnFailure(stream)).header("Content-Length", stream.length()),
                        blob,
                        range);
            case BlobBody.Redirect redirect -> redirected(redirect);
        };
    }

    private static Response served(Response.ResponseBuilder answer, FoundBlob blob, Optional<ByteRange> range) {
        range.ifPresent(part -> answer.status(Response.Status.PARTIAL_CONTENT)
                .header("Content-Range", "bytes " + part.first() + '-' + part.last() + '/' + blob.size()));
        return described(answer, blob.digest()).build();
    }

    /** The client asks for its range there. The address is for this client and this moment: nobody may keep it. */
    private static Response redirected(BlobBody.Redirect redirect) {
        return Response.temporaryRedirect(redirect.location())
                .header("Cache-Control", "no-store")
                .header("Content-Length", 0)
                .build();
    }

    /** Nothing that is served from here may run in a browser, whatever was pushed. */
    private static Response.ResponseBuilder described(Response.ResponseBuilder answer, Digest digest) {
        return answer.type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header("Docker-Content-Digest", digest.toString())
                .header("ETag", Precondition.entityTag(digest))
                .header("Accept-Ranges", "bytes")
                .header("Cache-Control", "max-age=31536000, immutable")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Disposition", "attachment")
                .header("Content-Security-Policy", "sandbox");
    }
}
