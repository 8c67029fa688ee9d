package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Ports;
import dev.moorage.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program at its start and its end. */
class StartIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path temporary;

    private Path data;

    @BeforeEach
    void shareBinaries() throws IOException {
        data = Files.createDirectory(temporary.resolve("data")).toRealPath();
        TestDatabase.shareBinaries(data);
    }

    @Test
    void startOnAnEmptyDirectorySaysInOneBlockWhereEverythingIs() throws Exception {
        int port = Ports.free();
        try (Program program =
                Program.startByHand(data, "-Dquarkus.http.port=" + port, "-Dquarkus.management.port=" + Ports.free())) {
            assertThat(program.awaitBlock().strip().lines())
                    .anyMatch(line -> line.matches("Moorage \\S+ is ready: open mode: no authentication"))
                    .anyMatch(line -> line.endsWith("http://127.0.0.1:" + port))
                    .anyMatch(line -> line.matches(" +probes +http://127.0.0.1:\\d+/q/health"))
                    .anyMatch(line -> line.endsWith(" " + data))
                    .anyMatch(line -> line.contains("embedded PostgreSQL"))
                    .hasSizeBetween(6, 7);
            Program.Ended ended = program.terminate();
            assertThat(ended.errors()).isEmpty();
            assertThat(ended.output().lines().filter(line -> line.contains("WARN") || line.contains("ERROR")))
                    .isEmpty();
        }
    }

    @Test
    void secondProgramOnTheSameDirectoryIsRefusedAndTheFirstServesOn() throws Exception {
        try (Program first = Program.start(data, Map.of())) {
            first.awaitBlock();
            try (Program second = Program.start(data, Map.of())) {
                Program.Ended refused = second.awaitEnd();
                assertThat(refused.exitCode()).isNotZero();
                assertThat(refused.errors().lines())
                        .singleElement()
                        .asString()
                        .contains("Another Moorage", data.toString());
                assertThat(query(connection(), "SELECT 1")).isEqualTo("1");
            } finally {
                first.terminate();
            }
        }
    }

    @Test
    void killedProgramStartsAgainAtOnceWithWhatWasCommitted() throws Exception {
        try (Program killed = Program.start(data, Map.of())) {
            killed.awaitBlock();
            execute("CREATE TABLE kept AS SELECT 42 AS answer");
            long orphan = serverPid();
            killed.kill();
            assertThat(ProcessHandle.of(orphan)).hasValueSatisfying(ProcessHandle::isAlive);
            try (Program next = Program.start(data, Map.of())) {
                next.awaitBlock();
                assertThat(query(connection(), "SELECT answer FROM kept")).isEqualTo("42");
                assertThat(serverPid()).isNotEqualTo(orphan);
                next.terminate();
            }
        }
    }

    @Test
    void terminatedProgramLeavesADatabaseThatHasNothingToRecover() throws Exception {
        try (Program program = Program.start(data, Map.of())) {
            program.awaitBlock();
            program.terminate();
            assertThat(new DataDirectory(data).pidFile()).doesNotExist();
        }
        try (Program next = Program.start(data, Map.of())) {
            next.awaitBlock();
            next.terminate();
        }
        assertThat(Files.readString(new DataDirectory(data).log()))
                .contains("received fast shutdown request", "database system is shut down")
                .doesNotContain("database system was interrupted", "not properly shut down");
    }

    @Test
    void signalInTheMiddleOfTheStartLeavesNoServerBehind() throws Exception {
        try (Program program = Program.start(data, Map.of())) {
            Path pidFile = new DataDirectory(data).pidFile();
            while (!Files.exists(pidFile)) {
                Thread.onSpinWait();
            }
            program.terminate();
            assertThat(pidFile).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-Dmoorage.acess.mode=open | moorage.acess.mode",
                "-Dmoorage.uploads.expiry=soon | moorage.uploads.expiry",
                "-Dmoorage.uploads.expiry=0s | moorage.uploads.expiry",
                "-Dmoorage.uploads.resume-point-bytes=32MB | moorage.uploads.resume-point-bytes",
                "-Dmoorage.access.allow-open-on-network=yess | moorage.access.allow-open-on-network",
                "-Dmoorage.data-directory=/dev/null | moorage.data-directory",
                "-Dquarkus.http.host=0.0.0.0 | moorage.access.allow-open-on-network",
                "-Dquarkus.http.port=http | quarkus.http.port",
                "-Dquarkus.management.host=192.0.2.1 | quarkus.management.host",
                "-Dquarkus.datasource.jdbc.url=jdbc:mysql://127.0.0.1/x | quarkus.datasource.jdbc.url",
                "-Dquarkus.datasource.jdbc.url=jdbc:postgresql://127.0.0.1:1/x | quarkus.datasource.jdbc.url",
            })
    void wrongSettingStopsTheStartWithOneSentenceThatNamesIt(String option, String named) throws Exception {
        assertRefused(Map.of(), named, option);
    }

    @Test
    void misspeltVariableOfTheEnvironmentStopsTheStart() throws Exception {
        assertRefused(Map.of("MOORAGE_DATA_DIRECTROY", "/tmp"), "MOORAGE_DATA_DIRECTROY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quarkus.http.port", "quarkus.management.port"})
    void portThatAnotherProgramHasStopsTheStart(String setting) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(Map.of(), setting, "-D" + setting + "=" + other.getLocalPort());
        }
    }

    @Test
    void variablesThatKubernetesSetsAreNoSettings() throws Exception {
        Map<String, String> variables = Map.of(
                "MOORAGE_SERVICE_HOST", "10.0.0.1",
                "MOORAGE_PORT", "tcp://10.0.0.1:5000",
                "MOORAGE_PORT_5000_TCP_ADDR", "10.0.0.1",
                "MOORAGE_DATABASE_SERVICE_PORT_SQL", "5432");
        try (Program program = Program.start(data, variables)) {
            program.awaitBlock();
            program.terminate();
        }
    }

    @Test
    void namedDatabaseIsUsedAndNoneIsStarted() throws Exception {
        try (EmbeddedElsewhere elsewhere = new EmbeddedElsewhere(temporary)) {
            ServerConnection server = elsewhere.connection();
            Map<String, String> variables = Map.of(
                    "QUARKUS_DATASOURCE_JDBC_URL", server.url(),
                    "QUARKUS_DATASOURCE_USERNAME", server.user(),
                    "QUARKUS_DATASOURCE_PASSWORD", server.password());
            try (Program program = Program.start(data, variables)) {
                assertThat(program.awaitBlock())
                        .contains("jdbc:postgresql://127.0.0.1:")
                        .doesNotContain("embedded", server.password());
                program.terminate();
                assertThat(new DataDirectory(data).server()).doesNotExist();
            }
            Map<String, String> wrong = new HashMap<>(variables);
            wrong.put("QUARKUS_DATASOURCE_PASSWORD", "guessed");
            assertRefused(wrong, "quarkus.datasource.jdbc.url");
        }
    }

    private void assertRefused(Map<String, String> environment, String named, String... options) throws Exception {
        try (Program program = Program.start(data, environment, options)) {
            Program.Ended refused = program.awaitEnd();
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.output()).isEmpty();
            List<String> errors = refused.errors().lines().toList();
            assertThat(errors).singleElement().asString().contains(named).doesNotContain("Exception", "SRCFG");
            assertThat(new DataDirectory(data).pidFile()).doesNotExist();
        }
    }

    private ServerConnection connection() throws IOException {
        return EmbeddedServer.runningOn(data).orElseThrow();
    }

    private long serverPid() throws IOException {
        return PidFile.read(new DataDirectory(data).pidFile()).orElseThrow().pid();
    }

    private void execute(String sql) throws Exception {
        ServerConnection server = connection();
        try (Connection connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String query(ServerConnection server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** A server on a directory of its own, for tests that want one from outside. */
    private record EmbeddedElsewhere(EmbeddedServer server) implements AutoCloseable {

        EmbeddedElsewhere(Path temporary) throws IOException {
            this(startIn(Files.createDirectory(temporary.resolve("elsewhere"))));
        }

        ServerConnection connection() {
            return server.connection();
        }

        private static EmbeddedServer startIn(Path directory) throws IOException {
            TestDatabase.shareBinaries(directory);
            return EmbeddedServer.start(directory);
        }

        @Override
        public void close() throws IOException {
            server.stop();
        }
    }
}
