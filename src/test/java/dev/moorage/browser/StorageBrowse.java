package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.moorage.testing.Await;
import dev.moorage.testing.RegistryClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an organization kept by day is drawn, and told in numbers. */
@NeedsChromium
class StorageBrowse {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    private final ConsoleScene scene =
            new ConsoleScene(ConsolePrograms.open(), RegistryClient.newName().replace("/", "-"));

    @Test
    void whatWasKeptIsDrawnAndTold() {
        scene.web().push("v1", scene.image("1.0.0", 20_000));
        Visit visit = visitor.arrive();
        for (String address : List.of("", "/storage")) {
            Page page = visit.open(ConsolePages.organization(scene) + address);
            Locator drawing = page.getByRole(AriaRole.IMG).and(page.locator("section:has(#growth) svg"));
            Await.until(LIMIT, "the first report, made while or after the image was pushed", () -> {
                page.reload();
                return drawing.count() == 1;
            });
            page.getByText("Each day in numbers").click();

            visit.assertServesEverybody("what was kept by day, at " + address);
            assertThat(page.locator("section:has(#growth) td").count()).isEqualTo(1);
            String told = page.locator("section:has(#growth) td").innerText();
            assertThat(told).endsWith("B");
            assertThat(page.locator("section:has(#growth) > p").first().innerText())
                    .startsWith(told + " on ");
            assertThat(drawing.getAttribute("aria-label")).contains("to " + told + " on ");
            assertThat(drawing.locator("rect").count()).isEqualTo(90);
        }
    }
}
