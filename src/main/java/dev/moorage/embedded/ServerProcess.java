package dev.moorage.embedded;

import dev.moorage.config.StartupCheckFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The running postmaster of one data directory.
 *
 * <p>It is started by {@code pg_ctl}, which gives it a session of its own: a Ctrl-C in the terminal reaches the program
 * and not the database, which has to outlive the program's last request.
 */
record ServerProcess(DataDirectory directory, Path binaries, ServerUser user) {

    private static final Duration PATIENCE_WITH_CHILDREN = Duration.ofSeconds(60);
    private static final int PORTS_TRIED = 5;
    // pg_ctl wants some limit in seconds; recovery after a crash takes as long as it takes.
    private static final String NO_LIMIT = "1000000000";

    /**
     * Starts the server and waits until it takes connections.
     *
     * <p>A server that a killed program left behind is stopped and started again, never adopted: what it still runs for
     * the dead program ends, and this program's binaries and settings count. That costs half a second.
     */
    int start() throws IOException {
        stopLeftover();
        Instant deadline = Instant.now().plus(PATIENCE_WITH_CHILDREN);
        int portsTaken = 0;
        while (true) {
            int port = freePort();
            ServerLog log = ServerLog.fromNow(directory.log());
            Programs.Outcome outcome = control(startArguments(port));
            if (outcome.succeeded()) {
                return port;
            }
            String said = log.text();
            if (said.contains("could not create any TCP/IP sockets") && ++portsTaken < PORTS_TRIED) {
                continue;
            }
            // Children of a killed postmaster notice its end by themselves, soon.
            if (said.contains("pre-existing shared memory block")
                    && Instant.now().isBefore(deadline)) {
                continue;
            }
            throw new StartupCheckFailed("The embedded PostgreSQL did not start: %s (its log is %s)."
                    .formatted(ServerLog.lastComplaint(said.isBlank() ? outcome.output() : said), directory.log()));
        }
    }

    /** Stops the server: sessions are ended, everything is written, and the next start has nothing to recover. */
    void stop(Duration patience) throws IOException {
        Optional<PidFile> running = PidFile.read(directory.pidFile());
        if (running.isEmpty() || !running.get().isOurServer()) {
            return;
        }
        if (!control(stopArguments("fast", Long.toString(patience.toSeconds()))).succeeded()) {
            // Without the last write: the next start recovers from the log, and nothing that was committed is lost.
            control(stopArguments("immediate", NO_LIMIT));
        }
    }

    private void stopLeftover() throws IOException {
        Optional<PidFile> written = PidFile.read(directory.pidFile());
        if (written.isEmpty()) {
            return;
        }
        stop(Duration.ofSeconds(10));
        boolean numberUsedAgain = ProcessHandle.of(written.get().pid())
                .map(ProcessHandle::isAlive)
                .orElse(false);
        if (numberUsedAgain) {
            // The server only looks whether some process has that number (usual after a restart of a container).
            Files.deleteIfExists(directory.pidFile());
        }
    }

    private List<String> startArguments(int port) {
        return List.of(
                "start",
                "--pgdata=" + directory.cluster(),
                "--log=" + directory.log(),
                "--wait",
                "--timeout=" + NO_LIMIT,
                "--silent",
                "--options=" + String.join(" ", settings(port)));
    }

    private List<String> stopArguments(String mode, String seconds) {
        return List.of(
                "stop",
                "--pgdata=" + directory.cluster(),
                "--mode=" + mode,
                "--wait",
                "--timeout=" + seconds,
                "--silent");
    }

    // On the command line they win over every file, so that nobody's edit takes durability away.
    private static List<String> settings(int port) {
        return List.of(
                "-c port=" + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=",
                "-c fsync=on",
                "-c synchronous_commit=on",
                "-c full_page_writes=on",
                "-c shared_buffers=128MB",
                "-c max_connections=100",
                "-c timezone=UTC",
                "-c log_timezone=UTC");
    }

    private Programs.Outcome control(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(binaries.resolve("bin/pg_ctl").toString());
        command.addAll(arguments);
        return Programs.run(directory.root(), user.command(command));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
