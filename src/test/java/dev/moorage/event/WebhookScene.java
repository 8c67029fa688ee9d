package dev.moorage.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Receiver;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An organization of its own with webhooks, at one replica. */
final class WebhookScene {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private final RegistryClient client;
    private final String organization;

    WebhookScene(RegistryClient client) {
        this.client = client;
        this.organization = RegistryClient.newName().split("/", 2)[0];
        send("POST", "/api/v1/organizations", "{\"name\":\"%s\"}".formatted(organization))
                .expect(201);
    }

    private WebhookScene(RegistryClient client, String organization) {
        this.client = client;
        this.organization = organization;
    }

    /** The same organization at another replica. */
    WebhookScene at(RegistryClient other) {
        return new WebhookScene(other, organization);
    }

    /** A program that may call this machine, and is quick to try again. */
    static MoorageProcess.Settings settings() {
        return MoorageProcess.Settings.usual()
                .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                .property("moorage.outbound.allowed-networks", "127.0.0.1")
                .property("moorage.uploads.reaper-interval", "1s")
                .property("moorage.webhooks.timeout", "2s")
                .property("moorage.webhooks.first-wait", "100ms")
                .property("moorage.webhooks.longest-wait", "1s");
    }

    String organization() {
        return organization;
    }

    /** Makes a webhook and answers its secret. */
    String webhook(String name, Receiver receiver, String more) {
        return send("POST", path(""), "{\"name\":\"%s\",\"url\":\"%s\"%s}".formatted(name, receiver.url(), more))
                .expect(201)
                .json()
                .get("secret")
                .asText();
    }

    String path(String rest) {
        return "/api/v1/organizations/" + organization + "/webhooks" + rest;
    }

    RepositoryClient repository(String name) {
        return client.repository(organization + "/" + name);
    }

    /** Pushes a new image, and answers its digest. */
    String push(String repository, String tag) {
        return repository(repository).push(tag, ImageFactory.fresh().image()).digest();
    }

    Answer get(String target) {
        return client.get(target);
    }

    Answer send(String method, String target, String json) {
        return client.request(method, target)
                .header("Content-Type", "application/json")
                .body(json.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    Answer delete(String target) {
        return client.request("DELETE", target).send();
    }

    /** What a webhook was told and is to be told. */
    List<JsonNode> deliveries(String webhook, String query) {
        return list(get(path("/" + webhook + "/deliveries" + query)).expect(200));
    }

    static List<JsonNode> list(Answer answer) {
        return StreamSupport.stream(answer.json().get("items").spliterator(), false)
                .toList();
    }

    /** Waits until a receiver was told so many things, each counted once. */
    static List<Receiver.Received> told(Receiver receiver, int count) {
        Await.until(LIMIT, count + " messages", () -> once(receiver).count() >= count);
        return once(receiver).toList();
    }

    /** What was received, each thing as it came first. */
    static Stream<Receiver.Received> once(Receiver receiver) {
        Set<String> seen = new HashSet<>();
        return receiver.received().stream().filter(message -> seen.add(message.event()));
    }
}
