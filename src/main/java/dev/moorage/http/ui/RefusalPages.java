package dev.moorage.http.ui;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.error.ErrorBody;
import dev.moorage.http.ConsoleCookies;
import dev.moorage.http.ConsolePath;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Writes every refusal of the console as a page, leads nowhere but to its own pages, and tells everybody to keep none of them.
 *
 * <p>Refusals come as the bodies of the interfaces that know them (an error of the registry, or problem details) and are
 * written anew. Who has to show who he is, is led to the log-in.
 */
class RefusalPages {

    private static final String PATH = "/console";
    private static final String LOGIN = "/console/login";
    private static final Set<String> READS = Set.of("GET", "HEAD");
    private static final MediaType HTML = MediaType.valueOf("text/html;charset=UTF-8");

    private static final String CHANGED = "you may not do this, or what you may was changed a moment ago";

    private final ObjectMapper json;
    private final ConsoleRequest console;
    private final ConsoleCookies cookies;

    RefusalPages(ObjectMapper json, ConsoleRequest console, ConsoleCookies cookies) {
        this.json = json;
        this.console = console;
        this.cookies = cookies;
    }

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance refusal(Frame frame, int status, String title, String detail);

        static native TemplateInstance arrival(String target);
    }

    @ServerResponseFilter
    public void rewrite(ContainerRequestContext request, ContainerResponseContext answer, HttpServerRequest http) {
        if (!isConsole(http.path())) {
            return;
        }
        // But for pictures, which say themselves how they are kept.
        answer.getHeaders().computeIfAbsent(HttpHeaders.CACHE_CONTROL, _ -> new ArrayList<>(List.of("no-store")));
        Optional.ofNullable(answer.getLocation())
                .ifPresent(there -> answer.getHeaders().putSingle(HttpHeaders.LOCATION, relative(there)));
        Optional<String> detail = detail(answer);
        if (detail.isEmpty()) {
            return;
        }
        if (answer.getStatus() != Status.UNAUTHORIZED.getStatusCode()) {
            refuse(answer, detail.get());
            return;
        }
        // A browser would ask for a password by itself.
        answer.getHeaders().remove(HttpHeaders.WWW_AUTHENTICATE);
        if (console.isKnown()) {
            // Whoever has a session is led nowhere: the log-in would lead him back.
            answer.setStatus(Status.FORBIDDEN.getStatusCode());
            refuse(answer, CHANGED);
        } else {
            leadToLogin(request, answer, http);
        }
    }

    private void leadToLogin(ContainerRequestContext request, ContainerResponseContext answer, HttpServerRequest http) {
        String here = READS.contains(request.getMethod())
                ? ConsolePath.of(http.uri()).orElse(ConsolePath.HOME)
                : ConsolePath.HOME;
        if (isFromElsewhere(request, http)) {
            answer.setStatus(Status.OK.getStatusCode());
            answer.setEntity(Pages.arrival(here).render(), new Annotation[0], HTML);
            return;
        }
        answer.setStatus(Status.SEE_OTHER.getStatusCode());
        answer.getHeaders()
                .putSingle(
                        HttpHeaders.LOCATION,
                        here.equals(ConsolePath.HOME) ? LOGIN : LOGIN + "?next=" + URLEncoder.encode(here, UTF_8));
        answer.setEntity(null);
    }

    /**
     * Whether a link on another site led here, in which case a browser keeps the session to itself: the page that is shown then
     * leads to the same place once more, as a page of this site.
     */
    private boolean isFromElsewhere(ContainerRequestContext request, HttpServerRequest http) {
        return "GET".equals(request.getMethod())
                && "cross-site".equals(http.getHeader("Sec-Fetch-Site"))
                && cookies.session(http).isEmpty();
    }

    private void refuse(ContainerResponseContext answer, String detail) {
        Status status = Status.fromStatusCode(answer.getStatus());
        String title = status == null ? "Refused" : status.getReasonPhrase();
        answer.setEntity(
                Pages.refusal(console.frame(), answer.getStatus(), title, detail)
                        .render(),
                new Annotation[0],
                HTML);
    }

    /** Behind a proxy that speaks TLS the framework would lead to where nothing does. */
    private static String relative(URI there) {
        return there.getRawQuery() == null ? there.getRawPath() : there.getRawPath() + '?' + there.getRawQuery();
    }

    static boolean isConsole(String path) {
        return path.equals("/") || path.equals(PATH) || path.startsWith(PATH + '/');
    }

    private Optional<String> detail(ContainerResponseContext answer) {
        return switch (answer.getEntity()) {
            case ErrorBody body -> Optional.of(said(body.errors().getFirst()));
            case byte[] bytes
            when answer.getMediaType() != null
                    && answer.getMediaType().getSubtype().equals("problem+json") -> Optional.of(problem(bytes));
            case null, default -> Optional.empty();
        };
    }

    private static String said(ErrorBody.Entry fault) {
        return Optional.ofNullable(fault.detail().get("reason"))
                .map(Object::toString)
                .or(() ->
                        Optional.ofNullable(fault.detail().get("id")).map(id -> "something failed here, number " + id))
                .orElse(fault.code().message());
    }

    private String problem(byte[] bytes) {
        try {
            return json.readTree(bytes).path("detail").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
