package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Browser;
import dev.moorage.testing.MoorageProcess;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody in front of the console of a program in secured mode, who reads pages and fills in their forms. */
final class Console {

    static final String ADMINISTRATOR = "admin";
    static final String PASSWORD = "an administrator's own";
    static final String SESSION = "moorage-console";

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    final Browser browser;

    Console(MoorageProcess program) {
        this(new Browser(program.client()));
    }

    private Console(Browser browser) {
        this.browser = browser;
    }

    /** A program in secured mode has these. */
    static MoorageProcess.Settings secured() {
        return MoorageProcess.Settings.usual()
                .property("moorage.access.mode", "secured")
                .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                .property("moorage.access.throttle.address-failures", "1000000")
                .property("moorage.access.admin-password", PASSWORD);
    }

    /** The same browser in front of another replica. */
    Console at(MoorageProcess other) {
        return new Console(browser.copy(other.client()));
    }

    /** Fills in the form of the log-in. */
    Answer tryLogin(String user, String password) {
        return tryLogin(user, password, "/console/");
    }

    /** The same, having wanted to go elsewhere. */
    Answer tryLogin(String user, String password, String next) {
        return browser.post(
                "/console/login",
                Map.of(
                        "csrf",
                        csrf(browser.get("/console/login").expect(200)),
                        "user",
                        user,
                        "password",
                        password,
                        "next",
                        next));
    }

    /** Logs in, which must be well. */
    Console login(String user, String password) {
        assertThat(tryLogin(user, password).expect(303).header("Location")).endsWith("/console/");
        return this;
    }

    Console login() {
        return login(ADMINISTRATOR, PASSWORD);
    }

    /** Sends a form of a page, with what that page had for it. */
    Answer send(String page, String action, Map<String, String> fields) {
        Map<String, String> all = new TreeMap<>(fields);
        all.put("csrf", csrf(browser.get(page).expect(200)));
        return browser.post(action, all);
    }

    /** The secret of the session that the browser has. */
    String session() {
        return browser.cookies().getOrDefault(SESSION, "");
    }

    /** Whether the console lets him in. */
    boolean isIn() {
        Answer home = browser.get("/console/");
        if (home.status() == 200) {
            return true;
        }
        assertThat(home.expect(303).header("Location")).contains("/console/login");
        return false;
    }

    static String csrf(Answer page) {
        Matcher matcher = CSRF.matcher(page.text());
        assertThat(matcher.find()).as("a form in %s", page).isTrue();
        return matcher.group(1);
    }
}
