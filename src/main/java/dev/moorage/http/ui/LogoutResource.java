package dev.moorage.http.ui;

import dev.moorage.access.Access;
import dev.moorage.access.Sessions;
import dev.moorage.http.ConsoleCookies;
import dev.moorage.http.ConsolePath;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;

/** Lets people out of the console. */
@Path("/console/logout")
@RunOnVirtualThread
class LogoutResource {

    private final ConsoleRequest request;
    private final ConsoleCookies cookies;
    private final HttpServerRequest http;
    private final Access access;
    private final Sessions sessions;

    LogoutResource(
            ConsoleRequest request, ConsoleCookies cookies, HttpServerRequest http, Access access, Sessions sessions) {
        this.request = request;
        this.cookies = cookies;
        this.http = http;
        this.access = access;
        this.sessions = sessions;
    }

    @POST
    public Response logout(InputStream body) {
        request.form(body);
        request.session().ifPresent(session -> sessions.end(request.visitor(), session));
        cookies.take(http);
        return Response.seeOther(URI.create(access.secured() ? "/console/login" : ConsolePath.HOME))
                .build();
    }
}
