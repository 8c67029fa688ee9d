package dev.moorage.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.embedded.EmbeddedServer;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.FaultProxy;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Request.Operation;
import dev.moorage.testing.TestDatabase;
import dev.moorage.testing.Together;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The probes tell a database that is away from a store that is away, in time, and both from a program that has to go. */
class HealthIT {

    private static final String BUCKET = "blobs";
    private static final Duration SOON = Duration.ofSeconds(20);
    // Two seconds, and what a busy machine takes.
    private static final Duration IN_TIME = Duration.ofSeconds(4);

    @TempDir
    static Path temporary;

    // One that a program takes, which wants what it wrote to be there after a power cut.
    private static EmbeddedServer embedded;
    private static PGSimpleDataSource server;
    private static FaultProxy database;
    private static FakeS3 store;
    private static MoorageProcess program;
    private static RegistryClient probes;

    @BeforeAll
    static void start() throws IOException {
        TestDatabase.shareBinaries(temporary);
        embedded = EmbeddedServer.start(temporary);
        server = new PGSimpleDataSource();
        server.setUrl(embedded.connection().url());
        server.setUser(embedded.connection().user());
        server.setPassword(embedded.connection().password());
        database = new FaultProxy(server.getServerNames()[0], server.getPortNumbers()[0]);
        store = FakeS3.with(BUCKET);
        program = MoorageProcess.start(
                "health",
                BucketSettings.of(store, BUCKET)
                        .property(
                                "quarkus.datasource.jdbc.url",
                                "jdbc:postgresql://127.0.0.1:%d/%s"
                                        .formatted(database.port(), server.getDatabaseName()))
                        .property("quarkus.datasource.username", server.getUser())
                        .property("quarkus.datasource.password", server.getPassword())
                        .property("moorage.collection.interval", "1s"));
        probes = new RegistryClient(program.management());
    }

    @AfterAll
    static void stop() throws IOException {
        program.close();
        store.close();
        database.close();
        embedded.stop();
    }

    @AfterEach
    void heal() {
        database.heal();
        store.heal();
        awaitReady(200);
    }

    @Test
    void everythingIsUpAndSaysSo() {
        assertThat(ask("live").expect(200).json().path("checks")).isEmpty();
        assertThat(ask("started").expect(200).json().at("/checks/0/data/schema").asText())
                .matches("\\d{4}");
        Answer ready = ask("ready").expect(200);
        assertThat(check(ready, "database").at("/data/mode").asText()).isEqualTo("read-write");
        assertThat(check(ready, "accepting").path("status").asText()).isEqualTo("UP");
        Answer well = ask("well").expect(200);
        assertThat(check(well, "store").at("/data/type").asText()).isEqualTo("s3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/q", "/q/health", "/q/health/live", "/q/health/ready", "/q/metrics", "/health", "/metrics"})
    void nothingOfItIsOnThePortOfTheRegistry(String path) {
        program.client().request("GET", path).send().expectError(404, "NAME_UNKNOWN");
    }

    private static Stream<Runnable> outages() {
        return Stream.of(database::cut, database::silence);
    }

    /** The row of the faults: refused, or a black hole. */
    @ParameterizedTest
    @MethodSource("outages")
    void databaseThatIsAwayTakesTheReplicaOutOfServiceUntilItIsBackAndNeverEndsIt(Runnable outage) {
        RepositoryClient repository = program.client().newRepository();
        ImageFactory.Image image = repository.push("v1", ImageFactory.fresh().image());

        outage.run();

        Answer ready = awaitReady(503);
        assertThat(check(ready, "database").path("status").asText()).isEqualTo("DOWN");
        assertThat(check(ready, "database").at("/data/reason").asText()).isNotEmpty();
        assertThat(check(ask("well"), "store").path("status").asText()).isEqualTo("UP");
        ask("live").expect(200);
        ask("started").expect(200);
        assertThat(repository
                        .get("manifests/v1")
                        .expectError(503, "UNAVAILABLE")
                        .header("retry-after"))
                .isNotEmpty();

        database.heal();
        awaitReady(200);
        Await.until(
                SOON,
                "the registry's answer",
                () -> repository.get("manifests/v1").status() == 200);
        repository.assertBlob(
                image.blobs().getLast().digest(), image.blobs().getLast().bytes());
    }

    @Test
    void silentBucketIsToldAndLeavesTheReplicaInServiceUntilItIsBack() {
        CountDownLatch never = new CountDownLatch(1);
        store.times(1000, Operation.HEAD_BUCKET, new S3Fault.Silence(never));
        assertStoreIsMissed();
        never.countDown();
    }

    @Test
    void failingBucketIsToldAndLeavesTheReplicaInServiceUntilItIsBack() {
        store.times(1000, Operation.HEAD_BUCKET, S3Fault.internalError());
        assertStoreIsMissed();
    }

    private void assertStoreIsMissed() {
        Await.until(SOON, "the store's absence", () -> ask("well").status() == 503);
        JsonNode missed = check(ask("well"), "store");
        assertThat(missed.path("status").asText()).isEqualTo("DOWN");
        assertThat(missed.at("/data/reason").asText()).isNotEmpty().doesNotContain(BucketSettings.SECRET_KEY);
        assertThat(gauges()).contains("moorage_store_up 0.0", "moorage_database_up 1.0");
        // For as long as a balancer takes to give a replica up.
        for (int i = 0; i < 4; i++) {
            Answer ready = ask("ready").expect(200);
            assertThat(check(ready, "database").path("status").asText()).isEqualTo("UP");
        }
        ask("live").expect(200);
        program.client().get("/v2/").expect(200);
        store.heal();
        Await.until(SOON, "the store's return", () -> ask("well").status() == 200);
        assertThat(gauges()).contains("moorage_store_up 1.0");
    }

    private static List<String> gauges() {
        return probes.get("/q/metrics").expect(200).text().lines().toList();
    }

    /** As after a failover, or by a middlebox: the connection is gone, and the database is not. */
    @Test
    void connectionOfTheProbeThatDiedIsNoAbsenceOfTheDatabase() throws SQLException {
        ask("ready").expect(200);
        try (Connection other = server.getConnection();
                PreparedStatement end = other.prepareStatement(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
                ResultSet ended = end.executeQuery()) {
            assertThat(ended.next()).isTrue();
        }
        for (int i = 0; i < 4; i++) {
            ask("ready").expect(200);
        }
    }

    @Test
    void probesOfASilentDatabaseDoNotPileUp() throws InterruptedException {
        database.silence();
        awaitReady(503);
        int before = database.accepted();
        List<Answer> answers = Together.run(Collections.nCopies(50, () -> ask("ready")));
        assertThat(answers).extracting(Answer::status).containsOnly(503);
        // The pool may look for the database too.
        assertThat(database.accepted() - before).isLessThan(20);
    }

    @Test
    void markOfAnotherDatabaseIsToldAndLeavesTheReplicaInService() {
        Await.until(SOON, "the first mark", () -> !store.marks(BUCKET).isEmpty());
        var mark = store.marks(BUCKET).firstEntry();

        // Again and again: the program may have looked just before, and be about to renew its own.
        Await.until(SOON, "the alarm", () -> {
            store.marks(BUCKET).put(mark.getKey(), "another registry's".getBytes(StandardCharsets.US_ASCII));
            return ask("well").status() == 503;
        });

        assertThat(check(ask("well"), "removal").at("/data/reason").asText()).contains("mark");
        ask("ready").expect(200);
        store.marks(BUCKET).put(mark.getKey(), mark.getValue());
        Await.until(SOON, "the end of the alarm", () -> ask("well").status() == 200);
    }

    private static Answer ask(String probe) {
        long begin = System.nanoTime();
        Answer answer = probes.request("GET", "/q/health/" + probe).send();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(probe).isLessThan(IN_TIME);
        return answer;
    }

    private static Answer awaitReady(int status) {
        return Await.value(SOON, "readiness " + status, () -> Stream.of(ask("ready"))
                .filter(answer -> answer.status() == status)
                .findFirst());
    }

    private static JsonNode check(Answer answer, String name) {
        for (JsonNode check : answer.json().path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check " + name + " in " + answer);
    }
}
