package dev.moorage.http.token;

import dev.moorage.access.PeopleLogin;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.temporal.ChronoUnit;

/** What a browser shows of a log-in: plain pages that run nothing, are kept nowhere and stand in no other page. */
final class OidcPage {

    private static final String POLICY =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

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
                    case ADMINISTRATION ->
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

    /** Says why nobody is let in. */
    static Response refusal(int status, String because, URI home) {
        return page(status, """
                <p>%s</p>
                <p>To begin again go to %s/auth/oidc/login</p>
                """.formatted(escaped(because), escaped(home.toString())));
    }

    private static Response page(int status, String body) {
        String page = """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Moorage</title></head>
                <body>
                %s</body>
                </html>
                """.formatted(body);
        return headers(Response.status(status).type("text/html;charset=UTF-8").entity(page));
    }

    private static Response headers(Response.ResponseBuilder answer) {
        return answer.header("Cache-Control", "no-store")
                .header("Content-Security-Policy", POLICY)
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
