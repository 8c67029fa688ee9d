package dev.moorage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.embedded.Program.Ended;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.Ports;
import dev.moorage.testing.Prepared;
import dev.moorage.testing.RegistryClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The first organization, account and robot, made by commands beside the packaged program in secured mode. */
class AdministrationCommandIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path temporary;

    @Test
    void whatCommandsMakeLogsInAtOnceAtTheProgramThatServes() throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data")).toRealPath();
        Prepared.fill(data);
        int port = Ports.free();
        try (Program serving =
                Program.start(data, Map.of(), "-Dquarkus.http.port=" + port, "-Dmoorage.access.mode=secured")) {
            serving.awaitBlock();
            RegistryClient client = new RegistryClient(URI.create("http://127.0.0.1:" + port));

            Ended account = run(data, "account", "create", "anna");
            assertThat(account.errors()).isEmpty();
            assertThat(account.output()).matches("account anna\npassword \\S+\n");
            assertThat(run(data, "organization", "create", "acme", "--owner", "anna")
                            .output())
                    .isEqualTo("organization acme\n");
            RegistryClient anna = client.showing("anna", word(account, "password"));
            anna.get("/api/v1/organizations/acme").expect(200);
            anna.get("/api/v1/accounts").expect(403);

            Ended robot = run(
                    data,
                    "robot",
                    "create",
                    "acme",
                    "ci",
                    "--role",
                    "writer",
                    "--prefix",
                    "acme/web",
                    "--expires",
                    "90d");
            assertThat(robot.errors()).isEmpty();
            RegistryClient ci = client.as(word(robot, "login"), word(robot, "secret"));
            ci.repository("acme/web/app").push("v1", ImageFactory.fresh().image());
            ci.repository("acme/website").begin().expect(401);

            Ended again = run(data, "organization", "create", "acme");
            assertThat(again.exitCode()).isEqualTo(3);
            assertThat(again.errors()).isEqualTo("Refused: there is an organization acme\n");
            run(data, "fsck", "--acknowledge");
            List<JsonNode> told = lines(run(data, "audit", "--since", "1h", "--outcome", "done"));
            assertThat(told.stream()
                            .map(row -> row.at("/actor/kind").asText()
                                    + ' '
                                    + row.get("action").asText()))
                    .containsSubsequence(
                            "command account.create",
                            "command organization.create",
                            "command robot.create",
                            "robot repository.create",
                            "command store.acknowledge")
                    .contains("system account.create", "system signing-key.create");
            assertThat(lines(run(data, "audit", "--organization", "acme", "--action", "robot.*", "--actor", "*")))
                    .singleElement()
                    .matches(row -> row.at("/target/name").asText().equals("ci")
                            && row.at("/actor/name").asText().equals(System.getProperty("user.name"))
                            && row.at("/detail/path").asText().equals("web"));
            assertThat(serving.terminate().output()).doesNotContain(word(account, "password"), word(robot, "secret"));
        }
    }

    private static List<JsonNode> lines(Ended ended) {
        assertThat(ended.errors()).isEmpty();
        return ended.output().lines().map(AdministrationCommandIT::read).toList();
    }

    private static JsonNode read(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    private static String word(Ended ended, String name) {
        return ended.output()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static Ended run(Path data, String... arguments) throws Exception {
        // Not closed: that would end the server of the program that serves.
        return Program.command(data, List.of(), arguments).awaitEnd();
    }
}
