package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.embedded.Program.Ended;
import dev.moorage.testing.Ports;
import dev.moorage.testing.Prepared;
import dev.moorage.testing.RegistryClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The password of the first account, as the packaged program shows it to whoever starts it. */
class FirstPasswordIT {

    private static final Pattern SHOWN = Pattern.compile("first account +admin, password (\\S+)");
    private static final String SECURED = "-Dmoorage.access.mode=secured";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path temporary;

    @Test
    void passwordIsShownAlsoWhereThePortIsTaken() throws Exception {
        Path data = data();
        String output;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program program =
                        Program.start(data, Map.of(), "-Dquarkus.http.port=" + taken.getLocalPort(), SECURED)) {
            Ended ended = program.awaitEnd();
            assertThat(ended.exitCode()).isNotZero();
            output = ended.output();
        }
        int port = Ports.free();
        try (Program program = Program.start(data, Map.of(), "-Dquarkus.http.port=" + port, SECURED)) {
            output += program.awaitBlock();
            List<String> passwords = SHOWN.matcher(output)
                    .results()
                    .map(result -> result.group(1))
                    .toList();

            assertThat(passwords).hasSize(1);
            new RegistryClient(URI.create("http://127.0.0.1:" + port))
                    .showing("admin", passwords.getFirst())
                    .get("/api/v1/accounts")
                    .expect(200);
        }
    }

    @Test
    void startSaysThatThereIsNoAdministratorWhereHisNameIsTaken() throws Exception {
        Path data = data();
        Program.command(data, List.of(), "account", "create", "admin").awaitEnd();
        try (Program program = Program.start(data, Map.of(), SECURED)) {
            assertThat(program.awaitBlock()).doesNotContainPattern(SHOWN);
            Ended ended = program.terminate();
            assertThat(ended.output() + ended.errors()).contains("There is no administrator");
        }
    }

    private Path data() throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data")).toRealPath();
        Prepared.fill(data);
        return data;
    }
}
