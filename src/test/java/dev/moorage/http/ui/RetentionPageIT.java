package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages about retention, of the packaged program in open mode. */
class RetentionPageIT {

    private static final RegistryClient REGISTRY = MoorageProcess.shared();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern NEXT = Pattern.compile("<a rel=\"next\" href=\"([^\"]+)\"");

    private final ConsoleVisitor visitor = new ConsoleVisitor(REGISTRY);
    private final String organization = "k" + UUID.randomUUID().toString().substring(0, 8);
    private final RepositoryClient web = REGISTRY.repository(organization + "/web");
    private final String ofOrganization = "/console/organizations/" + organization + "/retention";
    private final String ofRepository = "/console/repositories/" + organization + "/web/-/retention";

    @Test
    void policyIsSetPreviewedRunAndUndone() {
        push("old");
        push("new");
        assertThat(visitor.page(ofRepository)).contains("There is none: everything is kept.");

        assertThat(visitor.send(ofRepository, ofRepository + "/policy", rule("keep-latest", "1", "tags", ""))
                        .expect(303)
                        .header("location"))
                .endsWith(ofRepository);
        assertThat(visitor.page(ofRepository))
                .contains("Keep the tag that was pushed last.", "<option value=\"keep-latest\" selected>");

        String preview = done(visitor.send(ofRepository, ofRepository + "/preview"));
        assertThat(preview)
                .contains("Preview of the retention", "/tags/old\"", "Keep the tag that was pushed last")
                .doesNotContain("/tags/new\"");
        web.get("manifests/old").expect(200);

        assertThat(visitor.page(ofRepository + "/run")).contains("Run it now</button>");
        web.get("manifests/old").expect(200);
        Answer begun = visitor.send(ofRepository + "/run", ofRepository + "/run");
        assertThat(done(begun)).contains("<dt>Gone</dt><dd>1</dd>");
        web.get("manifests/old").expect(404);

        String run = path(begun).split("\\?", 2)[0];
        String undo = done(visitor.send(run, run + "/undo", "why", "<b>it was wrong</b>"));
        assertThat(undo).contains("<dt>Put back</dt><dd>1</dd>", "Nothing stood against it");
        web.get("manifests/old").expect(200);
        assertThat(visitor.page(ofRepository)).contains("<td>undo</td>", "<td>run</td>", "<td>preview</td>");
    }

    @Test
    void previewOfOtherRulesChangesNothing() {
        push("v1");
        String preview = done(visitor.send(
                ofOrganization, ofOrganization + "/preview", rule("keep-newer", "0", "seconds", "v*", "")));

        assertThat(preview).contains("Keep tags named v* that were pushed within 0 seconds", "/tags/v1\"");
        assertThat(visitor.page(ofOrganization)).contains("There is none: everything is kept.");
        web.get("manifests/v1").expect(200);
    }

    @Test
    void whatIsNoPolicyIsSaidAboveTheFormAndNothingIsSet() {
        push("v1");
        Answer refused = visitor.send(
                ofOrganization,
                ofOrganization + "/policy",
                rule("keep-matching", "", "tags", "<script>x</script>", ""));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("role=\"alert\"", "Rule 1, tags: a pattern has", "value=\"&lt;script&gt;x&lt;/script&gt;\"")
                .doesNotContain("<script>x");
        assertThat(visitor.page(ofOrganization)).contains("There is none: everything is kept.");
    }

    @Test
    void rowsAreAddedAndThePolicyIsTakenAway() {
        push("v1");
        String more = visitor.send(
                        ofOrganization, ofOrganization + "/edit", rule("keep-pulled", "3", "days", "", "a/*"))
                .expect(200)
                .text();
        assertThat(more).contains("<legend>Rule 4</legend>", "value=\"a/*\"").doesNotContain("<legend>Rule 5");
        assertThat(visitor.page(ofOrganization)).contains("There is none: everything is kept.");

        visitor.send(ofOrganization, ofOrganization + "/policy", rule("keep-pulled", "3", "days", "", ""))
                .expect(303);
        assertThat(visitor.page(ofRepository)).contains("that of the organization", "within 3 days");
        visitor.send(ofOrganization, ofOrganization + "/removal").expect(303);
        assertThat(visitor.page(ofRepository)).contains("There is none: everything is kept.");
    }

    @Test
    void formOfNoPageDoesNothing() {
        push("v1");
        visitor.send(ofRepository, ofRepository + "/policy", rule("keep-newer", "0", "seconds", ""))
                .expect(303);
        assertThat(visitor.post(ofRepository + "/run").status()).isEqualTo(403);
        assertThat(visitor.post(ofRepository + "/run", "csrf", "x").status()).isEqualTo(403);
        assertThat(visitor.post(ofRepository + "/preview").status()).isEqualTo(403);
        assertThat(visitor.post(ofRepository + "/removal").status()).isEqualTo(403);
        assertThat(visitor.post(ofRepository + "/policy", "rule", "").status()).isEqualTo(403);

        web.get("manifests/v1").expect(200);
        assertThat(visitor.page(ofRepository)).contains("There is none yet.", "within 0 seconds");
        visitor.get(ofRepository.replace("/web/", "/none/")).expect(404);
        visitor.get(ofRepository + "/runs/" + UUID.randomUUID()).expect(404);
    }

    @Test
    void decisionsComePageByPage() {
        ImageFactory.Image image = web.push("v0", ImageFactory.fresh().image());
        for (int i = 1; i <= 51; i++) {
            web.put("v" + i, image.manifest());
        }
        String first =
                done(visitor.send(ofRepository, ofRepository + "/preview", rule("keep-newer", "0", "seconds", "")));
        Matcher next = NEXT.matcher(first);
        assertThat(next.find()).isTrue();
        assertThat(next.group(1)).contains("verdict=drop");
        String second = visitor.page(next.group(1).replace("&amp;", "&"));
        assertThat(first.split("/tags/v", -1)).hasSize(51);
        assertThat(second.split("/tags/v", -1)).hasSize(3);
        assertThat(second).doesNotContain("rel=\"next\"");
    }

    private static String[] rule(String rule, String number, String unit, String tags) {
        return new String[] {"rule", rule, "number", number, "unit", unit, "tags", tags};
    }

    private static String[] rule(String rule, String number, String unit, String tags, String repositories) {
        return new String[] {"rule", rule, "number", number, "unit", unit, "tags", tags, "repositories", repositories};
    }

    /** The page of what was begun, when it has ended. */
    private String done(Answer begun) {
        String run = path(begun);
        Await.until(LIMIT, "the end of the run", () -> visitor.page(run).contains("<dt>Ended</dt>"));
        return visitor.page(run);
    }

    private static String path(Answer begun) {
        String location = begun.expect(303).header("location");
        return location.substring(location.indexOf("/console/"));
    }

    private void push(String tag) {
        web.push(tag, ImageFactory.fresh().image());
    }
}
