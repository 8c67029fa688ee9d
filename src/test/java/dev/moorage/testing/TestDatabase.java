package dev.moorage.testing;

import dev.moorage.embedded.ForgetfulServer;
import dev.moorage.embedded.ServerConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Databases for tests of SQL in process: one server for the JVM, and for each test a copy of the migrated schema.
 *
 * <p>The server is the embedded one, or the one named by {@code MOORAGE_TEST_DATABASE_URL}, {@code …_USER} and {@code
 * …_PASSWORD} in the environment, whose user must be allowed to create databases.
 */
public final class TestDatabase {

    private static TestDatabase server;

    private final KeptConnections administrator;
    private final String owner;
    private final String ownerPassword;
    private final String template = name("template");
    private final List<String> databases = new CopyOnWriteArrayList<>();

    private TestDatabase(String url, String user, String password, String owner, String ownerPassword) {
        this.administrator = dataSource(url, user, password);
        this.owner = owner;
        this.ownerPassword = ownerPassword;
    }

    /** A data source on a database of the caller's own, migrated and empty. */
    public static synchronized DataSource fresh() {
        if (server == null) {
            server = external().orElseGet(TestDatabase::embedded);
            server.createTemplate();
        }
        return server.create(name("test"), "TEMPLATE " + server.template);
    }

    /** A database of the caller's own that begins as a copy of another one that {@link #fresh} gave, to which nobody is connected. */
    public static synchronized DataSource copy(DataSource source) {
        forget(source);
        return server.create(name("test"), "TEMPLATE " + ((PGSimpleDataSource) source).getDatabaseName());
    }

    /** Removes a database that {@link #fresh} gave: the server then need not write it to the disk when it stops. */
    public static synchronized void drop(DataSource source) {
        forget(source);
        server.drop(((PGSimpleDataSource) source).getDatabaseName());
    }

    private static void forget(DataSource source) {
        try {
            ((KeptConnections) source).forget();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void createTemplate() {
        DataSource created = create(template, "TEMPLATE template0");
        Flyway.configure()
                .dataSource(created)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        forget(created);
    }

    private DataSource create(String database, String template) {
        try (Connection connection = administrator.getConnection();
                Statement statement = connection.createStatement()) {
            // Files are copied as they are: the usual way writes each page of the template to the log first.
            statement.execute("CREATE DATABASE %s OWNER %s STRATEGY file_copy %s".formatted(database, owner, template));
        } catch (SQLException e) {
            throw new IllegalStateException("no database for the test", e);
        }
        databases.add(database);
        KeptConnections created = dataSource(administrator.getUrl(), owner, ownerPassword);
        created.setDatabaseName(database);
        return created;
    }

    private void drop(String database) {
        try (Connection connection = administrator.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE %s WITH (FORCE)".formatted(database));
        } catch (SQLException e) {
            throw new IllegalStateException("databases of this test run remain", e);
        }
        databases.remove(database);
    }

    private void dropAll() {
        databases.forEach(this::drop);
    }

    private static Optional<TestDatabase> external() {
        return Optional.ofNullable(System.getenv("MOORAGE_TEST_DATABASE_URL")).map(url -> {
            String user = System.getenv("MOORAGE_TEST_DATABASE_USER");
            String password = System.getenv("MOORAGE_TEST_DATABASE_PASSWORD");
            TestDatabase database = new TestDatabase(url, user, password, user, password);
            Runtime.getRuntime().addShutdownHook(new Thread(database::dropAll));
            return database;
        });
    }

    private static TestDatabase embedded() {
        try {
            Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
            Path directory = Files.createTempDirectory(target, "test-database-");
            shareBinaries(directory);
            ServerConnection connection = ForgetfulServer.start(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
            return new TestDatabase(
                    connection.url(), "postgres", connection.password(), connection.user(), connection.password());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a data directory use binaries that were unpacked once for all tests of this build. */
    public static void shareBinaries(Path dataDirectory) throws IOException {
        Path shared =
                Files.createDirectories(Path.of("target", "postgres-binaries")).toAbsolutePath();
        Files.createSymbolicLink(dataDirectory.resolve("binaries"), shared);
    }

    /** Nobody needs what is in it: the server is killed, which saves it the flush of a database for each test. */
    private static void remove(Path directory) {
        try {
            Path pidFile = directory.resolve("postgres/data/postmaster.pid");
            long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
            ProcessHandle.of(pid).ifPresent(postmaster -> {
                postmaster.destroyForcibly();
                postmaster.onExit().join();
            });
            TestFiles.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeptConnections dataSource(String url, String user, String password) {
        KeptConnections source = new KeptConnections();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    private static String name(String kind) {
        return "moorage_%s_%s".formatted(kind, UUID.randomUUID().toString().replace("-", ""));
    }
}
