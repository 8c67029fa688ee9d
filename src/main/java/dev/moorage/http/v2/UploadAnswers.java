package dev.moorage.http.v2;

import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException.ChunkOutOfPlace;
import dev.moorage.error.RegistryException.UploadInvalid;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.UploadService.Chunk;
import dev.moorage.registry.UploadService.Progress;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** What requests on uploads have in common: how a chunk is described, and what every answer tells. */
final class UploadAnswers {

    private UploadAnswers() {}

    /** The body of a request with what its headers say of it. */
    static Chunk chunk(V2Request request, InputStream body) {
        Optional<ByteRange> range = request.header("Content-Range").map(header -> ByteRange.parseChunk(header)
                .orElseThrow(() -> new UploadInvalid("Content-Range is <first>-<last>, both included")));
        return new Chunk(range, request.length(), request.patiently(body));
    }

    /** Where an upload is, and how far: relative, so that it holds behind every proxy. */
    static Response.ResponseBuilder progress(Response.ResponseBuilder answer, Grant grant, Progress progress) {
        return answer.header("Location", location(grant, progress.id()))
                .header("Docker-Upload-UUID", progress.id().toString())
                .header("Range", "0-" + Math.max(0, progress.offset() - 1));
    }

    /** A blob that the repository shows now. */
    static Response created(Grant grant, Digest digest) {
        return Response.status(Response.Status.CREATED)
                .header("Location", "/v2/" + grant.repository() + "/blobs/" + digest)
                .header("Docker-Content-Digest", digest.toString())
                .header("Content-Length", 0)
                .build();
    }

    /** Does the work; a chunk that is out of place is refused with the address where the upload goes on. */
    static <T> T located(Grant grant, UploadId id, Supplier<T> work) {
        try {
            return work.get();
        } catch (ChunkOutOfPlace refusal) {
            throw refusal.at(id, location(grant, id));
        }
    }

    private static String location(Grant grant, UploadId id) {
        return "/v2/" + grant.repository() + "/blobs/uploads/" + id;
    }
}
