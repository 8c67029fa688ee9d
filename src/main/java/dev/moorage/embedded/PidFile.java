package dev.moorage.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code postmaster.pid} says: a line each for pid, directory, start time, port, socket, address, memory, state. */
record PidFile(long pid, int port, Readiness readiness) {

    /** Whether the server takes connections. */
    enum Readiness {
        READY,
        NOT_READY
    }

    private static final int PORT_LINE = 3;
    private static final int STATE_LINE = 7;

    /** Empty where there is no file, or where it is still being written. */
    static Optional<PidFile> read(Path file) throws IOException {
        try {
            return parse(Files.readAllLines(file));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    static Optional<PidFile> parse(List<String> lines) {
        if (lines.size() <= PORT_LINE) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(lines.getFirst().strip());
            int port = Integer.parseInt(lines.get(PORT_LINE).strip());
            boolean ready = lines.size() > STATE_LINE
                    && "ready".equals(lines.get(STATE_LINE).strip());
            return pid > 0 && port > 0
                    ? Optional.of(new PidFile(pid, port, ready ? Readiness.READY : Readiness.NOT_READY))
                    : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /**
     * Whether the process is the server that wrote this file and not another that was given its number since: every
     * server is started with its port among its arguments.
     */
    boolean isOurServer() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process -> CommandLine.of(process).contains("port=" + port))
                .orElse(false);
    }
}
