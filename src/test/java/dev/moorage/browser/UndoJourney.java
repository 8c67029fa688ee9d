package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** From the first page to a tag that is put back. */
final class UndoJourney {

    private UndoJourney() {}

    /** Finds a repository by its name, opens a tag, and undoes what moved it last, after the console has said what that will do. */
    static void putBack(Page page, String repository, String tag) {
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search repositories"))
                .or(page.locator("#search"))
                .first()
                .fill(repository);
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Search").setExact(true))
                .click();
        content(page).getByRole(AriaRole.LINK, exactly(repository)).first().click();
        content(page).getByRole(AriaRole.LINK, exactly(tag)).first().click();
        content(page)
                .getByRole(AriaRole.LINK)
                .filter(new Locator.FilterOptions().setHasText("History"))
                .last()
                .click();
        content(page)
                .getByRole(AriaRole.LINK)
                .filter(new Locator.FilterOptions().setHasText("Undo…"))
                .first()
                .click();
        assertThat(content(page).innerText()).contains("What will happen").contains(tag);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Undo it"))
                .click();
        page.getByRole(AriaRole.STATUS)
                .filter(new Locator.FilterOptions().setHasText("It was undone"))
                .waitFor();
    }

    private static Locator content(Page page) {
        return page.locator("#content");
    }

    private static Locator.GetByRoleOptions exactly(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }
}
