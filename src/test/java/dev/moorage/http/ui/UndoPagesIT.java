package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** History and undo of the packaged program, by its pages. */
class UndoPagesIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();

    private ConsoleVisitor console;
    private RepositoryClient web;
    private String pages;

    @BeforeEach
    void begin() {
        console = new ConsoleVisitor(REGISTRY);
        web = REGISTRY.newRepository();
        pages = "/console/repositories/" + web.name() + "/-";
    }

    private JsonNode events() {
        return REGISTRY.get("/api/v1/repositories/" + web.name() + "/-/events")
                .expect(200)
                .json()
                .get("items");
    }

    private String undoOf(JsonNode event) {
        return pages + "/events/" + event.get("reference").asText() + "/undo";
    }

    @Test
    void overwrittenTagIsPutBackByTheFormThatSaidSoBefore() {
        Image first = web.push("v1", ImageFactory.fresh().image());
        Image second = web.push("v1", ImageFactory.fresh().image());
        String undo = undoOf(events().get(0));
        assertThat(console.page(pages + "/tags/v1/history")).contains("tag moved", undo, "What differs");

        String asked = console.page(undo);
        assertThat(asked).contains("What will happen", Shown.digest(first.digest()), Shown.digest(second.digest()));
        assertThat(web.resolve("v1")).as("nothing happens by looking").contains(second.digest());
        assertThat(events()).hasSize(2);

        Answer done = console.fill(asked, undo, "why", "the <b>build</b> was broken");
        assertThat(done.expect(303).header("location")).contains("/-/history?done=");
        assertThat(web.resolve("v1")).contains(first.digest());
        assertThat(web.get("manifests/v1").expect(200).body())
                .isEqualTo(first.manifest().bytes());
        assertThat(console.page(done.header("location").replaceFirst("https?://[^/]+", "")))
                .contains("It was undone", "the &lt;b&gt;build&lt;/b&gt; was broken", "by an undo");
    }

    @Test
    void historiesOfTheRepositoryAndTheOrganizationLeadToWhatAMoveChanged() {
        Image first = web.push("v1", ImageFactory.fresh().image());
        Image second = web.push("v1", ImageFactory.fresh().image());
        Image third = web.push("v2", ImageFactory.fresh().image());
        String compare =
                pages + "/compare?from=" + Shown.part(first.digest()) + "&amp;to=" + Shown.part(second.digest());

        assertThat(console.page(pages + "/history"))
                .containsOnlyOnce(compare)
                .containsOnlyOnce("<details><summary>What differs: ")
                .contains("<span class=\"badge\">removed</span>", "<span class=\"badge\">added</span>")
                .doesNotContain("from=" + Shown.part(third.digest()));
        String organization = web.name().substring(0, web.name().indexOf('/'));
        assertThat(console.page("/console/organizations/" + organization + "/history"))
                .containsOnlyOnce(compare)
                .doesNotContain("What differs");
        assertThat(console.page(compare.replace("&amp;", "&"))).contains("to fetch");

        web.delete("manifests/" + first.digest()).expect(202);
        assertThat(console.page(pages + "/history"))
                .as("a manifest that is gone is not looked at")
                .contains(compare)
                .doesNotContain("What differs");
    }

    @Test
    void repositoryHistoryLooksAtAFewMovesOfAPageAndLeadsToTheOthers() {
        for (int i = 0; i < 13; i++) {
            web.push("v1", ImageFactory.fresh().image());
        }

        String page = console.page(pages + "/history");
        assertThat(page.split(pages + "/compare\\?from=", -1)).hasSize(13);
        assertThat(page.split("<summary>What differs: ", -1)).hasSize(11);
    }

    @Test
    void whatStandsAgainstItIsNamedBeforeAndBehind() {
        web.push("v1", ImageFactory.fresh().image());
        web.push("v1", ImageFactory.fresh().image());
        String undo = undoOf(events().get(0));
        String asked = console.page(undo);
        Image third = web.push("v1", ImageFactory.fresh().image());

        Answer refused = console.fill(asked, undo, "why", "");

        assertThat(refused.expect(409).text())
                .contains("Nothing was changed", "tag-elsewhere", Shown.digest(third.digest()));
        assertThat(web.resolve("v1")).contains(third.digest());
        assertThat(console.page(undo))
                .contains("What stands against it", "tag-elsewhere")
                .doesNotContain("Undo it");
    }

    @Test
    void formOfAnotherSiteDoesNothing() {
        web.push("v1", ImageFactory.fresh().image());
        Image second = web.push("v1", ImageFactory.fresh().image());
        String undo = undoOf(events().get(0));

        console.page(undo);
        console.post(undo, "why", "because").expect(403);
        console.post(undo, "csrf", "guessed", "why", "because").expect(403);
        new ConsoleVisitor(REGISTRY).post(undo, "why", "because").expect(403);
        console.post(pages + "/tags/v1/delete", "digest", second.digest()).expect(403);

        assertThat(web.resolve("v1")).contains(second.digest());
        assertThat(events()).hasSize(2);
    }

    @Test
    void deletedTagIsInTheHistoryAndComesBack() {
        Image image = web.push("v1", ImageFactory.fresh().image());
        String deletion = pages + "/tags/v1/delete";
        console.fill(console.page(deletion), deletion, "digest", image.digest()).expect(303);
        assertThat(web.resolve("v1")).isEmpty();

        String undo = undoOf(events().get(0));
        assertThat(console.page(pages + "/history")).contains("tag deleted", undo);
        console.fill(console.page(undo), undo).expect(303);
        assertThat(web.resolve("v1")).contains(image.digest());
    }

    @Test
    void tagThatMovedSinceItWasSeenIsNotDeleted() {
        Image seen = web.push("v1", ImageFactory.fresh().image());
        String deletion = pages + "/tags/v1/delete";
        String asked = console.page(deletion);
        Image moved = web.push("v1", ImageFactory.fresh().image());

        console.fill(asked, deletion, "digest", seen.digest()).expect(412);
        assertThat(web.resolve("v1")).contains(moved.digest());
    }

    @Test
    void deletedRepositoryComesBackByTheHistoryOfItsOrganization() {
        Image image = web.push("v1", ImageFactory.fresh().image());
        String organization = web.name().substring(0, web.name().indexOf('/'));
        REGISTRY.request("DELETE", "/api/v1/repositories/" + web.name() + "/-/")
                .send()
                .expect(204);
        String reference = REGISTRY.get("/api/v1/organizations/" + organization + "/events?limit=1")
                .expect(200)
                .json()
                .at("/items/0/reference")
                .asText();
        String undo = "/console/organizations/" + organization + "/events/" + reference + "/undo";

        assertThat(console.page("/console/organizations/" + organization + "/history"))
                .contains("repository deleted", web.name(), undo);
        console.fill(console.page(undo), undo, "why", "it was needed").expect(303);
        assertThat(web.resolve("v1")).contains(image.digest());
    }

    @Test
    void unknownEventIsNotThere() {
        web.push("v1", ImageFactory.fresh().image());

        console.get(pages + "/events/1/undo").expect(404);
        console.get(pages + "/events/00000000-0000-4000-8000-000000000000/undo").expect(404);
    }
}
