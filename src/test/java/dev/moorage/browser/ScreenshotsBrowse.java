package dev.moorage.browser;

import dev.moorage.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Takes the pictures of README.md: {@code -Dmoorage.screenshots=docs/images}, in an empty registry. */
@NeedsChromium
@EnabledIfSystemProperty(
        named = "moorage.screenshots",
        matches = ".+",
        disabledReason = "takes the pictures of README.md")
class ScreenshotsBrowse {

    /** What the scene is at least, in bytes. */
    private static final long PUSHED = 700_000;

    private static final Duration REPORTED = Duration.ofMinutes(5);
    private static final String EVENT = "/events/{moved}/undo";

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    @Test
    void picturesAreTaken() {
        ConsoleScene scene = ConsoleScene.in(ConsolePrograms.open(), "harbour");
        Map<String, String> pictures = new LinkedHashMap<>();
        pictures.put("home", "/console/");
        pictures.put("repository", ConsolePages.repository(scene));
        pictures.put("tag", ConsolePages.repository(scene) + "/tags/latest");
        pictures.put("compare", ConsolePages.repository(scene) + "/compare?from=1.1.0&to=1.2.0");
        pictures.put("undo", ConsolePages.repository(scene) + scene.filled(EVENT));
        pictures.put("storage", "/console/storage");
        pictures.put("retention", ConsolePages.repository(scene) + "/retention");
        pictures.put("layers", ConsolePages.repository(scene) + "/tags/latest#layers");
        Await.until(
                REPORTED,
                "a report of all that was pushed",
                () -> ConsolePrograms.open()
                                .get("/api/v1/storage")
                                .expect(200)
                                .json()
                                .at("/report/blobs/live/bytes")
                                .asLong()
                        > PUSHED);
        Visit visit = visitor.arrive();
        pictures.forEach((name, address) -> take(visit, address, name));
        take(visitor.arrive(Look.WIDE_DARK), ConsolePages.repository(scene) + "/history", "history-dark");
    }

    private static void take(Visit visit, String address, String name) {
        FewColours.write(
                visit.open(address).screenshot(), Path.of(System.getProperty("moorage.screenshots"), name + ".png"));
    }
}
