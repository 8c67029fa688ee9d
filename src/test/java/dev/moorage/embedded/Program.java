package dev.moorage.embedded;

import dev.moorage.testing.PackagedProgram;
import dev.moorage.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The packaged program as a process; whatever became of the test, nothing of it stays behind. */
final class Program implements AutoCloseable {

    record Ended(int exitCode, String output, String errors) {}

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path directory;
    private final CompletableFuture<String> errors;
    private final StringBuilder output = new StringBuilder();

    private Program(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        // A thread of its own: the common pool has as few as one, and another program's reader may hold it.
        this.errors = CompletableFuture.supplyAsync(
                () -> everything(process),
                reader -> Thread.ofPlatform().daemon().start(reader));
    }

    /** Starts on a data directory, at ports that the caller may replace among the options. */
    static Program start(Path dataDirectory, Map<String, String> environment, String... options) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("-Dquarkus.http.port=" + Ports.free(), "-Dquarkus.management.port=" + Ports.free()));
        all.addAll(List.of(options));
        return start(dataDirectory, environment, all, List.of());
    }

    /** Starts on a data directory as somebody does by hand, at these ports. */
    static Program startByHand(Path dataDirectory, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("-Dmoorage.data-directory=" + dataDirectory));
        all.addAll(List.of(options));
        return start(PackagedProgram.jar(all), dataDirectory, Map.of(), List.of());
    }

    /** Starts a command on a data directory. */
    static Program command(Path dataDirectory, List<String> options, String... arguments) throws IOException {
        return command(dataDirectory, Map.of(), options, arguments);
    }

    static Program command(
            Path dataDirectory, Map<String, String> environment, List<String> options, String... arguments)
            throws IOException {
        return start(dataDirectory, environment, options, List.of(arguments));
    }

    private static Program start(
            Path dataDirectory, Map<String, String> environment, List<String> options, List<String> arguments)
            throws IOException {
        List<String> properties = new ArrayList<>(List.of("-Dmoorage.data-directory=" + dataDirectory));
        properties.addAll(options);
        return start(PackagedProgram.command(List.of(), properties), dataDirectory, environment, arguments);
    }

    private static Program start(
            List<String> start, Path dataDirectory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(start);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("MOORAGE_") || name.startsWith("QUARKUS_"));
        builder.environment().putAll(environment);
        return new Program(builder.start(), dataDirectory);
    }

    /** Waits for the whole block at the start. */
    String awaitBlock() throws IOException {
        while (output.indexOf("first push") < 0 || output.charAt(output.length() - 1) != '\n') {
            int read = process.getInputStream().read();
            if (read < 0) {
                throw new AssertionError("the program ended: " + output + errors.join());
            }
            output.append((char) read);
        }
        return output.toString();
    }

    /** Waits for an end that comes by itself. */
    Ended awaitEnd() throws IOException, InterruptedException {
        output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the program does not end");
        }
        return new Ended(process.exitValue(), output.toString(), errors.join());
    }

    Ended terminate() throws IOException, InterruptedException {
        // Not the process's own method, which closes what it still has to say.
        process.toHandle().destroy();
        return awaitEnd();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        // A killed program leaves its server, whose whole group goes with its head.
        PidFile.read(new DataDirectory(directory).pidFile())
                .filter(PidFile::isOurServer)
                .flatMap(file -> ProcessHandle.of(file.pid()))
                .ifPresent(server -> {
                    List<ProcessHandle> children = server.descendants().toList();
                    server.destroyForcibly();
                    children.forEach(ProcessHandle::destroyForcibly);
                });
    }

    private static String everything(Process process) {
        try {
            return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
