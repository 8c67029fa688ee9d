package dev.moorage.http.token;

import dev.moorage.access.Access;
import dev.moorage.access.SigningKeys;
import dev.moorage.error.RegistryException.NameUnknown;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Publishes the keys that verify tokens (RFC 7517, section 5). */
@Path("/auth/keys")
@RunOnVirtualThread
class KeysResource {

    private final Access access;
    private final SigningKeys keys;

    KeysResource(Access access, SigningKeys keys) {
        this.access = access;
        this.keys = keys;
    }

    @GET
    public Response get() {
        if (!access.secured()) {
            throw new NameUnknown("auth/keys");
        }
        return Response.ok(keys.published(), MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "max-age=60")
                .build();
    }
}
