package dev.moorage.http.v2;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Says that this is a registry (OCI distribution specification, "Determining Support"). */
@Path("/v2/-/base")
@NonBlocking
class BaseResource {

    private static final String EMPTY = "{}";

    @GET
    public Response get() {
        return Response.ok(EMPTY, MediaType.APPLICATION_JSON_TYPE).build();
    }

    @HEAD
    public Response head() {
        return Response.ok()
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("Content-Length", EMPTY.length())
                .build();
    }
}
