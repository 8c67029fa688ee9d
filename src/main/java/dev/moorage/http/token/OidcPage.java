package dev.moorage.http.token;

import dev.moorage.access.PeopleLogin;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.temporal.ChronoUnit;

/** What a browser shows of a log-in: plain pages that run nothing, are kept nowhere and stand in no other page. */
final class OidcPage {

    private static final String STANDING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String POLICY = STANDING + "; sandbox";

    private OidcPage() {}

    /** Sends the browser on. */
    static Response leading(URI elsewhere) {
        return headers(Response.status(Response.Status.FOUND).location(elsewhere));
    }

    /** Shows the token, once. */
    static Response welcome(URI home, PeopleLogin.Outcome.Welcome welcome) {
        String account = escaped(welcome.account());
        String use =
                switch (welcome.purpose()) {
                    case CLIENTS -> "docker login " + escaped(home.getAuthority()) + " --username " + account;
                    case ADMINISTRATION, CONSOLE ->
                        "curl --user " + account + " " + escaped(home.toString()) + "/api/v1/account";
                };
        return page(200, """
                <p>You are <strong>%s</strong>. This token is good until %s. It is not shown again.</p>
                <pre>%s</pre>
                <p>Give it to a client as your password, where it asks for one:</p>
                <pre>%s</pre>
                """.formatted(
                        account,
                        welcome.until().truncatedTo(ChronoUnit.SECONDS),
                        escaped(welcome.secret().reveal()),
                        use));
    }

    /**
     * Leads into the console, where the session that the browser was just given counts: a redirection would not, for a browser
     * that comes from the provider's site keeps such a cookie to itself until a page of this site sends it on. In a sandbox a
     * page is of no site.
     */
    static Response entering(String next) {
        String page =
                document("<meta http-equiv=\"refresh\" content=\"0;url=%s\">".formatted(escaped(next)), """
                <p>You are logged in. <a href="%s">Go on to the console</a></p>
                """.formatted(
                                escaped(next)));
        return headers(Response.ok(page, "text/html;charset=UTF-8"), STANDING);
    }

    /** Says why nobody is let in. */
    static Response refusal(int status, String because, URI home) {
        return page(status, """
                <p>%s</p>
                <p>To begin again go to %s/auth/oidc/login</p>
                """.formatted(escaped(because), escaped(home.toString())));
    }

    private static Response page(int status, String body) {
        return headers(Response.status(status).type("text/html;charset=UTF-8").entity(document("", body)));
    }

    private static String document(String head, String body) {
        return """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Moorage</title>%s</head>
                <body>
                %s</body>
                </html>
                """.formatted(head, body);
    }

    private static Response headers(Response.ResponseBuilder answer) {
        return headers(answer, POLICY);
    }

    private static Response headers(Response.ResponseBuilder answer, String policy) {
        return answer.header("Cache-Control", "no-store")
                .header("Content-Security-Policy", policy)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
