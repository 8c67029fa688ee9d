package dev.moorage.http.v2;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.UploadService;
import dev.moorage.registry.UploadService.Progress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** An upload session: status, chunks, the closing request, and the end without one ("Pushing a blob in chunks"). */
@Path("/v2/-/upload")
@RunOnVirtualThread
class UploadResource {

    private final UploadService uploads;
    private final V2Request request;

    UploadResource(UploadService uploads, V2Request request) {
        this.uploads = uploads;
        this.request = request;
    }

    @GET
    public Response status() {
        Grant grant = request.require(Action.PUSH);
        return UploadAnswers.progress(Response.noContent(), grant, uploads.status(grant, id()))
                .build();
    }

    @PATCH
    public Response append(InputStream body) {
        Grant grant = request.require(Action.PUSH);
        UploadId id = id();
        Progress progress =
                UploadAnswers.located(grant, id, () -> uploads.append(grant, id, UploadAnswers.chunk(request, body)));
        return UploadAnswers.progress(Response.accepted(), grant, progress)
                .header("Content-Length", 0)
                .build();
    }

    @PUT
    public Response finish(InputStream body) {
        Grant grant = request.require(Action.PUSH);
        UploadId id = id();
        Digest done = UploadAnswers.located(
                grant,
                id,
                () -> uploads.finish(grant, id, request.query("digest"), UploadAnswers.chunk(request, body)));
        return UploadAnswers.created(grant, done);
    }

    @DELETE
    public Response cancel() {
        uploads.cancel(request.require(Action.PUSH), id());
        return Response.noContent().build();
    }

    private UploadId id() {
        return UploadId.parse(request.last()).orElseThrow(() -> new UploadUnknown("no such upload in this repository"));
    }
}
