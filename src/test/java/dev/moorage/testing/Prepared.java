package dev.moorage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a first start makes and every other finds: a database whose schema is that of the program under test and which is empty, and
 * the JVM's AOT cache of the program.
 *
 * <p>Both are made once a build, by the program itself: its command {@code migrate}, and a run in which an image is pushed and
 * pulled. What a first start does is looked at by {@code StartIT} and {@code MigrateIT}.
 */
public final class Prepared {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private Prepared() {}

    /** Lets an embedded database begin as a copy of the prepared one, in a data directory that has none yet. */
    public static void fill(Path dataDirectory) throws IOException {
        fill(dataDirectory, directory());
    }

    private static void fill(Path dataDirectory, Path prepared) throws IOException {
        Files.createDirectories(dataDirectory);
        TestDatabase.shareBinaries(dataDirectory);
        TestFiles.copy(prepared.resolve("postgres"), dataDirectory.resolve("postgres"));
    }

    /** Brings the schema into an empty database. */
    static void migrate(ExternalDatabase database) {
        try {
            Path place = Files.createDirectories(
                    Path.of("target", "it", "migrate-" + ProcessHandle.current().pid()));
            migrate(place.toAbsolutePath(), database.environment());
            TestFiles.delete(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The AOT cache of the program as {@link PackagedProgram#flat} starts it. */
    static Path cache() {
        try {
            return directory().resolve("program.aot");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The prepared directory of this very program, made by whichever of the build's processes is the first to want it. */
    private static synchronized Path directory() throws IOException {
        Path all = Files.createDirectories(Path.of("target", "prepared")).toAbsolutePath();
        String build =
                Long.toString(Files.getLastModifiedTime(PackagedProgram.file()).toMillis(), 36);
        Path prepared = all.resolve((PackagedProgram.wantsCache() ? "cached-" : "plain-") + build);
        try (FileChannel channel =
                        FileChannel.open(all.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!Files.isDirectory(prepared)) {
                Path unfinished = all.resolve("unfinished");
                TestFiles.delete(unfinished);
                Files.createDirectories(unfinished);
                TestDatabase.shareBinaries(unfinished);
                migrate(unfinished, Map.of());
                if (PackagedProgram.wantsCache()) {
                    train(unfinished);
                }
                Files.move(unfinished, prepared, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return prepared;
    }

    private static void migrate(Path dataDirectory, Map<String, String> environment) throws IOException {
        List<String> command = PackagedProgram.jar(List.of("-Dmoorage.data-directory=" + dataDirectory));
        command.add("migrate");
        Path said = dataDirectory.resolve("migrate.txt");
        awaitEnd(begin(command, environment, said), said);
    }

    private static void train(Path prepared) throws IOException {
        Path data = prepared.resolve("training");
        fill(data, prepared);
        Path said = prepared.resolve("training.txt");
        int port = Ports.free();
        Process program = begin(
                PackagedProgram.flat(List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:AOTCacheOutput=" + prepared.resolve("program.aot"),
                        "-Dmoorage.data-directory=" + data)),
                Map.of(
                        "QUARKUS_HTTP_PORT",
                        Integer.toString(port),
                        "QUARKUS_MANAGEMENT_PORT",
                        Integer.toString(Ports.free())),
                said);
        try {
            RegistryClient client = new RegistryClient(URI.create("http://127.0.0.1:" + port));
            Await.until(PATIENCE, "the program that trains", () -> answers(client));
            RepositoryClient repository = client.repository("training/image");
            ImageFactory.Image image = ImageFactory.fresh().image();
            repository.push("v1", image);
            repository.get("manifests/v1").expect(200);
            repository.get("tags/list").expect(200);
            image.blobs().forEach(blob -> repository.assertBlob(blob.digest(), blob.bytes()));
            client.get("/api/v1/repositories").expect(200);
            client.get("/console").expect(200);
            program.destroy();
            // The cache is assembled when it ends, and it ends by the signal.
            if (!program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    || !Files.exists(prepared.resolve("program.aot"))) {
                throw new AssertionError("no AOT cache: " + Files.readString(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            program.destroyForcibly();
            ExternalDatabase.endOrphanIn(data);
        }
        TestFiles.delete(data);
    }

    private static boolean answers(RegistryClient client) {
        try {
            return client.get("/v2/").status() == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    private static Process begin(List<String> command, Map<String, String> environment, Path said) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(said.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("MOORAGE_") || name.startsWith("QUARKUS_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void awaitEnd(Process process, Path said) throws IOException {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError("the schema could not be prepared: " + Files.readString(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
