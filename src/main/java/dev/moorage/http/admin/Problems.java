package dev.moorage.http.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.error.AdministrationException;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.ErrorBody;
import dev.moorage.error.ErrorCode;
import dev.moorage.http.GivenGrant;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Writes every refusal on {@code /api/v1} as problem details (RFC 9457), and tells everybody to keep none of the answers.
 *
 * <p>Refusals that both interfaces know (a login, a throttle, an outage, a path or method that is not there, a failure that
 * nobody foresaw) come as the body of the other one and are written anew.
 */
class Problems {

    private static final String PATH = "/api/v1";
    private static final String TYPE = "urn:moorage:problem:";
    private static final MediaType PROBLEM = MediaType.valueOf("application/problem+json");

    private final ObjectMapper json;
    private final GivenGrant given;

    Problems(ObjectMapper json, GivenGrant given) {
        this.json = json;
        this.given = given;
    }

    @ServerExceptionMapper
    public Response refused(AdministrationException refusal) {
        if (refusal instanceof Forbidden forbidden) {
            given.tell(forbidden);
        }
        AdministrationException.Kind kind = refusal.kind();
        Map<String, Object> problem = problem(kind.name(), kind.title(), kind.status(), refusal.getMessage());
        refusal.field().ifPresent(field -> problem.put("field", field));
        problem.putAll(refusal.more());
        return Response.status(kind.status())
                .type(PROBLEM)
                .entity(bytes(problem))
                .build();
    }

    @ServerResponseFilter
    public void rewrite(ContainerRequestContext request, ContainerResponseContext answer) {
        if (!request.getUriInfo().getPath().startsWith(PATH)) {
            return;
        }
        answer.getHeaders().putSingle("Cache-Control", "no-store");
        if (answer.getEntity() instanceof ErrorBody body) {
            answer.setEntity(
                    bytes(rewritten(body.errors().getFirst(), answer.getStatus())), new Annotation[0], PROBLEM);
        }
    }

    private static Map<String, Object> rewritten(ErrorBody.Entry fault, int status) {
        if (fault.code() == ErrorCode.NAME_UNKNOWN) {
            AdministrationException.Kind kind = AdministrationException.Kind.NOT_FOUND;
            return problem(kind.name(), kind.title(), status, "there is nothing at this path");
        }
        String title = fault.code().message();
        Map<String, Object> problem = problem(
                fault.code().name(),
                title,
                status,
                Optional.ofNullable(fault.detail().get("reason"))
                        .map(Object::toString)
                        .orElse(title));
        Optional.ofNullable(fault.detail().get("id")).ifPresent(id -> problem.put("id", id));
        return problem;
    }

    private static Map<String, Object> problem(String kind, String title, int status, String detail) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", TYPE + kind.toLowerCase(Locale.ROOT).replace('_', '-'));
        problem.put("title", title);
        problem.put("status", status);
        problem.put("detail", detail);
        return problem;
    }

    private byte[] bytes(Map<String, Object> problem) {
        try {
            return json.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
