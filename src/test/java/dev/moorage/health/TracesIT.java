package dev.moorage.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeCollector;
import dev.moorage.testing.FakeCollector.Span;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RepositoryClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With traces switched on, a push is seen as what it does at the database and at the store; else nothing is seen. */
class TracesIT {

    private static final String BUCKET = "blobs";
    private static final String SECRET = "swordfish";
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void pushIsSeenWithItsStatementsAndItsRequestsToTheStoreAndWithoutWhatItsQueriesHold() {
        try (FakeCollector collector = new FakeCollector();
                FakeS3 store = FakeS3.with(BUCKET);
                MoorageProcess program = MoorageProcess.start(
                        "traces",
                        BucketSettings.of(store, BUCKET)
                                .property("quarkus.otel.sdk.disabled", "false")
                                .property("quarkus.datasource.jdbc.telemetry.enabled", "true")
                                .property("quarkus.otel.exporter.otlp.endpoint", collector.endpoint())
                                .property("quarkus.otel.bsp.schedule.delay", "100ms"))) {
            RepositoryClient repository = program.client().newRepository();
            program.client()
                    .request("GET", "/v2/_catalog?n=1&token=" + SECRET)
                    .header("Authorization", "Bearer " + SECRET)
                    // Not wished by the client, which has no say in it.
                    .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
                    .send();
            repository.push("v1", ImageFactory.fresh().image());

            Await.until(SOON, "a request with a part at the store", () -> isBelowARequest(collector.spans(), "store "));
            Await.until(
                    SOON,
                    "a request with a statement",
                    () -> isBelowARequest(collector.spans(), "INSERT") || isBelowARequest(collector.spans(), "SELECT"));
            assertThat(collector.received())
                    .contains("/v2/_catalog")
                    .doesNotContain(SECRET, BucketSettings.SECRET_KEY, "X-Amz-Signature");
        }
    }

    private static boolean isBelowARequest(List<Span> spans, String beginning) {
        return spans.stream().filter(span -> span.name().startsWith(beginning)).anyMatch(span -> spans.stream()
                .anyMatch(root -> root.trace().equals(span.trace())
                        && root.parent().isEmpty()
                        && root.name().matches("(GET|HEAD|POST|PATCH|PUT) ?.*")));
    }
}
