package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done to several tags of a repository: they are deleted after a page has asked, and compared. */
@NeedsChromium
class TagsBrowse {

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    private final ConsoleScene scene =
            new ConsoleScene(ConsolePrograms.open(), RegistryClient.newName().replace("/", "-"));
    private final RepositoryClient web = scene.web();

    @Test
    void selectedTagsGoOnlyAfterThePageHasAskedAndComeBackByAnUndo() {
        Image image = web.push("v1", scene.image("1.0.0", 1000));
        web.put("v2", image.manifest()).expect(201);
        web.put("stays", image.manifest()).expect(201);
        web.put("kept-1", image.manifest()).expect(201);
        scene.send("POST", scene.inRepository("immutability-rules"), "{\"pattern\":\"kept-*\"}");
        Visit visit = visitor.arrive();
        Page page = visit.open(ConsolePages.repository(scene));

        for (String tag : new String[] {"v1", "v2", "kept-1"}) {
            page.getByLabel("Select " + tag, new Page.GetByLabelOptions().setExact(true))
                    .check();
        }
        button(page, "Delete selected").click();
        page.getByRole(AriaRole.HEADING, named("Delete tags of " + web.name())).waitFor();
        visit.assertServesEverybody("what a deletion of tags will do");
        assertThat(row(page, "v1").innerText()).contains(image.digest(), "v2", "stays", "It is deleted.");
        assertThat(row(page, "kept-1").innerText()).contains("It stays: the rule kept-* keeps it");
        assertThat(web.tags()).as("nothing goes before the answer").hasSize(4);

        button(page, "Delete 3 tags").click();
        page.getByRole(AriaRole.HEADING, named("Deleted tags of " + web.name())).waitFor();
        visit.assertServesEverybody("what a deletion of tags did");
        assertThat(page.locator("#content").innerText()).contains("It was not deleted: the rule kept-* keeps it");
        assertThat(web.tags()).containsExactly("kept-1", "stays");

        page.getByRole(AriaRole.LINK, named("Undo the deletion of v1")).click();
        button(page, "Undo it").click();
        page.getByRole(AriaRole.STATUS)
                .filter(new Locator.FilterOptions().setHasText("It was undone"))
                .waitFor();
        assertThat(web.resolve("v1")).contains(image.digest());
        assertThat(web.resolve("v2")).isEmpty();
    }

    @Test
    void whoGoesBackHasDeletedNothing() {
        web.push("v1", ImageFactory.fresh().image());
        Page page = visitor.arrive().open(ConsolePages.repository(scene) + "/delete-tags?tag=v1&tag=never-was");

        assertThat(page.locator("#content").innerText()).contains("There is no tag never-was.");
        page.getByRole(AriaRole.LINK, named("Keep all and go back")).click();

        page.getByRole(AriaRole.HEADING, named("Tags of " + web.name())).waitFor();
        assertThat(web.tags()).containsExactly("v1");
    }

    @Test
    void twoTagsAreComparedByTheirNames() {
        web.push("v1", scene.image("1.0.0", 20_000));
        web.push("v2", scene.image("2.0.0", 20_000));
        Visit visit = visitor.arrive();
        Page page = visit.open(ConsolePages.repository(scene));
        page.getByRole(AriaRole.LINK, named("compare tags")).click();

        page.getByLabel("From").fill("v1");
        page.getByLabel("To", new Page.GetByLabelOptions().setExact(true)).fill("v2");
        button(page, "Compare").click();

        page.getByRole(AriaRole.HEADING, named("Layers")).waitFor();
        visit.assertServesEverybody("two tags that are compared");
        // Both are made on the same base, which who has the one needs not fetch.
        assertThat(page.getByRole(AriaRole.HEADING)
                        .filter(new Locator.FilterOptions().setHasText("to fetch"))
                        .innerText())
                .matches("4[2-4]\\.\\d kB to fetch");
        assertThat(page.locator("section:has(#layers) tbody tr td:first-child").allInnerTexts())
                .containsExactlyInAnyOrder("shared", "removed", "removed", "added", "added");
        Locator version = page.locator("section:has(#configuration) tbody tr")
                .filter(new Locator.FilterOptions().setHasText("org.opencontainers.image.version"));
        assertThat(version.locator("td").allInnerTexts()).containsExactly("1.0.0", "2.0.0");
    }

    private static Locator row(Page page, String tag) {
        return page.locator("tbody tr")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.ROWHEADER,
                                new Page.GetByRoleOptions().setName(tag).setExact(true))));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
