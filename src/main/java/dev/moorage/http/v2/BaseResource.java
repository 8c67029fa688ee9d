package dev.moorage.http.v2;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Says that this is a registry (OCI distribution specification, "Determining Support"). */
@Path("/v2/-/base")
@RunOnVirtualThread
class BaseResource {

    private static final String EMPTY = "{}";

    private final V2Request request;

    BaseResource(V2Request request) {
        this.request = request;
    }

    @GET
    public Response get() {
        request.enter();
        return Response.ok(EMPTY, MediaType.APPLICATION_JSON_TYPE).build();
    }

    @HEAD
    public Response head() {
        request.enter();
        return Response.ok()
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("Content-Length", EMPTY.length())
                .build();
    }
}
