package dev.moorage.http.ui;

import dev.moorage.access.Access;
import dev.moorage.access.PeopleLogin;
import dev.moorage.access.Secret;
import dev.moorage.access.Sessions;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.http.ConsoleCookies;
import dev.moorage.http.ConsolePath;
import dev.moorage.http.Form;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;

/** Lets people into the console. */
@Path("/console/login")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class LoginResource {

    private static final String WRONG =
            "The name or the password is wrong. A token does not do in the place of the password here.";

    private final ConsoleRequest request;
    private final ConsoleCookies cookies;
    private final HttpServerRequest http;
    private final Access access;
    private final Sessions sessions;
    private final PeopleLogin people;

    LoginResource(
            ConsoleRequest request,
            ConsoleCookies cookies,
            HttpServerRequest http,
            Access access,
            Sessions sessions,
            PeopleLogin people) {
        this.request = request;
        this.cookies = cookies;
        this.http = http;
        this.access = access;
        this.sessions = sessions;
        this.people = people;
    }

    /**
     * What the page of the log-in shows.
     *
     * @param next where one goes from there
     * @param user the name that was tried
     * @param fault why that was nothing; empty at first
     * @param provider whether people log in by an OpenID provider too
     */
    record Asked(String csrf, String next, String user, Optional<String> fault, boolean provider) {}

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance login(Frame frame, Asked asked);
    }

    @GET
    public Response ask() {
        String next = next(request.query("next"));
        return isIn() ? to(next) : page(Response.Status.OK, next, "", Optional.empty());
    }

    @POST
    public Response login(InputStream body) {
        if (!access.secured()) {
            return to(ConsolePath.HOME);
        }
        Form form = request.loginForm(body);
        String next = next(form.first("next"));
        String user = form.first("user").orElse("");
        try {
            Optional<Secret> begun = sessions.begin(
                    request.visitor(), user, form.first("password").orElse(""));
            if (begun.isEmpty()) {
                return page(Response.Status.FORBIDDEN, next, user, Optional.of(WRONG));
            }
            // What the browser had before is nobody's any more, whoever gave it to him.
            request.session().ifPresent(session -> sessions.end(request.visitor(), session));
            cookies.give(http, begun.get());
            return to(next);
        } catch (TooManyRequests e) {
            return Response.fromResponse(page(Response.Status.TOO_MANY_REQUESTS, next, user, Optional.of(tooMany(e))))
                    .header("Retry-After", e.headers().get("Retry-After"))
                    .build();
        }
    }

    private boolean isIn() {
        try {
            request.grant();
            return true;
        } catch (Unauthorized _) {
            return false;
        }
    }

    private Response page(Response.Status status, String next, String user, Optional<String> fault) {
        Asked asked = new Asked(request.loginCsrf(), next, user, fault, people.isOffered());
        return Response.status(status)
                .entity(Pages.login(request.frame(), asked).render())
                .build();
    }

    private static String tooMany(TooManyRequests refusal) {
        return "Too many attempts have failed, or there are too many at once. Try again in %s seconds."
                .formatted(refusal.headers().get("Retry-After"));
    }

    private static String next(Optional<String> asked) {
        return asked.flatMap(ConsolePath::of).orElse(ConsolePath.HOME);
    }

    private static Response to(String path) {
        return Response.seeOther(URI.create(path)).build();
    }
}
