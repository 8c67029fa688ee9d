package dev.moorage.embedded;

import dev.moorage.config.StartupCheckFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** The files of the embedded server: made whole under another name, then renamed, so that a crash leaves none half made. */
final class Cluster {

    private static final int PASSWORD_BYTES = 24;

    private Cluster() {}

    /** Makes the cluster where there is none. */
    static void ensure(DataDirectory directory, Path binaries, ServerUser user) throws IOException {
        Trees.delete(directory.unfinished());
        if (!Files.isDirectory(directory.server())) {
            create(directory, binaries, user);
        }
    }

    private static void create(DataDirectory directory, Path binaries, ServerUser user) throws IOException {
        Path server = directory.unfinished();
        Path password = DataDirectory.passwordIn(server);
        Files.createDirectory(
                server, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, newPassword() + "\n");
        if (user instanceof ServerUser.Other other) {
            other.give(server);
            other.give(password);
        }
        Programs.Outcome outcome = Programs.run(
                directory.root(),
                user.command(List.of(
                        binaries.resolve("bin/initdb").toString(),
                        "--pgdata=" + DataDirectory.clusterIn(server),
                        "--username=" + ServerConnection.SUPERUSER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8")));
        if (!outcome.succeeded()) {
            throw new StartupCheckFailed("The embedded PostgreSQL could not make its files in %s: %s"
                    .formatted(directory.root(), ServerLog.lastComplaint(outcome.output())));
        }
        Files.move(server, directory.server(), StandardCopyOption.ATOMIC_MOVE);
        // initdb has flushed its files; the name that makes them count is ours to flush.
        Trees.flush(directory.root());
    }

    static String password(DataDirectory directory) throws IOException {
        return Files.readString(directory.password()).strip();
    }

    private static String newPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
