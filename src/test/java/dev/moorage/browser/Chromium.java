package dev.moorage.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Chromium without a window, one for all tests of a JVM.
 *
 * <p>System property {@code moorage.test.chromium} names it, {@code /usr/bin/chromium} else. It asks nobody on the network for
 * anything but what it is told to open.
 */
final class Chromium implements AutoCloseable {

    private static final Path EXECUTABLE = Path.of(System.getProperty("moorage.test.chromium", "/usr/bin/chromium"));
    private static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright) {
        this.playwright = playwright;
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(EXECUTABLE)
                        .setArgs(ARGUMENTS));
    }

    /** Why there is none; empty where it can be started. */
    static Optional<String> missing() {
        if (!Files.isExecutable(EXECUTABLE)) {
            return Optional.of(
                    "there is no " + EXECUTABLE + ": install chromium, or name it by -Dmoorage.test.chromium");
        }
        try {
            Class.forName("com.microsoft.playwright.impl.driver.jar.DriverJar");
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("what drives the browser comes by Maven's profile 'browser': -Pbrowser");
        }
    }

    static Chromium start() {
        return new Chromium(Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
