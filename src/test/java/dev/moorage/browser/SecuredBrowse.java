package dev.moorage.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.RepositoryClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console of a registry that asks who one is: the log-in, what only somebody has who is known, and the way out. */
@NeedsChromium
class SecuredBrowse {

    @RegisterExtension
    final Visitor visitor = Visitor.of(ConsolePrograms.secured().base());

    @Test
    void whoLogsInSeesWhatIsHisAndAfterTheLogOutNothing() {
        RepositoryClient repository = ConsolePrograms.secured().newRepository();
        repository.push("v1", ImageFactory.fresh().image());
        String tag = "/console/repositories/" + repository.name() + "/-/tags/v1";
        Visit visit = visitor.arrive();
        Page page = visit.open(tag);
        visit.assertServesEverybody("the log-in");

        page.getByLabel("Account", new Page.GetByLabelOptions().setExact(true)).fill("admin");
        page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill(ConsolePrograms.PASSWORD);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in"))
                .click();

        page.waitForURL("**" + tag);
        visit.assertServesEverybody("a tag, logged in");
        visit.open("/console/account");
        visit.assertServesEverybody("the account");
        visit.open("/console/organizations/"
                + repository.name().substring(0, repository.name().indexOf('/')) + "/members");
        visit.assertServesEverybody("members, logged in");

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log out"))
                .click();
        page.waitForURL("**/console/login*");
        visit.open(tag);
        assertThat(page.url()).contains("/console/login");
        assertThat(page.content()).doesNotContain("sha256:");
    }
}
