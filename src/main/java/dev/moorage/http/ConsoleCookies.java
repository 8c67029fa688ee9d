package dev.moorage.http;

import dev.moorage.access.Access;
import dev.moorage.access.Secret;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * The two cookies of the console, which a browser sends to its pages only and from its pages only: what the interfaces of
 * clients are asked bears none, and looks at none.
 *
 * <p>One is a session's secret. The other is a random text that forms are known again by where there is no session: in open
 * mode, and at the log-in.
 */
@ApplicationScoped
public class ConsoleCookies {

    private static final String SESSION = "moorage-console";
    private static final String FORM = "moorage-console-form";
    private static final int BYTES = 24;
    private static final int MAX_LENGTH = 128;

    private final SecureRandom random = new SecureRandom();
    private final Access access;

    ConsoleCookies(Access access) {
        this.access = access;
    }

    /** The secret of a session that the browser has brought; whether it is one nobody has looked. */
    public Optional<String> session(HttpServerRequest request) {
        return brought(request, SESSION);
    }

    /** Gives the secret of a session to the browser until that is closed, in the place of any that it had. */
    public void give(HttpServerRequest request, Secret secret) {
        request.response().addCookie(cookie(request, SESSION, secret.reveal()));
        take(request, FORM);
    }

    /** Takes the session from the browser. */
    public void take(HttpServerRequest request) {
        take(request, SESSION);
    }

    /** What forms are known again by where there is no session; empty where the browser has brought nothing. */
    public Optional<String> form(HttpServerRequest request) {
        return brought(request, FORM);
    }

    /** Gives the browser such a text, which it brings with the next form. */
    public String giveForm(HttpServerRequest request) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        request.response().addCookie(cookie(request, FORM, text));
        return text;
    }

    /** What a form brings back that was made for the holder of a cookie: nobody else can know it, and it tells nothing. */
    public static String csrf(String cookie) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("moorage console form\n" + cookie).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a form was made for the holder of a cookie. */
    public static boolean fits(String cookie, String csrf) {
        return MessageDigest.isEqual(
                csrf(cookie).getBytes(StandardCharsets.UTF_8), csrf.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> brought(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getCookie(name))
                .map(Cookie::getValue)
                .filter(value -> !value.isEmpty() && value.length() <= MAX_LENGTH);
    }

    private void take(HttpServerRequest request, String name) {
        request.response().addCookie(cookie(request, name, "").setMaxAge(0));
    }

    private Cookie cookie(HttpServerRequest request, String name, String value) {
        return Cookie.cookie(name, value)
                .setPath("/console")
                .setHttpOnly(true)
                .setSecure(isSecure(request))
                .setSameSite(CookieSameSite.STRICT);
    }

    /**
     * Whether the cookie goes by TLS only. A proxy may speak TLS and hand requests on in the clear, and what a header says of
     * that is not looked at: in secured mode it always does, but for a browser on the machine itself, where there is no network to
     * listen on and no certificate.
     */
    private boolean isSecure(HttpServerRequest request) {
        return request.isSSL()
                || (access.secured()
                        && !isLoopback(NamedHost.of(request).orElse("").toLowerCase(Locale.ROOT)));
    }

    private static boolean isLoopback(String host) {
        int port = host.lastIndexOf(':');
        boolean bracketed = host.startsWith("[");
        String name = port < 0 || (bracketed && port < host.indexOf(']')) ? host : host.substring(0, port);
        return name.equals("localhost") || name.equals("127.0.0.1") || name.equals("[::1]");
    }
}
