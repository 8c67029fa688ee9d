package dev.moorage.http.token;

import dev.moorage.access.Access;
import dev.moorage.access.TokenRevocation;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.http.ClientAddress;
import dev.moorage.http.Form;
import dev.moorage.http.SlowBodies;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;

/** Ends refresh tokens (RFC 7009); a client says nothing of itself, and what it holds is enough. */
@Path("/auth/revoke")
@RunOnVirtualThread
class RevokeResource {

    private final Access access;
    private final TokenRevocation tokens;
    private final HttpServerRequest http;
    private final ClientAddress addresses;
    private final SlowBodies slowBodies;

    RevokeResource(
            Access access,
            TokenRevocation tokens,
            HttpServerRequest http,
            ClientAddress addresses,
            SlowBodies slowBodies) {
        this.access = access;
        this.tokens = tokens;
        this.http = http;
        this.addresses = addresses;
        this.slowBodies = slowBodies;
    }

    /** What is wrong with a request (RFC 6749, section 5.2; RFC 7009, section 2.2.1). */
    @RegisterForReflection
    private record Fault(String error) {}

    @POST
    public Response post(InputStream body) {
        if (!access.secured()) {
            throw new NameUnknown("auth/revoke");
        }
        // The hint is not needed: a token's form says what it is.
        Optional<String> token =
                Form.read(slowBodies.watched(body, http)).first("token").filter(text -> !text.isEmpty());
        if (token.isEmpty()) {
            return refused("invalid_request");
        }
        return switch (tokens.revoke(addresses.of(http), token.get())) {
            case ENDED -> Response.ok().header("Cache-Control", "no-store").build();
            case UNSUPPORTED -> refused("unsupported_token_type");
        };
    }

    private static Response refused(String error) {
        return Response.status(Response.Status.BAD_REQUEST)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .entity(new Fault(error))
                .build();
    }
}
