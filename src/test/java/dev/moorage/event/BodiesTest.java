package dev.moorage.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.metadata.Delivery.Facts;
import dev.moorage.metadata.Delivery.Message;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.WebhookFormat;
import dev.moorage.name.WebhookKind;
import dev.moorage.testing.TestSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What messages look like to those who read CloudEvents, and to those who read the notifications of Distribution. */
class BodiesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ID = UUID.fromString("0b5ca5ff-0b0e-4b4c-9a5b-1f6d0f4e7a10");
    private static final UUID REQUEST = UUID.fromString("1b5ca5ff-0b0e-4b4c-9a5b-1f6d0f4e7a10");
    private static final Digest OLD = Digest.parse("sha256:" + "a".repeat(64)).orElseThrow();
    private static final Digest NEW = Digest.parse("sha256:" + "b".repeat(64)).orElseThrow();
    private static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
    private static final Bodies NAMED = bodies(Map.of("moorage.http.hosts", "https://registry.example.com:8443"));
    private static final Bodies NAMELESS = bodies(Map.of());

    @Test
    void everyKindOfTheHistoryCanBeTold() {
        assertThat(Stream.of(HistoryStore.Kind.values()).map(HistoryStore.Kind::text))
                .allMatch(kind -> WebhookKind.parse(kind).isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void cloudEventHasTheAttributesOfTheSpecification(WebhookKind kind) throws IOException {
        Body body = NAMED.of(WebhookFormat.CLOUDEVENTS, "acme", message(kind, "anna"));
        JsonNode event = JSON.readTree(body.bytes());

        assertThat(body.type()).isEqualTo("application/cloudevents+json; charset=utf-8");
        assertThat(fields(event))
                .containsExactly("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data");
        assertThat(fields(event)).allMatch(name -> name.matches("[a-z0-9]{1,20}"));
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("id").asText()).isEqualTo(ID.toString());
        assertThat(URI.create(event.get("source").asText())).isEqualTo(URI.create("https://registry.example.com:8443"));
        assertThat(event.get("type").asText()).isEqualTo("dev.moorage." + kind.text());
        assertThat(event.get("subject").asText()).isEqualTo("acme/web:v1");
        assertThat(OffsetDateTime.parse(event.get("time").asText()).toInstant()).isEqualTo(Instant.EPOCH);
        assertThat(event.get("data").isObject()).isTrue();
    }

    @Test
    void cloudEventTellsWhatHappened() throws IOException {
        JsonNode data = JSON.readTree(
                        NAMELESS.of(WebhookFormat.CLOUDEVENTS, "acme", message(WebhookKind.TAG_MOVED, "anna"))
                                .bytes())
                .get("data");

        assertThat(data).isEqualTo(JSON.readTree("""
                        {"organization": "acme", "repository": "acme/web", "tag": "v1", "digest": "%2$s", "from": "%1$s",
                         "to": "%2$s", "mediaType": "%3$s", "artifactType": "application/spdx+json", "size": 1234,
                         "actor": "anna", "client": "docker", "why": "because", "request": "%4$s", "undoes": "%5$s"}
                        """.formatted(OLD, NEW, IMAGE, REQUEST, ID)));
    }

    @Test
    void cloudEventOfARegistryWithoutANameHasASourceAllTheSame() throws IOException {
        JsonNode event =
                JSON.readTree(NAMELESS.of(WebhookFormat.CLOUDEVENTS, "acme", message(WebhookKind.TAG_MOVED, "anna"))
                        .bytes());

        assertThat(URI.create(event.get("source").asText()).isAbsolute()).isTrue();
    }

    /** The names are those of the structs of Distribution's package notifications, in their JSON. */
    @ParameterizedTest
    @EnumSource
    void envelopeIsWhatReadersOfDistributionsParse(WebhookKind kind) throws IOException {
        if (!WebhookFormat.DISTRIBUTION.tells(kind)) {
            return;
        }
        Body body = NAMED.of(WebhookFormat.DISTRIBUTION, "acme", message(kind, "anna"));
        JsonNode envelope = JSON.readTree(body.bytes());

        assertThat(body.type()).isEqualTo("application/vnd.docker.distribution.events.v2+json");
        assertThat(fields(envelope)).containsExactly("events");
        assertThat(envelope.get("events")).hasSize(1);
        JsonNode event = envelope.get("events").get(0);
        assertThat(fields(event)).containsExactly("id", "timestamp", "action", "target", "request", "actor", "source");
        assertThat(Set.of("push", "delete")).contains(event.get("action").asText());
        assertThat(OffsetDateTime.parse(event.get("timestamp").asText()).toInstant())
                .isEqualTo(Instant.EPOCH);
        String noun = kind.text().startsWith("blob") ? "blobs" : "manifests";
        assertThat(event.get("target")).isEqualTo(JSON.readTree("""
                        {"mediaType": "%2$s", "size": 1234, "length": 1234, "digest": "%1$s", "repository": "acme/web",
                         "tag": "v1", "url": "https://registry.example.com:8443/v2/acme/web/%3$s/%1$s"}
                        """.formatted(NEW, IMAGE, noun)));
        assertThat(event.get("request").get("id").asText()).isEqualTo(REQUEST.toString());
        assertThat(event.get("request").get("host").asText()).isEqualTo("registry.example.com:8443");
        assertThat(event.get("request").get("useragent").asText()).isEqualTo("docker");
        assertThat(event.get("actor").get("name").asText()).isEqualTo("anna");
    }

    @Test
    void longTextsOfClientsAreCutBetweenCharacters() throws IOException {
        String body = new String(
                NAMED.of(WebhookFormat.CLOUDEVENTS, "acme", message(WebhookKind.TAG_MOVED, "\uD83D\uDE00".repeat(9000)))
                        .bytes(),
                StandardCharsets.UTF_8);

        assertThat(body.length()).isLessThan(8000);
        assertThat(JSON.readTree(body).at("/data/actor").asText()).matches("(\uD83D\uDE00)+");
    }

    private static List<String> fields(JsonNode node) {
        return List.copyOf(node.propertyStream().map(Map.Entry::getKey).toList());
    }

    private static Message message(WebhookKind kind, String actor) {
        return new Message(
                ID,
                REQUEST,
                kind,
                Optional.of(new RepositoryName("acme/web")),
                Optional.of(new Tag("v1")),
                Optional.of(OLD),
                Optional.of(NEW),
                new Facts(Optional.of(IMAGE), Optional.of("application/spdx+json"), Optional.of(1234)),
                Instant.EPOCH,
                actor,
                "docker",
                Optional.of("because"),
                Optional.of(ID));
    }

    private static Bodies bodies(Map<String, String> settings) {
        return new Bodies(JSON, TestSettings.with(settings));
    }
}
