package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.RepositoryClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A tag that was overwritten is found by a search and put back, by a mouse and by the keyboard alone. */
@NeedsChromium
class UndoBrowse {

    private static final int MOST_STEPS = 120;

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    private final RepositoryClient repository = ConsolePrograms.open().newRepository();

    @Test
    void overwrittenTagIsFoundAndPutBack() {
        Image first = repository.push("v1", ImageFactory.fresh().image());
        Image second = repository.push("v1", ImageFactory.fresh().image());
        Page page = visitor.arrive().open("/");
        UndoJourney.putBack(page, repository.name(), "v1");

        assertThat(repository.resolve("v1")).contains(first.digest());
        assertThat(repository.get("manifests/v1").body())
                .isEqualTo(first.manifest().bytes());
        repository.get("manifests/" + second.digest()).expect(200);
    }

    @Test
    void keyboardAloneIsEnough() {
        Image first = repository.push("v1", ImageFactory.fresh().image());
        repository.push("v1", ImageFactory.fresh().image());
        Page page = visitor.arrive().open("/console/repositories/" + repository.name() + "/-/tags/v1/history");

        press(
                page,
                page.getByRole(AriaRole.LINK)
                        .filter(new Locator.FilterOptions().setHasText("Undo…"))
                        .first());
        press(page, page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Undo it")));

        page.getByRole(AriaRole.STATUS)
                .filter(new Locator.FilterOptions().setHasText("It was undone"))
                .waitFor();
        assertThat(repository.resolve("v1")).contains(first.digest());
    }

    /** Goes on by the key Tab until something has the focus, which must be seen, and presses Enter. */
    private static void press(Page page, Locator wanted) {
        wanted.waitFor();
        for (int step = 0; step < MOST_STEPS; step++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(wanted.evaluate("(node) => node === document.activeElement"))) {
                assertThat(wanted.evaluate("(node) => getComputedStyle(node).outlineStyle"))
                        .as("what has the focus is seen")
                        .isNotEqualTo("none");
                page.keyboard().press("Enter");
                return;
            }
        }
        throw new AssertionError("no focus after " + MOST_STEPS + " steps: " + wanted);
    }
}
