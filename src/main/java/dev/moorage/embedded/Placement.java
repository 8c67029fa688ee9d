package dev.moorage.embedded;

import dev.moorage.config.StartupCheckFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the server's files lie and as whom it runs. */
record Placement(DataDirectory directory, ServerUser user, Optional<String> note) {

    /** Where a program of root's goes whose data directory the server's user cannot enter. */
    static final Path SYSTEM_DIRECTORY = Path.of("/var/lib/moorage");

    static Placement choose(Path dataDirectory) throws IOException {
        DataDirectory directory = DataDirectory.open(dataDirectory);
        if (!ServerUser.currentIsRoot()) {
            ServerUser same = new ServerUser.Same();
            return new Placement(directory, same, same.note());
        }
        return Files.isDirectory(directory.cluster()) ? ofExisting(directory) : ofNew(directory, SYSTEM_DIRECTORY);
    }

    /** The files have an owner already, and only the way that made them can use them. */
    private static Placement ofExisting(DataDirectory directory) throws IOException {
        ServerUser.Other owner = ServerUser.Other.ownerOf(directory.cluster());
        ServerUser user = owner.user() == 0 ? new ServerUser.Namespace() : owner;
        if (!user.reaches(directory.root())) {
            throw new StartupCheckFailed(
                    "The embedded PostgreSQL of %s cannot be run by root here, since user %d, who owns its files, cannot be taken on or cannot enter the directory: start Moorage as that user."
                            .formatted(directory.root(), owner.user()));
        }
        return new Placement(directory, user, user.note());
    }

    static Placement ofNew(DataDirectory directory, Path systemDirectory) {
        ServerUser namespace = new ServerUser.Namespace();
        if (namespace.reaches(directory.root())) {
            return new Placement(directory, namespace, namespace.note());
        }
        ServerUser nobody = new ServerUser.Other(ServerUser.NOBODY, ServerUser.NOBODY);
        if (nobody.reaches(directory.root())) {
            return new Placement(directory, nobody, nobody.note());
        }
        // Opening the directory to others is not ours to do: it may be a home.
        if (!nobody.reaches(Path.of("/"))) {
            throw new StartupCheckFailed(
                    "PostgreSQL refuses to run as root, and neither unshare nor setpriv works here: start Moorage as another user, or name a server in quarkus.datasource.jdbc.url.");
        }
        DataDirectory system = DataDirectory.open(systemDirectory);
        if (!nobody.reaches(system.root())) {
            throw new StartupCheckFailed(
                    "PostgreSQL refuses to run as root, and user %d can enter neither %s nor %s: start Moorage as another user, or name another moorage.data-directory."
                            .formatted(ServerUser.NOBODY, directory.root(), system.root()));
        }
        return new Placement(
                system,
                nobody,
                Optional.of("started as root; PostgreSQL runs as user %d, who cannot enter %s: everything is kept in %s"
                        .formatted(ServerUser.NOBODY, directory.root(), system.root())));
    }
}
