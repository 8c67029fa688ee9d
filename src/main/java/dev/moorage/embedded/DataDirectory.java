package dev.moorage.embedded;

import dev.moorage.config.StartupCheckFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where the embedded server keeps its things below the data directory. */
record DataDirectory(Path root) {

    // PostgreSQL's own programs hand their paths to a shell, between double quotes.
    private static final Pattern UNFIT = Pattern.compile("[\"`$\\\\\\p{Cntrl}]");

    /** Makes the directory where it is missing; a file in its place, or no right to write, is a failed start. */
    static DataDirectory open(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (UNFIT.matcher(absolute.toString()).find()) {
            throw new StartupCheckFailed(
                    "moorage.data-directory is %s, whose name holds a quote, a dollar sign, a backslash or a control character, which the embedded PostgreSQL cannot take."
                            .formatted(absolute));
        }
        try {
            Files.createDirectories(absolute);
            if (!Files.isWritable(absolute)) {
                throw new StartupCheckFailed(
                        "moorage.data-directory is %s, which this user may not write to.".formatted(absolute));
            }
            // The real path, so that two names of one directory are one directory.
            return new DataDirectory(absolute.toRealPath());
        } catch (IOException e) {
            throw new StartupCheckFailed(
                    "moorage.data-directory is %s, which cannot be made or used (%s)."
                            .formatted(absolute, e.getClass().getSimpleName()),
                    e);
        }
    }

    Path lock() {
        return root.resolve("moorage.lock");
    }

    Path binaries() {
        return root.resolve("binaries");
    }

    /** The cluster with its password and its log: complete, or not there. */
    Path server() {
        return root.resolve("postgres");
    }

    /** The server in the making; renamed when whole, thrown away when found at a start. */
    Path unfinished() {
        return root.resolve("postgres.new");
    }

    Path cluster() {
        return clusterIn(server());
    }

    Path log() {
        return server().resolve("server.log");
    }

    Path password() {
        return passwordIn(server());
    }

    Path pidFile() {
        return cluster().resolve("postmaster.pid");
    }

    static Path clusterIn(Path server) {
        return server.resolve("data");
    }

    static Path passwordIn(Path server) {
        return server.resolve("password");
    }
}
