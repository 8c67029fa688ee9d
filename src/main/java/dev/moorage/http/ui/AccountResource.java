package dev.moorage.http.ui;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.PeopleLogin;
import dev.moorage.access.Sessions;
import dev.moorage.administration.Listing;
import dev.moorage.administration.OwnAccount;
import dev.moorage.administration.OwnAccountService;
import dev.moorage.administration.OwnSession;
import dev.moorage.administration.OwnSessionService;
import dev.moorage.administration.PersonalToken;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.http.ConsoleCookies;
import dev.moorage.http.Fields;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The page of one's own account: who one is, the password, tokens for clients, and where one is logged in. */
@Path("/console/account")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class AccountResource {

    private static final int MOST_DAYS = 3650;

    private final ConsoleRequest request;
    private final ConsoleCookies cookies;
    private final HttpServerRequest http;
    private final OwnAccountService own;
    private final OwnSessionService ownSessions;
    private final Sessions sessions;
    private final PeopleLogin people;
    private final InstantSource time;

    AccountResource(
            ConsoleRequest request,
            ConsoleCookies cookies,
            HttpServerRequest http,
            OwnAccountService own,
            OwnSessionService ownSessions,
            Sessions sessions,
            PeopleLogin people,
            InstantSource time) {
        this.request = request;
        this.cookies = cookies;
        this.http = http;
        this.own = own;
        this.ownSessions = ownSessions;
        this.sessions = sessions;
        this.people = people;
        this.time = time;
    }

    /**
     * What the page shows.
     *
     * @param actions what a token can be for
     * @param provider whether people log in by an OpenID provider, whose accounts have no password
     */
    record Own(
            OwnAccount account,
            Listing<PersonalToken> tokens,
            List<OwnSession> sessions,
            List<String> actions,
            boolean provider) {}

    /** The pages. */
    @CheckedTemplate(basePath = "console")
    static final class Pages {
        private Pages() {}

        static native TemplateInstance account(Frame frame, Own own);

        static native TemplateInstance token(Frame frame, PersonalToken.Made made, String account);
    }

    @GET
    public TemplateInstance get() {
        Grant grant = request.grant();
        Own shown = new Own(
                own.get(grant),
                own.tokens(grant, request.page()),
                ownSessions.list(grant, request.session()),
                List.of(Action.values()).stream().map(Action::text).toList(),
                people.isOffered());
        return Pages.account(request.frame(), shown);
    }

    @POST
    @Path("password")
    public Response changePassword(InputStream body) {
        Form form = request.form(body);
        Grant grant = request.grant();
        String password = form.first("new").orElse("");
        if (!form.first("again").orElse("").equals(password)) {
            throw new Invalid("again", "the new password was not repeated as it was written first");
        }
        own.changePassword(grant, form.first("password").orElse(""), password);
        // All sessions ended with it: whoever else had one has none now, and who changed it gets a new one.
        return sessions.begin(request.visitor(), grant.caller().account(), password)
                .map(secret -> {
                    cookies.give(http, secret);
                    return back();
                })
                .orElseGet(() -> to("/console/login"));
    }

    // The answer is the page itself: it is the only one that ever shows the token.
    @POST
    @Path("tokens")
    public TemplateInstance makeToken(InputStream body) {
        Form form = request.form(body);
        Grant grant = request.himself(form);
        PersonalToken.Made made = own.createToken(
                grant,
                new OwnAccountService.Wanted(
                        form.first("name").orElse(""),
                        Fields.prefix(form.first("prefix").orElse("").strip()),
                        Fields.actions(form.all("actions")),
                        form.first("days").filter(text -> !text.isBlank()).map(this::after)));
        return Pages.token(request.frame(), made, grant.caller().account());
    }

    @POST
    @Path("tokens/{id}/delete")
    public Response deleteToken(long id, InputStream body) {
        request.form(body);
        own.revokeToken(request.grant(), id);
        return back();
    }

    @POST
    @Path("sessions/{id}/end")
    public Response endSession(String id, InputStream body) {
        request.form(body);
        ownSessions.end(request.grant(), id);
        return back();
    }

    @POST
    @Path("sessions/end-others")
    public Response endOthers(InputStream body) {
        request.form(body);
        ownSessions.endOthers(request.grant(), request.session());
        return back();
    }

    private Instant after(String days) {
        return Optional.of(days.strip())
                .filter(text -> text.matches("[1-9]\\d{0,3}"))
                .map(Integer::valueOf)
                .filter(number -> number <= MOST_DAYS)
                .map(number -> time.instant().plus(Duration.ofDays(number)))
                .orElseThrow(() -> new Invalid("days", "days is a number from 1 to " + MOST_DAYS + ", or empty"));
    }

    private static Response back() {
        return to("/console/account");
    }

    private static Response to(String path) {
        return Response.seeOther(URI.create(path)).build();
    }
}
