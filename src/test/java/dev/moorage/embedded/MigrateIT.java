package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program on a database of its own address: who migrates it, and what is said of one that cannot be used. */
class MigrateIT {

    private static final String PASSWORD = "of the ones that serve";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path temporary;

    private static EmbeddedServer server;

    @BeforeAll
    static void start() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("database"));
        TestDatabase.shareBinaries(directory);
        server = EmbeddedServer.start(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        server.stop();
    }

    @Test
    void aJobMigratesAndProgramsThatMayNotServe() throws Exception {
        String database = create("job");
        Map<String, String> serving = environment(database, "serving", PASSWORD);
        serving.put("MOORAGE_DATABASE_MIGRATE", "false");
        String user = server.connection().user();
        execute("postgres", "CREATE ROLE serving LOGIN PASSWORD '" + PASSWORD + "'");
        execute(
                database,
                "ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO serving"
                        .formatted(user),
                "ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA public GRANT USAGE ON SEQUENCES TO serving"
                        .formatted(user));

        assertThat(refusal(serving)).contains("moorage.database.migrate", "'migrate'", "none");

        Map<String, String> owner =
                environment(database, user, server.connection().password());
        owner.put("MOORAGE_DATABASE_MIGRATE", "false");
        try (Program migrate = Program.command(data("job"), owner, List.of(), "migrate")) {
            Program.Ended ended = migrate.awaitEnd();
            assertThat(ended.errors()).isEmpty();
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.output()).matches("schema \\d{4}\n");
        }
        execute(database, "REVOKE INSERT, UPDATE, DELETE ON flyway_schema_history FROM serving");
        try (Program program = Program.start(data("serving"), serving)) {
            program.awaitBlock();
            assertThat(program.terminate().errors()).isEmpty();
        }
    }

    @Test
    void programsThatStartAtOnceOnAnEmptyDatabaseAllComeUp() throws Exception {
        Map<String, String> owner = environment(
                create("race"), server.connection().user(), server.connection().password());
        List<Program> programs = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                programs.add(Program.start(data("race" + i), owner));
            }
            for (Program program : programs) {
                assertThat(program.awaitBlock()).contains("is ready");
            }
            for (Program program : programs) {
                assertThat(program.terminate().errors()).isEmpty();
            }
        } finally {
            for (Program program : programs) {
                program.close();
            }
        }
    }

    @Test
    void aDatabaseThatCannotBeUsedIsSaidInOneSentence() throws Exception {
        ServerConnection owner = server.connection();
        assertThat(refusal(environment("absent", owner.user(), owner.password())))
                .contains("absent");
        assertThat(refusal(environment("moorage", "nobody", "guessed")))
                .contains("nobody")
                .doesNotContain("guessed");
        // The kernel takes connections, and nobody answers.
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Map<String, String> hole = environment("moorage", owner.user(), owner.password());
            String address = "127.0.0.1:" + silent.getLocalPort();
            hole.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://" + address + "/moorage");
            long begin = System.nanoTime();
            assertThat(refusal(hole)).contains(address);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(40));
        }
    }

    private static String refusal(Map<String, String> environment) throws Exception {
        try (Program program = Program.start(data("refused"), environment)) {
            Program.Ended refused = program.awaitEnd();
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.output()).isEmpty();
            assertThat(refused.errors().lines()).hasSize(1);
            assertThat(refused.errors())
                    .contains("quarkus.datasource.jdbc.url")
                    .doesNotContain("Exception", environment.get("QUARKUS_DATASOURCE_PASSWORD"));
            return refused.errors();
        }
    }

    private static Path data(String name) throws IOException {
        return Files.createDirectories(temporary.resolve(name));
    }

    private static String create(String database) throws Exception {
        execute(
                "postgres",
                "CREATE DATABASE " + database + " OWNER " + server.connection().user());
        return database;
    }

    private static void execute(String database, String... statements) throws Exception {
        ServerConnection owner = server.connection();
        ServerConnection superuser = ServerConnection.superuser(port(), owner.password());
        String url = superuser.url().replace("/postgres?", "/" + database + "?");
        try (Connection connection = DriverManager.getConnection(url, superuser.user(), superuser.password());
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    private static int port() {
        return Integer.parseInt(server.connection().url().replaceAll(".*:(\\d+)/.*", "$1"));
    }

    private static Map<String, String> environment(String database, String user, String password) {
        Map<String, String> variables = new HashMap<>();
        variables.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + port() + "/" + database);
        variables.put("QUARKUS_DATASOURCE_USERNAME", user);
        variables.put("QUARKUS_DATASOURCE_PASSWORD", password);
        return variables;
    }
}
