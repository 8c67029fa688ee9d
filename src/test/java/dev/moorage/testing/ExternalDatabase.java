package dev.moorage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database that a program is pointed at instead of starting its own.
 *
 * @param url as JDBC takes it
 * @param user the user's name
 * @param password the user's password
 */
public record ExternalDatabase(String url, String user, String password) {

    private static final String URL_VARIABLE = "MOORAGE_TEST_DATABASE_URL";

    private static ExternalDatabase template;

    /** A new database on the server that the environment names, without a row, but with its schema; empty where it names none. */
    static Optional<ExternalDatabase> create() {
        return MoorageProcess.setting("moorage.test.database.url", URL_VARIABLE).map(url -> {
            String user = MoorageProcess.setting("moorage.test.database.user", "MOORAGE_TEST_DATABASE_USER")
                    .orElse("");
            String password = MoorageProcess.setting("moorage.test.database.password", "MOORAGE_TEST_DATABASE_PASSWORD")
                    .orElse("");
            ExternalDatabase server = new ExternalDatabase(url, user, password);
            return server.createdFrom(templateOn(server).name());
        });
    }

    private static synchronized ExternalDatabase templateOn(ExternalDatabase server) {
        if (template == null) {
            ExternalDatabase made = server.createdFrom("template0");
            Runtime.getRuntime().addShutdownHook(new Thread(made::drop));
            Prepared.migrate(made);
            template = made;
        }
        return template;
    }

    private ExternalDatabase createdFrom(String template) {
        String name = "moorage_it_" + Long.toString(System.nanoTime(), 36);
        execute("CREATE DATABASE %s STRATEGY file_copy TEMPLATE %s".formatted(name, template));
        int query = url.indexOf('?');
        String head = query < 0 ? url : url.substring(0, query);
        String tail = query < 0 ? "" : url.substring(query);
        return new ExternalDatabase(head.substring(0, head.lastIndexOf('/') + 1) + name + tail, user, password);
    }

    /** Removes a database that {@link #create} made. */
    void drop() {
        String server = MoorageProcess.setting("moorage.test.database.url", URL_VARIABLE)
                .orElseThrow();
        new ExternalDatabase(server, user, password).execute("DROP DATABASE " + name() + " WITH (FORCE)");
    }

    private String name() {
        return url.substring(url.lastIndexOf('/') + 1).split("\\?", 2)[0];
    }

    private void execute(String statement) {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement + " failed on " + url, e);
        }
    }

    /** The server that a program runs for itself, read from its data directory. */
    static ExternalDatabase embeddedIn(Path dataDirectory) {
        List<String> lines = postmaster(dataDirectory).orElseThrow(() -> new AssertionError("no postmaster.pid"));
        String password = read(dataDirectory.resolve("postgres").resolve("password"));
        return new ExternalDatabase(
                "jdbc:postgresql://127.0.0.1:" + lines.get(3).strip() + "/moorage", "moorage", password.strip());
    }

    /** Ends the server that a program left behind, which a killed one does. */
    static void endOrphanIn(Path dataDirectory) {
        postmaster(dataDirectory)
                .flatMap(lines ->
                        ProcessHandle.of(Long.parseLong(lines.getFirst().strip())))
                .ifPresent(server -> {
                    server.destroyForcibly();
                    Await.until(Duration.ofSeconds(20), "the end of the orphaned database", () -> !server.isAlive());
                });
    }

    private static Optional<List<String>> postmaster(Path dataDirectory) {
        return TestFiles.find(dataDirectory, path -> path.endsWith("postmaster.pid"))
                .map(file -> read(file).lines().toList());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a look past the program. */
    public DataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    /** As the program's environment. */
    Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        variables.put("QUARKUS_DATASOURCE_JDBC_URL", url);
        variables.put("QUARKUS_DATASOURCE_USERNAME", user);
        variables.put("QUARKUS_DATASOURCE_PASSWORD", password);
        return variables;
    }
}
