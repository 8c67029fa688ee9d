package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.embedded.Program.Ended;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.Ports;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of the packaged program, beside one that serves and alone. */
class CommandIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path temporary;

    private Path data;

    @BeforeEach
    void shareBinaries() throws IOException {
        data = Files.createDirectory(temporary.resolve("data")).toRealPath();
        TestDatabase.shareBinaries(data);
    }

    @Test
    void aCommandJoinsTheDatabaseOfTheProgramThatServesAndBothGoOn() throws Exception {
        int port = Ports.free();
        try (Program serving =
                Program.start(data, Map.of(), "-Dquarkus.http.port=" + port, "-Dmoorage.storage.rows-up-to=0")) {
            serving.awaitBlock();
            RepositoryClient repository =
                    new RegistryClient(URI.create("http://127.0.0.1:" + port)).repository("acme/web");
            String blob = repository.pushBlob(ImageFactory.seeded(1).bytes(1000));
            String lost = repository.pushBlob(ImageFactory.seeded(2).bytes(2000));
            long server = serverPid();

            Ended sound = run("fsck", "--deep");
            assertThat(sound.errors()).isEmpty();
            assertThat(sound.output())
                    .isEqualTo(
                            "summary blobs=2 blob-bytes=3000 hashed-bytes=3000 objects=2 multiparts=0 findings=0 finding-bytes=0 repaired=0\n");
            assertThat(sound.exitCode()).isZero();

            Files.delete(object(2000));
            Ended found = run("fsck", "--repair");
            assertThat(found.errors()).isEmpty();
            assertThat(found.output().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("object-absent digest=" + lost + " "))
                    .anyMatch(line -> line.contains(" findings=1 finding-bytes=2000 repaired=0"));
            assertThat(found.exitCode()).isEqualTo(1);

            assertThat(serverPid()).as("the server is the program's").isEqualTo(server);
            repository.assertBlob(blob, ImageFactory.seeded(1).bytes(1000));
            repository.pushBlob(ImageFactory.seeded(3).bytes(10));
            Ended ended = serving.terminate();
            assertThat(ended.errors()).isEmpty();
        }
        assertThat(new DataDirectory(data).pidFile()).doesNotExist();
    }

    @Test
    void imagesAreListedBesideTheProgramThatServes() throws Exception {
        int port = Ports.free();
        try (Program serving = Program.start(data, Map.of(), "-Dquarkus.http.port=" + port)) {
            serving.awaitBlock();
            RegistryClient registry = new RegistryClient(URI.create("http://127.0.0.1:" + port));
            ImageFactory images = ImageFactory.seeded(4);
            registry.repository("acme/api").push("v1", images.image());
            String last = registry.repository("acme/web")
                    .push("v2", images.image())
                    .blobs()
                    .getFirst()
                    .digest();

            Ended table = run("images");
            assertThat(table.errors()).isEmpty();
            assertThat(table.exitCode()).isZero();
            assertThat(table.output().lines().map(line -> line.substring(0, line.indexOf("  "))))
                    .containsExactly("REPOSITORY", "acme/web", "acme/api");
            assertThat(run("images", "acme/*:v2", "-q", "--no-trunc").output()).isEqualTo(last + "\n");
            assertThat(run("images", "--filter", "since=acme/api:v1", "--format", "{{.Repository}}:{{.Tag}}")
                            .output())
                    .isEqualTo("acme/web:v2\n");
            Ended absent = run("images", "--filter", "before=acme/absent:v1");
            assertThat(absent.exitCode()).isEqualTo(3);
            assertThat(absent.errors()).contains("acme/absent:v1");
            assertThat(serving.terminate().errors()).isEmpty();
        }
    }

    @Test
    void aCommandAloneStartsTheDatabaseAndStopsIt() throws Exception {
        Ended first = run("fsck");
        assertThat(first.errors()).isEmpty();
        assertThat(first.output()).startsWith("summary blobs=0 ");
        assertThat(first.exitCode()).isZero();
        assertThat(new DataDirectory(data).pidFile()).doesNotExist();

        Path unnamed = data.resolve("blobs/01/23/01234567-0000-4000-8000-000000000000");
        Files.createDirectories(unnamed.getParent());
        Files.write(unnamed, new byte[5]);
        Ended found = run("fsck");
        assertThat(found.output()).startsWith("object-without-row key=blobs/01/23/01234567-");
        assertThat(found.exitCode()).isEqualTo(1);
        assertThat(new DataDirectory(data).pidFile()).doesNotExist();
        assertThat(Files.readString(new DataDirectory(data).log()))
                .contains("database system is shut down")
                .doesNotContain("not properly shut down");
    }

    @Test
    void aCommandWaitsForAProgramThatIsJustStarting() throws Exception {
        try (Program serving = Program.start(data, Map.of())) {
            Path lock = new DataDirectory(data).lock();
            Await.until(Duration.ofSeconds(60), "the lock of the starting program", () -> size(lock) > 0);
            Ended ended = run("fsck");
            assertThat(ended.errors()).isEmpty();
            assertThat(ended.exitCode()).isZero();
            serving.awaitBlock();
            assertThat(serving.terminate().errors()).isEmpty();
        }
    }

    @Test
    void aCommandListensNowhere() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                Program fsck = Program.command(
                        data,
                        List.of(
                                "-Dquarkus.http.port=" + taken.getLocalPort(),
                                "-Dquarkus.management.port=" + taken.getLocalPort()),
                        "fsck")) {
            assertThat(fsck.awaitEnd().exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsck --shallow", "fskc", "--deep"})
    void whatCannotBeUnderstoodIsAnsweredWithTheUsageAndStartsNothing(String arguments) throws Exception {
        Ended refused = run(arguments.split(" "));
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.output()).isEmpty();
        assertThat(refused.errors()).contains("Usage: moorage");
        assertNothingWasStarted();
    }

    @Test
    void helpStartsNothing() throws Exception {
        Ended help = run("fsck", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.errors()).isEmpty();
        assertThat(help.output()).contains("Usage: moorage fsck", "--deep", "--repair", "Exit codes");
        assertNothingWasStarted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dmoorage.uploads.expiry=0s",
                "-Dmoorage.uploads.sweep-interval=0s",
                "-Dquarkus.datasource.jdbc.url=jdbc:postgresql://127.0.0.1:1/x"
            })
    void whatStopsItsStartIsSaidInOneSentence(String option) throws Exception {
        try (Program fsck = Program.command(data, List.of(option), "fsck")) {
            Ended refused = fsck.awaitEnd();
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.output()).isEmpty();
            assertThat(refused.errors().lines())
                    .singleElement()
                    .asString()
                    .contains(option.substring(2, option.indexOf('=')))
                    .doesNotContain("Exception");
            assertNothingWasStarted();
        }
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        // Not closed: that would end the server of the program that serves.
        return Program.command(data, List.of(), arguments).awaitEnd();
    }

    private void assertNothingWasStarted() {
        assertThat(new DataDirectory(data).lock()).doesNotExist();
        assertThat(new DataDirectory(data).server()).doesNotExist();
    }

    private long serverPid() throws IOException {
        return PidFile.read(new DataDirectory(data).pidFile()).orElseThrow().pid();
    }

    private Path object(long size) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("blobs"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> size(file) == size)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }
}
