package dev.moorage.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Receiver;
import dev.moorage.testing.Receiver.Reply;
import dev.moorage.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where webhooks lead, and where no address that an owner writes down does; only 127.0.0.1 is named by the operator. */
class WebhookAddressIT {

    private static MoorageProcess program;
    private static Sql sql;

    private WebhookScene scene;
    private Receiver named;
    private Receiver inside;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start("addresses", WebhookScene.settings());
        sql = new Sql(program.database().source());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @BeforeEach
    void begin() {
        scene = new WebhookScene(program.client());
        named = new Receiver();
        inside = new Receiver("127.0.0.2");
    }

    @AfterEach
    void end() {
        named.close();
        inside.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.2",
                "https://127.0.0.2",
                "http://2130706434",
                "http://127.2",
                "https://169.254.169.254/latest/meta-data",
                "http://[::ffff:127.0.0.2]",
                "https://[::1]",
                "https://10.0.0.1",
                "http://9.9.9.9",
                "ftp://9.9.9.9",
                "file:///etc/passwd",
                "https://user:password@9.9.9.9",
                "//9.9.9.9/hook",
                "https://",
                "no address"
            })
    void addressThatMayNotBeCalledIsRefusedAtSaveAndAgainAtSend(String url) {
        JsonNode problem = scene.send("POST", scene.path(""), "{\"name\":\"x\",\"url\":\"%s\"}".formatted(url))
                .expect(400)
                .json();
        assertThat(problem.get("field").asText()).isEqualTo("url");
        assertThat(WebhookScene.list(scene.get(scene.path("")).expect(200))).isEmpty();

        scene.webhook("x", named, "");
        scene.send("PATCH", scene.path("/x"), "{\"url\":\"%s\"}".formatted(url)).expect(400);
        if (url.indexOf(' ') < 0 && !url.equals("https://")) {
            sql.change("UPDATE webhook SET url = ? WHERE url = ?", url, named.url());
            JsonNode pinged =
                    scene.send("POST", scene.path("/x/ping"), "{}").expect(200).json();
            assertThat(pinged.get("delivered").asBoolean()).isFalse();
            assertThat(pinged.get("status").isNull()).isTrue();
        }
        assertThat(named.received()).isEmpty();
        assertThat(inside.received()).isEmpty();
    }

    @Test
    void redirectToTheInsideIsNotFollowed() {
        named.answer(_ -> new Reply.Status(307, inside.url()));
        scene.webhook("x", named, "");

        JsonNode pinged =
                scene.send("POST", scene.path("/x/ping"), "{}").expect(200).json();

        assertThat(pinged.get("status").asInt()).isEqualTo(307);
        assertThat(pinged.get("delivered").asBoolean()).isFalse();
        assertThat(inside.received()).isEmpty();
    }
}
