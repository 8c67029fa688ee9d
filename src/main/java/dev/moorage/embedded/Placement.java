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
            return new Placement(directory, notRoot(directory), Optional.empty());
        }
        return Files.isDirectory(directory.cluster()) ? ofExisting(directory) : ofNew(directory, SYSTEM_DIRECTORY);
    }

    private static ServerUser notRoot(DataDirectory directory) {
        // initdb wants a name for its user, which a container's arbitrary number has not; in a namespace it is
        // 'nobody'.
        boolean nameless = "?".equals(System.getProperty("user.name"));
        ServerUser namespace = new ServerUser.Namespace();
        return nameless && !Files.isDirectory(directory.cluster()) && namespace.reaches(directory.root())
                ? namespace
                : new ServerUser.Same();
    }

    /** The files have an owner already, and only the way that made them can use them. */
    private static Placement ofExisting(DataDirectory directory) throws IOException {
        ServerUser.Other owner = ServerUser.Other.ownerOf(directory.cluster());
        ServerUser user = owner.user() == 0 ? new ServerUser.Namespace() : owner;
        if (!user.reaches(directory.root())) {
            String hindrance = owner.user() == 0
                    ? "they are root's, and PostgreSQL needs a user namespace (unshare) to use them, which this system refuses"
                    : "they are of user %d, whom root cannot take on here (setpriv), or who cannot enter the directory"
                            .formatted(owner.user());
            throw new StartupCheckFailed(
                    "The files of the embedded PostgreSQL in moorage.data-directory %s cannot be used: %s."
                            .formatted(directory.root(), hindrance));
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
