package dev.moorage.http.v2;

import dev.moorage.error.ErrorBody;
import dev.moorage.error.ErrorCode;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.http.LogFields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Writes every error body; nothing else does (OCI distribution specification, "Error Codes"). */
@RegisterForReflection(targets = {ErrorBody.class, ErrorBody.Entry.class})
class RegistryExceptionMapper {

    private static final Logger LOG = Logger.getLogger(RegistryExceptionMapper.class);

    @ServerExceptionMapper
    public Response refused(RegistryException refusal) {
        Response.ResponseBuilder answer = body(refusal.status(), refusal.entries());
        refusal.headers().forEach(answer::header);
        return answer.build();
    }

    @ServerExceptionMapper
    public Response nothingThere(NotFoundException absent) {
        return refused(new NameUnknown(""));
    }

    @ServerExceptionMapper
    public Response protocol(WebApplicationException failure) {
        Response given = failure.getResponse();
        Response.ResponseBuilder answer = body(
                given.getStatus(),
                List.of(ErrorBody.Entry.of(
                        given.getStatus() < 500 ? ErrorCode.UNSUPPORTED : ErrorCode.UNKNOWN,
                        Map.of("reason", String.valueOf(failure.getMessage())))));
        given.getHeaders().forEach((name, values) -> values.forEach(value -> answer.header(name, value)));
        return answer.build();
    }

    /** What nobody foresaw: the log has it whole, the client gets its number only. */
    @ServerExceptionMapper
    public Response unforeseen(Throwable failure) {
        String id = LogFields.request();
        LOG.errorf(failure, "Request failed, error %s", id);
        return body(500, List.of(ErrorBody.Entry.of(ErrorCode.UNKNOWN, Map.of("id", id))))
                .build();
    }

    private static Response.ResponseBuilder body(int status, List<ErrorBody.Entry> entries) {
        return Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(new ErrorBody(entries));
    }
}
