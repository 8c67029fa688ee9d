package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The answers about storage of the packaged program, whose housekeeping makes the reports. */
class StorageAnswerIT {

    private static final Duration LONG = Duration.ofMinutes(3);

    private static MoorageProcess program;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "storage", MoorageProcess.Settings.usual().property("moorage.uploads.reaper-interval", "1s"));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void organizationAndRegistryAreToldWhereTheirBytesAre() {
        ImageFactory factory = ImageFactory.fresh();
        Image image =
                factory.assemble(ImageFactory.OCI_MANIFEST, factory.blob(50), List.of(factory.blob(400)), Map.of());
        int manifest = image.manifest().bytes().length;
        program.client().repository("acme/web").push("v1", image);

        JsonNode now = get("/api/v1/organizations/acme/storage");
        assertThat(names(now)).containsExactly("bytes", "blobs", "manifests", "report", "reclaimed", "days");
        assertThat(now.get("bytes").asLong()).isEqualTo(450 + manifest);
        assertThat(now.get("blobs").toString()).isEqualTo("{\"items\":2,\"bytes\":450}");

        // A report that was begun before the push says less; being read, it is made again.
        Await.until(
                LONG,
                "a report with the manifest and its blobs",
                () -> isWhole(get("/api/v1/organizations/acme/storage").path("report")));
        JsonNode report = get("/api/v1/organizations/acme/storage").get("report");
        assertThat(names(report))
                .containsExactly("computedAt", "tookSeconds", "blobs", "manifests", "shared", "uploads");
        assertThat(report.get("computedAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(report.get("blobs").toString())
                .isEqualTo("{\"live\":{\"items\":2,\"bytes\":450},\"held\":{\"items\":0,\"bytes\":0},"
                        + "\"leased\":{\"items\":0,\"bytes\":0},\"reclaimable\":{\"items\":0,\"bytes\":0}}");
        assertThat(report.get("shared").toString()).isEqualTo("{\"items\":0,\"bytes\":0,\"saved\":0}");

        Await.until(
                LONG,
                "a report about the registry with the layer",
                () -> get("/api/v1/storage").at("/report/blobs/live/bytes").asLong() == 450);
        JsonNode registry = get("/api/v1/storage");
        assertThat(names(registry)).containsExactly("report", "removed");
        assertThat(names(registry.get("report")))
                .containsExactly("computedAt", "tookSeconds", "blobs", "manifests", "shared", "uploads", "tombstones");
    }

    @Test
    void daysAreWrittenAsDays() {
        program.client().repository("days/web").pushBlob(ImageFactory.fresh().bytes(30));
        new Sql(program.database().source()).change("""
                INSERT INTO reclaimed_day (organization_id, day, blobs, blob_bytes, manifests, manifest_bytes)
                SELECT id, (now() AT TIME ZONE 'UTC')::date, 3, 300, 2, 20 FROM organization WHERE name = 'days'
                """);
        JsonNode day =
                get("/api/v1/organizations/days/storage").get("reclaimed").get(0);
        assertThat(day.get("day").asText()).matches("\\d{4}-\\d\\d-\\d\\d");
        assertThat(day.get("blobs").toString()).isEqualTo("{\"items\":3,\"bytes\":300}");
        assertThat(day.get("manifests").toString()).isEqualTo("{\"items\":2,\"bytes\":20}");
        Await.until(
                LONG,
                "a report with what was pushed",
                () -> get("/api/v1/organizations/days/storage")
                                .at("/days/0/bytes")
                                .asLong()
                        == 30);
        JsonNode kept = get("/api/v1/organizations/days/storage").get("days");
        assertThat(kept).hasSize(1);
        assertThat(kept.get(0).get("day").asText()).matches("\\d{4}-\\d\\d-\\d\\d");
        program.client().get("/api/v1/organizations/absent/storage").expect(404);
    }

    /** One that was made while the image was pushed knows only a part of it. */
    private static boolean isWhole(JsonNode report) {
        return report.at("/manifests/live/items").asInt() == 1
                && report.at("/blobs/live/items").asInt() == 2;
    }

    private static JsonNode get(String path) {
        return program.client().get(path).expect(200).json();
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
