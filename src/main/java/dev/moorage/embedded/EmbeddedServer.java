package dev.moorage.embedded;

import dev.moorage.config.StartupCheckFailed;
import io.quarkus.runtime.Application;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The PostgreSQL of the trial run: started with the program on its data directory, durable, stopped after it.
 *
 * <p>One server a data directory and process, also across the class loaders of dev mode, whose reload finds it running.
 *
 * @param dataDirectory the directory in use, absolute; for root it may be another than the one asked for
 * @param connection how the program reaches the server
 * @param note what the person who starts the program should know, where there is such a thing
 */
public record EmbeddedServer(Path dataDirectory, ServerConnection connection, Optional<String> note) {

    private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(60);
    private static final Duration PATIENCE_WITH_OTHERS = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * The server of a data directory, started unless this process has started it before.
     *
     * @throws StartupCheckFailed with one sentence, if the directory or the server cannot be used
     */
    public static EmbeddedServer start(Path dataDirectory) {
        return at(dataDirectory, EmbeddedServer::start);
    }

    /**
     * The server of a data directory for a command: that of the program which runs there, and is not to be stopped by this
     * process, or else one that is started as by {@link #start}.
     *
     * <p>A program that is just starting or ending is waited for, a minute at most.
     *
     * @throws StartupCheckFailed with one sentence, if the directory or the server cannot be used
     */
    public static EmbeddedServer join(Path dataDirectory) {
        return at(dataDirectory, EmbeddedServer::joinOrStart);
    }

    private interface Way {
        EmbeddedServer go(Placement placement) throws IOException;
    }

    private static EmbeddedServer at(Path dataDirectory, Way way) {
        try {
            Placement placement = Placement.choose(dataDirectory);
            synchronized (RunningServers.monitor()) {
                return way.go(placement);
            }
        } catch (IOException e) {
            throw new StartupCheckFailed(
                    "The embedded PostgreSQL did not start on moorage.data-directory %s: %s."
                            .formatted(dataDirectory.toAbsolutePath().normalize(), e.getMessage()),
                    e);
        }
    }

    /** How to reach the server that runs on a data directory, whichever process started it. */
    public static Optional<ServerConnection> runningOn(Path dataDirectory) throws IOException {
        DataDirectory directory =
                new DataDirectory(dataDirectory.toAbsolutePath().normalize());
        Optional<PidFile> running = PidFile.read(directory.pidFile())
                .filter(file -> file.readiness() == PidFile.Readiness.READY)
                .filter(PidFile::isOurServer);
        return running.isPresent()
                ? Optional.of(ServerConnection.owner(running.get().port(), Cluster.password(directory)))
                : Optional.empty();
    }

    /** Stops the server cleanly and lets go of the directory. */
    public void stop() throws IOException {
        synchronized (RunningServers.monitor()) {
            Placement placement = Placement.choose(dataDirectory);
            DataDirectory directory = placement.directory();
            new ServerProcess(directory, Binaries.unpack(directory.binaries()), placement.user())
                    .stop(PATIENCE_AT_STOP);
            RunningServers.release(directory.root());
        }
    }

    private static EmbeddedServer joinOrStart(Placement placement) throws IOException {
        DataDirectory directory = placement.directory();
        Instant deadline = Instant.now().plus(PATIENCE_WITH_OTHERS);
        while (RunningServers.lockOn(directory.root()).isEmpty()) {
            Optional<FileChannel> lock = DirectoryLock.takeIfFree(directory);
            if (lock.isPresent()) {
                return start(placement, lock.get(), Optional.empty());
            }
            Optional<ServerConnection> running = runningOn(directory.root()).filter(DatabaseOwner::letsIn);
            if (running.isPresent()) {
                return new EmbeddedServer(directory.root(), running.get(), placement.note());
            }
            if (Instant.now().isAfter(deadline)) {
                throw DirectoryLock.inUse(directory);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return start(placement);
    }

    private static EmbeddedServer start(Placement placement) throws IOException {
        DataDirectory directory = placement.directory();
        Optional<FileChannel> held = RunningServers.lockOn(directory.root());
        return held.isPresent()
                ? start(placement, held.get(), runningOn(directory.root()))
                : start(placement, DirectoryLock.take(directory), Optional.empty());
    }

    private static EmbeddedServer start(Placement placement, FileChannel lock, Optional<ServerConnection> running)
            throws IOException {
        DataDirectory directory = placement.directory();
        Path binaries = Binaries.unpack(directory.binaries());
        ServerProcess process = new ServerProcess(directory, binaries, placement.user());
        // Before the server: a signal while it starts must find it.
        RunningServers.keep(directory.root(), lock, () -> stopAfterProgram(process));
        try {
            Cluster.ensure(directory, binaries, placement.user());
            ServerConnection connection = running.isPresent() ? running.get() : startAnew(process);
            return new EmbeddedServer(directory.root(), connection, placement.note());
        } catch (IOException | RuntimeException e) {
            process.stop(PATIENCE_AT_STOP);
            RunningServers.release(directory.root());
            throw e;
        }
    }

    private static ServerConnection startAnew(ServerProcess process) throws IOException {
        int port = process.start();
        String password = Cluster.password(process.directory());
        DatabaseOwner.ensure(port, password);
        return ServerConnection.owner(port, password);
    }

    // All shutdown hooks run at once; the application's own answers the last requests and closes the pool.
    private static void stopAfterProgram(ServerProcess process) {
        Application application = Application.currentApplication();
        if (application != null) {
            application.awaitShutdown();
        }
        try {
            process.stop(PATIENCE_AT_STOP);
        } catch (IOException e) {
            System.err.println("The embedded PostgreSQL was not stopped: " + e.getMessage());
        }
    }
}
