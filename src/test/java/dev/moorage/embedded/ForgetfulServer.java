package dev.moorage.embedded;

import dev.moorage.testing.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded server for tests within the JVM, which no crash of the machine is to survive: it never waits for the disk, which
 * would be most of what a database of its own costs a test. Whatever asks for a program has the server that users have.
 */
public final class ForgetfulServer {

    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "full_page_writes=off",
            "shared_buffers=128MB",
            "max_connections=100",
            "timezone=UTC",
            "log_timezone=UTC");

    private ForgetfulServer() {}

    /** Makes a cluster in an empty directory and starts it; whoever wants it to end kills the process of its {@code postmaster.pid}. */
    public static ServerConnection start(Path dataDirectory) throws IOException {
        Placement placement = Placement.choose(dataDirectory);
        DataDirectory directory = placement.directory();
        Path binaries = Binaries.unpack(directory.binaries());
        Cluster.ensure(directory, binaries, placement.user());
        int port = Ports.free();
        Programs.Outcome outcome = Programs.run(
                directory.root(),
                placement
                        .user()
                        .command(List.of(
                                binaries.resolve("bin/pg_ctl").toString(),
                                "start",
                                "--pgdata=" + directory.cluster(),
                                "--log=" + directory.log(),
                                "--wait",
                                "--silent",
                                "--options=" + options(port))));
        if (!outcome.succeeded()) {
            throw new IOException("no server for the tests: " + outcome.output());
        }
        String password = Cluster.password(directory);
        DatabaseOwner.ensure(port, password);
        return ServerConnection.owner(port, password);
    }

    private static String options(int port) {
        List<String> all = new ArrayList<>(SETTINGS);
        all.add("port=" + port);
        return "-c " + String.join(" -c ", all);
    }
}
