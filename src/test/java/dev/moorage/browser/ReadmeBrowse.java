package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.RegistryClient;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A README is written in the settings of a repository, and read behind. */
@NeedsChromium
class ReadmeBrowse {

    private static final Pattern HARMLESS = Pattern.compile("(https?|mailto):.*");

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    private final ConsoleScene scene =
            new ConsoleScene(ConsolePrograms.open(), RegistryClient.newName().replace("/", "-"));

    @Test
    void readmeIsWrittenAndReadAsMarkdown() {
        Page page = save("# Quay\n\nTake *this* one.\n\n| Port | For |\n|---|---|\n| 8080 | http |\n");

        Locator readme = page.locator(".readme");
        assertThat(readme.getByRole(
                                AriaRole.HEADING,
                                new Locator.GetByRoleOptions().setName("Quay").setLevel(3))
                        .count())
                .isEqualTo(1);
        assertThat(readme.locator("em").innerText()).isEqualTo("this");
        assertThat(readme.locator("td").allInnerTexts()).containsExactly("8080", "http");
    }

    @Test
    void whatWouldRunInItIsText() {
        List<String> hostile = Hostile.texts();
        Page page = save("# All of it\n\n" + String.join("\n\n", hostile) + "\n");

        Locator readme = page.locator(".readme");
        assertThat(readme.locator("script, style, img, svg, math, iframe, object, embed, link, base, meta, form, input")
                        .count())
                .isZero();
        assertThat(readme.locator("[onload], [onerror], [onclick], [onfocus], [style], [srcdoc]")
                        .count())
                .isZero();
        List<?> links = (List<?>) readme.locator("a").evaluateAll("(all) => all.map((link) => link.href)");
        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat((String) link)
                .matches(HARMLESS));
        String text = readme.textContent();
        List<String> tags = hostile.stream().filter(one -> one.startsWith("<")).toList();
        assertThat(tags).hasSizeGreaterThan(20).allSatisfy(one -> assertThat(text)
                .contains(one));
    }

    /** Saves a text by the form and goes to the page that shows it. */
    private Page save(String text) {
        scene.web().push("v1", ImageFactory.fresh().image());
        Visit visit = visitor.arrive();
        Page page = visit.open(ConsolePages.repository(scene) + "/settings");
        Locator field = page.getByLabel("Markdown, at most 64 KiB");
        field.fill(text);
        page.getByRole(AriaRole.BUTTON, named("Save README")).click();
        page.getByRole(AriaRole.STATUS)
                .filter(new Locator.FilterOptions().setHasText("README was saved"))
                .waitFor();
        assertThat(field.inputValue()).as("the form has it still").isEqualTo(text);
        visit.assertServesEverybody("the settings with a README");
        visit.assertNothingRan("the settings with a README");
        page.getByRole(AriaRole.LINK, named("See how it looks now")).click();
        page.getByRole(AriaRole.HEADING, named("README")).waitFor();
        visit.assertServesEverybody("a README");
        visit.assertNothingRan("a README");
        return page;
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
