package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody at the console. What a page logs as an error, what it cannot load or is not allowed to, what it asks of other
 * servers, and each box that opens by itself are written down.
 */
final class Visit {

    // Set by what a payload does where it runs.
    private static final String HARM = "harmed";

    private final URI base;
    private final BrowserContext context;
    private final Page page;
    private final List<String> troubles = new ArrayList<>();
    private Look look;
    private boolean refusalsAreExpected;

    Visit(Browser browser, URI base, Look look) {
        this.base = base;
        this.look = look;
        this.context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setColorScheme(look.colours())
                .setLocale("en-GB"));
        context.setDefaultTimeout(15_000);
        context.onConsoleMessage(message -> {
            boolean refusal = message.text().startsWith("Failed to load resource: the server responded");
            if (List.of("error", "warning").contains(message.type()) && !(refusal && refusalsAreExpected)) {
                trouble(message.type() + " on the console: " + message.text() + " at " + message.location());
            }
        });
        context.onWebError(error -> trouble("a script failed: " + error.error()));
        context.onRequest(request -> {
            if (!request.url().startsWith(base.toString()) && !request.url().startsWith("data:")) {
                trouble("asked elsewhere: " + request.url());
            }
        });
        context.onRequestFailed(request -> {
            // A page that is left takes what it still asked for back.
            if (!"net::ERR_ABORTED".equals(request.failure())) {
                trouble("failed: " + request.url() + " " + request.failure());
            }
        });
        context.onResponse(this::look);
        context.onDialog(dialog -> {
            trouble("a box opened: " + dialog.message());
            dialog.dismiss();
        });
        this.page = context.newPage();
    }

    private void look(Response response) {
        if (response.status() >= 400 && !refusalsAreExpected) {
            trouble(response.status() + " from " + response.url());
        }
    }

    private void trouble(String what) {
        troubles.add(what);
    }

    /** The page that is open. */
    Page page() {
        return page;
    }

    /** Has a cookie for the console, as if it had been given one before. */
    Visit with(String name, String value) {
        context.addCookies(
                List.of(new Cookie(name, value).setUrl(base.resolve("/console").toString())));
        return this;
    }

    /** Opens a path of the registry. */
    Page open(String path) {
        page.navigate(base.resolve(path).toString());
        return page;
    }

    /** Opens a path that is refused, and answers the status. */
    int openRefused(String path) {
        refusalsAreExpected = true;
        int status = page.navigate(base.resolve(path).toString()).status();
        refusalsAreExpected = false;
        return status;
    }

    /** Does something, as a click, that is refused by a page which says so, and answers the status. */
    int refused(Runnable deed) {
        refusalsAreExpected = true;
        int status =
                page.waitForResponse(response -> response.status() >= 400, deed).status();
        page.getByRole(AriaRole.ALERT).first().waitFor();
        refusalsAreExpected = false;
        return status;
    }

    /** Changes the window. */
    void look(Look look) {
        this.look = look;
        page.setViewportSize(look.width(), look.height());
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.colours()));
    }

    /** Demands that the page is as wide as the window, whatever in it scrolls by itself. */
    void assertFits(String what) {
        Object wider = page.evaluate("""
                () => {
                  const root = document.documentElement;
                  if (root.scrollWidth <= root.clientWidth) return '';
                  const scrolls = (node) => node && (node.scrollWidth > node.clientWidth
                    && getComputedStyle(node).overflowX !== 'visible' || scrolls(node.parentElement));
                  const guilty = [...document.body.querySelectorAll('*')]
                    .filter((node) => node.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(node.parentElement))
                    .map((node) => node.outerHTML.slice(0, 160));
                  return root.scrollWidth + ' > ' + root.clientWidth + ': ' + guilty.slice(0, 5).join('\\n');
                }""");
        assertThat(wider).as("%s is no wider than the window", what).isEqualTo("");
    }

    /** Demands that whoever looks at the page can use it: in a wide window by day, and in a narrow one by night. */
    void assertServesEverybody(String what) {
        Look before = look;
        for (Look other : List.of(Look.WIDE, Look.NARROW_DARK)) {
            look(other);
            assertFits(what + " " + other);
            Axe.assertNoViolation(page, what + " " + other);
        }
        look(before);
    }

    /** Demands that nothing which tenants wrote has run. */
    void assertNothingRan(String what) {
        assertThat(page.evaluate("() => window." + HARM + " === undefined"))
                .as("nothing of a payload ran on %s", what)
                .isEqualTo(true);
    }

    void end() {
        context.close();
    }

    void assertNothingWentWrong() {
        assertThat(troubles).as("what went wrong in the browser").isEmpty();
    }
}
