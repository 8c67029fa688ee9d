package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A policy of retention is tried before it is set, run, and what that took is put back. */
@NeedsChromium
class RetentionBrowse {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.open().base());

    private final ConsoleScene scene =
            new ConsoleScene(ConsolePrograms.open(), RegistryClient.newName().replace("/", "-"));
    private final RepositoryClient web = scene.web();
    private final String address = ConsolePages.repository(scene) + "/retention";

    @Test
    void policyIsPreviewedSetRunAndUndone() {
        web.push("old", ImageFactory.fresh().image());
        web.push("new", ImageFactory.fresh().image());
        Visit visit = visitor.arrive();
        Page page = visit.open(address);

        keepOne(page);
        button(page, "Preview these rules").click();
        ended(page);
        visit.assertServesEverybody("a preview of retention");
        assertThat(decision(page, "old").innerText()).contains("drop");
        assertThat(decision(page, "new").count()).as("what is kept").isZero();
        page.getByRole(AriaRole.LINK, named("Show what is kept too")).click();
        assertThat(decision(page, "new").innerText()).contains("keep", "Keep the tag that was pushed last");
        visit.open(address);
        assertThat(content(page)).contains("There is none: everything is kept.");
        assertThat(web.tags()).as("a preview takes nothing").containsExactly("new", "old");

        keepOne(page);
        button(page, "Set this policy").click();
        page.getByRole(AriaRole.LINK)
                .filter(new Locator.FilterOptions().setHasText("Run it now…"))
                .first()
                .click();
        page.getByRole(AriaRole.HEADING, named("Run the retention of " + web.name() + " now?"))
                .waitFor();
        visit.assertServesEverybody("the question before a run of retention");
        assertThat(web.tags()).containsExactly("new", "old");
        button(page, "Run it now").click();
        ended(page);
        visit.assertServesEverybody("a run of retention");
        assertThat(web.tags()).containsExactly("new");

        page.getByLabel("Why, for the history").fill("it was still needed");
        button(page, "Undo").click();
        page.getByRole(AriaRole.HEADING)
                .filter(new Locator.FilterOptions().setHasText("Undo of a run"))
                .waitFor();
        ended(page);
        visit.assertServesEverybody("an undo of retention");
        assertThat(content(page)).contains("Nothing stood against it.");
        assertThat(web.tags()).containsExactly("new", "old");
    }

    @Test
    void whatIsNoRuleIsSaidWhereItWasTyped() {
        web.push("v1", ImageFactory.fresh().image());
        Visit visit = visitor.arrive();
        Page page = visit.open(address);

        page.getByLabel("What").first().selectOption("keep-matching");
        page.getByLabel("Tags named").first().fill(Hostile.texts().getFirst());
        assertThat(visit.refused(() -> button(page, "Set this policy").click())).isEqualTo(400);

        assertThat(page.getByRole(AriaRole.ALERT).innerText()).contains("Nothing was changed. Rule 1, tags");
        assertThat(page.getByLabel("Tags named").first().inputValue())
                .isEqualTo(Hostile.texts().getFirst());
        visit.assertServesEverybody("a policy that was refused");
        visit.assertNothingRan("a policy that was refused");
        visit.open(address);
        assertThat(content(page)).contains("There is none: everything is kept.");
    }

    private static void keepOne(Page page) {
        page.getByLabel("What").first().selectOption("keep-latest");
        page.getByLabel("Number").first().fill("1");
        page.locator("select[name=unit]").first().selectOption("tags");
    }

    /** Looks again until what goes on in the background is over. */
    private static void ended(Page page) {
        page.getByRole(AriaRole.HEADING, named("Decisions")).waitFor();
        Await.until(LIMIT, "the end of what was begun", () -> {
            page.reload();
            return page.getByText("Ended", new Page.GetByTextOptions().setExact(true))
                            .count()
                    == 1;
        });
    }

    private static Locator decision(Page page, String tag) {
        return page.locator("tbody tr")
                .filter(new Locator.FilterOptions().setHas(page.getByRole(AriaRole.LINK, named(tag))));
    }

    private static String content(Page page) {
        return page.locator("#content").innerText();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, named(name));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
