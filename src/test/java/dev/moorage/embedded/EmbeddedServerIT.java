package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.config.StartupCheckFailed;
import dev.moorage.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerIT {

    @TempDir
    Path temporary;

    private DataDirectory data;

    @BeforeEach
    void shareBinaries() throws IOException {
        data = new DataDirectory(
                Files.createDirectory(temporary.resolve("data of one's own")).toRealPath());
        TestDatabase.shareBinaries(data.root());
    }

    @AfterEach
    void stop() throws IOException {
        if (EmbeddedServer.runningOn(data.root()).isPresent()) {
            start().stop();
        }
    }

    @Test
    void whatIsCommittedIsOnTheDisk() throws Exception {
        EmbeddedServer server = start();
        assertThat(query(server, "SHOW fsync")).isEqualTo("on");
        assertThat(query(server, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query(server, "SHOW full_page_writes")).isEqualTo("on");
    }

    @Test
    void serverListensOnLoopbackOnlyAndKeepsItsPasswordToItself() throws Exception {
        EmbeddedServer server = start();
        assertThat(query(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(CommandLine.of(postmaster())).contains("unix_socket_directories=");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.password())))
                .isEqualTo("rw-------");
        assertThat(server.toString()).doesNotContain(server.connection().password());
        assertThatThrownBy(() -> DriverManager.getConnection(server.connection().url(), "moorage", "guessed"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void databaseBelongsToAUserWithoutRightsOnTheServerAndSortsByBytes() throws Exception {
        EmbeddedServer server = start();
        assertThat(query(server, "SELECT current_user || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("moorage false");
        assertThat(
                        query(
                                server,
                                "SELECT datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"))
                .isEqualTo("b C.UTF-8 UTF8");
    }

    @Test
    void secondStartInTheSameProcessFindsTheServerRunning() throws Exception {
        EmbeddedServer first = start();
        EmbeddedServer second = start();
        assertThat(second).isEqualTo(first);
        assertThat(EmbeddedServer.runningOn(data.root())).hasValue(first.connection());
    }

    @Test
    void stoppedServerHasWrittenEverythingAndLetsTheDirectoryGo() throws Exception {
        EmbeddedServer server = start();
        server.stop();
        assertThat(EmbeddedServer.runningOn(data.root())).isEmpty();
        assertThat(data.pidFile()).doesNotExist();
        DirectoryLock.take(data).close();
        start();
        assertThat(Files.readString(data.log())).doesNotContain("database system was interrupted");
    }

    @Test
    void killedServerComesBackWithWhatWasCommitted() throws Exception {
        EmbeddedServer server = start();
        execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        ProcessHandle postmaster = postmaster();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
        assertThat(data.pidFile()).exists();
        assertThat(query(start(), "SELECT answer FROM kept")).isEqualTo("42");
    }

    @Test
    void serverLeftByAKilledProgramIsReplacedByOneOfThisProgram() throws Exception {
        EmbeddedServer killed = start();
        execute(killed, "CREATE TABLE kept AS SELECT 42 AS answer");
        ProcessHandle orphan = postmaster();
        // What the end of a process does: the lock goes, the server stays.
        RunningServers.release(data.root());
        assertThat(orphan.isAlive()).isTrue();
        EmbeddedServer server = start();
        assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        // Its entry in the table of processes may stay until its parent, who is not us, asks for it.
        assertThat(CommandLine.of(orphan)).noneMatch(argument -> argument.startsWith("port="));
        assertThat(postmaster()).isNotEqualTo(orphan);
    }

    @Test
    void numberThatAnotherProcessWasGivenSinceDoesNotStopTheStart() throws Exception {
        EmbeddedServer server = start();
        String written = Files.readString(data.pidFile());
        server.stop();
        long another = ProcessHandle.current().pid();
        Files.writeString(data.pidFile(), written.replaceFirst("^\\d+", Long.toString(another)));
        assertThat(query(start(), "SELECT 1")).isEqualTo("1");
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void filesThatACrashLeftHalfMadeAreMadeAnew() throws Exception {
        Path halfMade = Files.createDirectories(DataDirectory.clusterIn(data.unfinished()));
        Files.writeString(halfMade.resolve("PG_VERSION"), "18\n");
        assertThat(query(start(), "SELECT 1")).isEqualTo("1");
        assertThat(data.unfinished()).doesNotExist();
    }

    @Test
    void crashBeforeTheDatabaseWasMadeIsFinishedByTheNextStart() throws Exception {
        EmbeddedServer server = start();
        ServerConnection superuser = ServerConnection.superuser(postmasterFile().port(), Cluster.password(data));
        try (Connection connection =
                        DriverManager.getConnection(superuser.url(), superuser.user(), superuser.password());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE moorage");
        }
        server.stop();
        assertThat(query(start(), "SELECT current_database()")).isEqualTo("moorage");
    }

    @Test
    void directoryThatIsHeldAlreadyIsRefusedByName() throws Exception {
        try (var held = DirectoryLock.take(data)) {
            assertThat(held.isOpen()).isTrue();
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartupCheckFailed.class)
                    .hasMessageContaining(data.root().toString())
                    .hasMessageContaining("Another Moorage");
        }
        assertThat(data.server()).doesNotExist();
    }

    @Test
    void filesOfAnotherVersionAreLeftAloneAndNamed() throws Exception {
        start().stop();
        Files.writeString(data.cluster().resolve("PG_VERSION"), "17\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(StartupCheckFailed.class)
                .hasMessageContaining("incompatible")
                .hasMessageContaining(data.log().toString());
        assertThat(data.cluster().resolve("PG_VERSION")).hasContent("17");
        Files.writeString(data.cluster().resolve("PG_VERSION"), "18\n");
        assertThat(query(start(), "SELECT 1")).isEqualTo("1");
    }

    private EmbeddedServer start() {
        return EmbeddedServer.start(data.root());
    }

    private PidFile postmasterFile() throws IOException {
        return PidFile.read(data.pidFile()).orElseThrow();
    }

    private ProcessHandle postmaster() throws IOException {
        return ProcessHandle.of(postmasterFile().pid()).orElseThrow();
    }

    private static void execute(EmbeddedServer server, String sql) throws SQLException {
        ServerConnection to = server.connection();
        try (Connection connection = DriverManager.getConnection(to.url(), to.user(), to.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedServer server, String sql) throws SQLException {
        ServerConnection to = server.connection();
        try (Connection connection = DriverManager.getConnection(to.url(), to.user(), to.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
