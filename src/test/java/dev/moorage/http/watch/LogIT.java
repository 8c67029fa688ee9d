package dev.moorage.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each request has a name, by which the log is asked for it; what clients send makes no line of its own there. */
class LogIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "swordfish";
    private static MoorageProcess program;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "log",
                MoorageProcess.Settings.usual()
                        .property("quarkus.log.console.json.enabled", "true")
                        .property("moorage.http.access-log", "true"));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void requestKeepsTheNameThatItsClientGaveItOrGetsOne() {
        assertThat(asked("/v2/", "walk-17").header("x-request-id")).isEqualTo("walk-17");
        assertThat(asked("/v2/", "two words").header("x-request-id")).matches("[0-9a-f]{32}");
        assertThat(program.client().get("/v2/nothing/here").header("x-request-id"))
                .matches("[0-9a-f]{32}");
    }

    @Test
    void lineOfARequestSaysWhatWasAskedAndByWhom() {
        asked("/v2/acme/web/tags/list?n=5", "line-1").expectError(404, "NAME_UNKNOWN");

        JsonNode line = line("line-1");

        assertThat(line.path("loggerName").asText()).endsWith("AccessLog");
        assertThat(line.path("message").asText())
                .startsWith("address=127.0.0.1 caller=anonymous method=GET path=/v2/acme/web/tags/list status=404 ");
    }

    @Test
    void hostilePathsMakeNoOtherLinesAndSecretsNone() {
        String id = "hostile-1";
        program.client()
                .request("GET", "/v2/a%0d%0aaddress=6.6.6.6%20caller=admin/tags/list?token=" + SECRET)
                .header("X-Request-Id", id)
                .header("Authorization", "Bearer " + SECRET)
                .send();
        program.client()
                .raw()
                .head(
                        "GET",
                        "/v2/x\"y/tags/list?access_token=" + SECRET,
                        "X-Request-Id: hostile-2",
                        "Connection: close")
                .answer("GET");

        assertThat(line(id).path("message").asText())
                .contains("path=/v2/a%0d%0aaddress%u003d6.6.6.6%20caller%u003dadmin/");
        assertThat(line("hostile-2").path("message").asText()).contains("path=/v2/x%u0022y/tags/list ");
        assertThat(program.output()).doesNotContain(SECRET);
        assertThat(lines()).allSatisfy(line -> assertThat(line.isObject()).isTrue());
    }

    private static Answer asked(String path, String id) {
        return new RegistryClient(program.base())
                .request("GET", path)
                .header("X-Request-Id", id)
                .send();
    }

    private static JsonNode line(String id) {
        return Await.value(Duration.ofSeconds(20), "the line of " + id, () -> lines().stream()
                .filter(line -> line.at("/mdc/request").asText().equals(id))
                .findFirst());
    }

    /** Everything that was printed; a line that is still being written is left out. */
    private static List<JsonNode> lines() {
        String output = program.output();
        return output.substring(0, output.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> !line.isEmpty())
                .map(LogIT::parsed)
                .toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
