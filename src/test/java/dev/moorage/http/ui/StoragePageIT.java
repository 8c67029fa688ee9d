package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages about storage and about the system, of the packaged program in open mode, whose housekeeping makes the reports. */
class StoragePageIT {

    private static final Duration LONG = Duration.ofMinutes(3);

    private static MoorageProcess program;
    private static ConsoleVisitor visitor;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "storage-pages", MoorageProcess.Settings.usual().property("moorage.uploads.reaper-interval", "1s"));
        visitor = new ConsoleVisitor(program.client());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void organizationIsShownWhatUsesItsSpaceInDrawingsAndInNumbers() {
        program.client().repository("acme/small").push("v1", image(100));
        program.client().repository("acme/large").push("v1", image(90_000));
        quota("acme", 1000);
        String page = "/console/organizations/acme/storage";
        Await.until(LONG, "a report with both", () -> visitor.page(page).contains("90.2 kB</td>"));

        String shown = visitor.page(page);
        assertThat(shown)
                .contains("of 1.00 kB: more than there may be", "<dt>Repositories</dt>", "2, without a limit")
                .contains("Live layers and configs</th><td class=\"number\">90.2 kB</td>")
                .contains("<svg class=\"bars stack\"", "No layer or config is in several repositories.")
                .contains("What went in the last 30 days")
                .contains("The last 90 days", "the first day that was written down.");
        assertThat(visitor.page("/console/organizations/acme"))
                .contains("Storage in the last 90 days", "the first day that was written down.");
        assertThat(shown.indexOf("acme/large")).as("the largest first").isLessThan(shown.indexOf("acme/small"));
        assertThat(shown).containsPattern("acme/large</a></th>.*width=\"100\\.00%\"");

        new Sql(program.database().source()).change("""
                INSERT INTO reclaimed_day (organization_id, day, blobs, blob_bytes, manifests, manifest_bytes)
                SELECT id, (now() AT TIME ZONE 'UTC')::date, 3, 300000, 2, 20 FROM organization WHERE name = 'acme'
                """);
        assertThat(visitor.page(page))
                .contains("<td class=\"number\">300 kB</td><td class=\"number\">5</td>")
                .contains("aria-label=\"300 kB in all");

        new Sql(program.database().source()).change("""
                INSERT INTO storage_day (organization_id, day, bytes)
                SELECT id, (now() AT TIME ZONE 'UTC')::date - days, 1000 * (400 - days)
                FROM organization, generate_series(1, 120) days
                WHERE name = 'acme'
                """);
        for (String address : List.of(page, "/console/organizations/acme")) {
            assertThat(visitor.page(address))
                    .contains("<p>311 kB on ", "; 399 kB at most.</p>", "<td class=\"number\">350 kB</td>")
                    .doesNotContain(">310 kB<")
                    .containsPattern("aria-label=\"From 311 kB on [0-9-]{10} to [0-9.]+ kB on [0-9-]{10}; the numbers");
        }

        Await.until(LONG, "a report about the registry", () -> visitor.page("/console/storage")
                .contains("90.2 kB</td>"));
        assertThat(visitor.page("/console/storage"))
                .contains("Largest organizations", "<a href=\"/console/organizations/acme/storage\">acme</a>")
                .contains("Removed from all repositories");
    }

    @Test
    void organizationWithoutAnythingHasAPageAndOneThatIsNoneHasNot() {
        program.client()
                .request("POST", "/api/v1/organizations")
                .header("Content-Type", "application/json")
                .body("{\"name\":\"bare\"}".getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(201);

        assertThat(visitor.page("/console/organizations/bare/storage")).contains("0 B, without a limit", "Nothing.");
        visitor.get("/console/organizations/none/storage").expect(404);
    }

    @Test
    void systemSaysHowTheRegistryIs() {
        Await.until(LONG, "the program's own word", () -> visitor.page("/console/system")
                .contains(">serving<"));

        assertThat(visitor.page("/console/system"))
                .containsPattern("<dt>Revision</dt><dd><code>(unknown|[0-9a-f]{40})</code></dd>")
                .contains("<dt>Mode</dt><dd><strong class=\"danger\">open</strong>", "<dt>Collection</dt><dd>on</dd>")
                .contains("<th scope=\"row\">review</th>", "<th scope=\"row\">tombstone</th>", ">delivery</th>");
        assertThat(program.client()
                        .get("/api/v1/system")
                        .expect(200)
                        .json()
                        .at("/replicas/0/state")
                        .asText())
                .isEqualTo("serving");
    }

    private static Image image(int bytes) {
        ImageFactory factory = ImageFactory.fresh();
        return factory.assemble(ImageFactory.OCI_MANIFEST, factory.blob(50), List.of(factory.blob(bytes)), Map.of());
    }

    private static void quota(String organization, int bytes) {
        program.client()
                .request("PUT", "/api/v1/organizations/" + organization + "/quota")
                .header("Content-Type", "application/json")
                .body(("{\"bytes\":" + bytes + ",\"repositories\":null}").getBytes(StandardCharsets.UTF_8))
                .send()
                .expect(200);
    }
}
