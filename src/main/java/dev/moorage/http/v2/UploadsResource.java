package dev.moorage.http.v2;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException.DigestInvalid;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.MountService;
import dev.moorage.registry.MountService.Mount;
import dev.moorage.registry.UploadService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;

/** Begins uploads, takes whole blobs, and mounts ("Pushing blobs", "Mounting a blob from another repository"). */
@Path("/v2/-/uploads")
@RunOnVirtualThread
class UploadsResource {

    private final UploadService uploads;
    private final MountService mounts;
    private final V2Request request;

    UploadsResource(UploadService uploads, MountService mounts, V2Request request) {
        this.uploads = uploads;
        this.mounts = mounts;
        this.request = request;
    }

    @POST
    public Response begin(InputStream body) {
        Grant grant = request.require(Action.PUSH);
        Optional<String> mount = request.query("mount");
        Optional<String> digest = request.query("digest");
        if (mount.isPresent()) {
            return mount(grant, mount.get(), request.query("from"));
        }
        if (digest.isPresent()) {
            Digest wanted = References.digest(digest.get());
            return UploadAnswers.created(grant, uploads.whole(grant, wanted, UploadAnswers.chunk(request, body)));
        }
        return begun(
                grant,
                request.query("digest-algorithm")
                        .map(UploadsResource::algorithm)
                        .orElse(Digest.Algorithm.SHA256));
    }

    /** Malformed, absent, forbidden: all the same, and the client uploads. */
    private Response mount(Grant grant, String mount, Optional<String> from) {
        Optional<Digest> digest = Digest.parse(mount);
        Optional<RepositoryName> name = from.flatMap(RepositoryName::parse);
        if (digest.isPresent() && from.isPresent() == name.isPresent()) {
            Optional<Grant> source = name.flatMap(other -> request.offered(other, Action.PULL));
            Mount done = name.isPresent() && source.isEmpty()
                    ? mounts.mountHeld(grant, digest.get(), name.get())
                    : mounts.mount(grant, digest.get(), source);
            if (done instanceof Mount.Linked(Digest linked)) {
                return UploadAnswers.created(grant, linked);
            }
        }
        return begun(grant, digest.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256));
    }

    private Response begun(Grant grant, Digest.Algorithm algorithm) {
        return UploadAnswers.progress(Response.accepted(), grant, uploads.begin(grant, algorithm))
                .header("OCI-Chunk-Min-Length", 1)
                .header("Content-Length", 0)
                .build();
    }

    private static Digest.Algorithm algorithm(String text) {
        return Digest.Algorithm.parse(text)
                .orElseThrow(() -> new DigestInvalid("the digest algorithms are sha256 and sha512", text));
    }
}
