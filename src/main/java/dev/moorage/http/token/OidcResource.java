package dev.moorage.http.token;

import dev.moorage.access.Credentials;
import dev.moorage.access.PeopleLogin;
import dev.moorage.access.Visitor;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.http.ClientAddress;
import dev.moorage.http.ConsoleCookies;
import dev.moorage.http.NamedHost;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/**
 * Lets people log in by an OpenID provider (OpenID Connect Core, section 3.1): the browser goes there, comes back, and is
 * shown a token for the person's clients, once, or led into the console.
 *
 * <p>Quarkus speaks with the provider and verifies what it says; it is asked here, and for no other path.
 */
@Path("/auth/oidc")
@RunOnVirtualThread
class OidcResource {

    private static final Logger LOG = Logger.getLogger(OidcResource.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STATE = "q_auth";
    private static final String SESSION = "q_session";
    private static final String PURPOSE = "moorage_purpose";
    private static final long PURPOSE_SECONDS = 600;

    private final PeopleLogin people;
    private final HttpAuthenticator authenticator;
    private final RoutingContext context;
    private final HttpServerRequest http;
    private final ClientAddress addresses;
    private final ConsoleCookies cookies;

    OidcResource(
            PeopleLogin people,
            HttpAuthenticator authenticator,
            RoutingContext context,
            HttpServerRequest http,
            ClientAddress addresses,
            ConsoleCookies cookies) {
        this.people = people;
        this.authenticator = authenticator;
        this.context = context;
        this.http = http;
        this.addresses = addresses;
        this.cookies = cookies;
    }

    @GET
    @Path("login")
    public Response login(@QueryParam("for") Optional<String> wanted, @QueryParam("next") Optional<String> next) {
        demandOffered();
        people.begin(addresses.of(http));
        // Another log-in that was begun and not ended is no concern of this one.
        Set<String> before = http.cookies().stream().map(Cookie::getName).collect(Collectors.toSet());
        try {
            ChallengeData challenge =
                    authenticator.getChallenge(context).await().atMost(PATIENCE);
            http.response().addCookie(kept(wanted.orElse(""), next.orElse("")));
            http.cookies().stream()
                    .filter(cookie -> !before.contains(cookie.getName()))
                    .forEach(cookie -> cookie.setSameSite(CookieSameSite.LAX));
            return OidcPage.leading(URI.create(challenge.headerContent));
        } catch (RuntimeException e) {
            return away(e);
        }
    }

    @GET
    @Path("callback")
    public Response callback() {
        demandOffered();
        people.begin(addresses.of(http));
        Kept kept = Kept.of(Optional.ofNullable(http.getCookie(PURPOSE)).map(Cookie::getValue));
        try {
            return verified()
                    .map(token -> switch (people.enter(visitor(), token, kept.purpose())) {
                        case PeopleLogin.Outcome.Welcome welcome -> OidcPage.welcome(home(), welcome);
                        case PeopleLogin.Outcome.Session session -> {
                            cookies.give(http, session.secret());
                            yield OidcPage.entering(kept.next());
                        }
                        case PeopleLogin.Outcome.Refused refused -> OidcPage.refusal(403, refused.because(), home());
                    })
                    .orElseGet(this::notFinished);
        } catch (OIDCException | TimeoutException e) {
            return away(e);
        } finally {
            // What Quarkus would keep a session by stands for nothing here.
            forget(SESSION);
            forget(PURPOSE);
        }
    }

    /** Keeps what the log-in is for until the browser is back. Whoever changes it is the one who gets what it is for. */
    private Cookie kept(String wanted, String next) {
        return Cookie.cookie(PURPOSE, Kept.of(wanted, next).text())
                .setPath("/auth/oidc")
                .setHttpOnly(true)
                .setSecure("https".equals(home().getScheme()))
                .setSameSite(CookieSameSite.LAX)
                .setMaxAge(PURPOSE_SECONDS);
    }

    /** The id-token of who has logged in, verified; empty where nobody has. */
    private Optional<String> verified() {
        // What the provider gives as a reason would be printed, and comes by the browser.
        if (http.getParam("error") != null || !holds(STATE)) {
            forget(STATE);
            return Optional.empty();
        }
        try {
            SecurityIdentity identity =
                    authenticator.attemptAuthentication(context).await().atMost(PATIENCE);
            return Optional.ofNullable(identity)
                    .map(SecurityIdentity::getPrincipal)
                    .filter(JsonWebToken.class::isInstance)
                    .map(principal -> ((JsonWebToken) principal).getRawToken());
        } catch (AuthenticationCompletionException | AuthenticationFailedException e) {
            LOG.warnf("A log-in by the OpenID provider was refused: %s", OidcFailure.words(e));
            return Optional.empty();
        }
    }

    private Response notFinished() {
        people.failed(visitor());
        return OidcPage.refusal(401, "The log-in was not finished, or too late, or is another one.", home());
    }

    private Response away(RuntimeException failure) {
        LOG.warnf("Nobody can log in by the OpenID provider: %s", OidcFailure.words(failure));
        return OidcPage.refusal(503, "The provider that knows you does not answer now.", home());
    }

    private boolean holds(String cookies) {
        return http.cookies().stream().anyMatch(cookie -> cookie.getName().startsWith(cookies));
    }

    private void forget(String cookies) {
        http.cookies().stream()
                .map(Cookie::getName)
                .filter(name -> name.startsWith(cookies))
                .distinct()
                .toList()
                .forEach(name -> http.response().removeCookies(name, true));
    }

    private Visitor visitor() {
        return new Visitor(
                new Credentials.None(),
                addresses.of(http),
                Optional.ofNullable(http.getHeader("User-Agent")).orElse(""),
                Optional.ofNullable(http.getHeader("Host")));
    }

    private URI home() {
        return people.address(NamedHost.of(http));
    }

    private void demandOffered() {
        if (!people.isOffered()) {
            throw new NameUnknown("auth/oidc");
        }
    }
}
