package dev.moorage.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** As whom the server's programs run: PostgreSQL refuses to run as root. */
sealed interface ServerUser {

    /** The number of the user 'nobody' on every system that has setpriv. */
    long NOBODY = 65534;

    /** The command that runs another command as this user. */
    List<String> command(List<String> command);

    /** What the person who starts the program should know about it. */
    Optional<String> note();

    /** Whether the server's programs, run as this user, get into a directory. */
    boolean reaches(Path directory);

    static boolean currentIsRoot() {
        return new UnixSystem().getUid() == 0;
    }

    /** The user who started the program. */
    record Same() implements ServerUser {
        @Override
        public List<String> command(List<String> command) {
            return command;
        }

        @Override
        public Optional<String> note() {
            return Optional.empty();
        }

        @Override
        public boolean reaches(Path directory) {
            return Files.isWritable(directory);
        }
    }

    /** Root seen as somebody else from within a user namespace: root's files, in directories closed to all others. */
    record Namespace() implements ServerUser {
        @Override
        public List<String> command(List<String> command) {
            return Stream.concat(Stream.of("unshare", "--user"), command.stream())
                    .toList();
        }

        @Override
        public Optional<String> note() {
            return Optional.of("started as root; PostgreSQL runs without root's rights in a user namespace");
        }

        @Override
        public boolean reaches(Path directory) {
            return probe(this, "[ \"$(id -u)\" != 0 ] && [ -w \"$0\" ]", directory);
        }
    }

    /** A user of another number, who owns the server's files. */
    record Other(long user, long group) implements ServerUser {

        static Other ownerOf(Path path) throws IOException {
            return new Other(
                    ((Number) Files.getAttribute(path, "unix:uid")).longValue(),
                    ((Number) Files.getAttribute(path, "unix:gid")).longValue());
        }

        void give(Path path) throws IOException {
            Files.setAttribute(path, "unix:uid", (int) user);
            Files.setAttribute(path, "unix:gid", (int) group);
        }

        @Override
        public List<String> command(List<String> command) {
            return Stream.concat(
                            Stream.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups"),
                            command.stream())
                    .toList();
        }

        @Override
        public Optional<String> note() {
            return Optional.of("started as root; PostgreSQL runs as user " + user);
        }

        @Override
        public boolean reaches(Path directory) {
            return probe(this, "[ -x \"$0\" ]", directory);
        }
    }

    private static boolean probe(ServerUser user, String question, Path directory) {
        try {
            return Programs.run(Path.of("/"), user.command(List.of("sh", "-c", question, directory.toString())))
                    .succeeded();
        } catch (IOException _) {
            // The program that changes the user is not installed here.
            return false;
        }
    }
}
