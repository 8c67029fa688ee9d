package dev.moorage.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Receiver;
import dev.moorage.testing.Receiver.Received;
import dev.moorage.testing.Receiver.Reply;
import dev.moorage.testing.Sql;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What webhooks of the packaged program are told, by whom it is seen, and what becomes of it where they do not listen. */
class WebhookIT {

    private static MoorageProcess program;
    private static Sql sql;

    private WebhookScene scene;
    private Receiver receiver;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start("webhooks", WebhookScene.settings());
        sql = new Sql(program.database().source());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @BeforeEach
    void begin() {
        scene = new WebhookScene(program.client());
        receiver = new Receiver();
    }

    @AfterEach
    void end() {
        receiver.close();
    }

    @Test
    void pushMoveAndDeletionOfATagAreToldInOrderAndSigned() {
        String secret = scene.webhook("ci", receiver, ",\"events\":[\"tag_created\",\"tag_moved\",\"tag_deleted\"]");
        String first = scene.push("web/api", "v1");
        String second = scene.push("web/api", "v1");
        scene.repository("web/api").delete("manifests/v1").expect(202);

        List<Received> told = WebhookScene.told(receiver, 3);

        assertThat(told)
                .extracting(message -> message.json().get("type").asText())
                .containsExactly("dev.moorage.tag_created", "dev.moorage.tag_moved", "dev.moorage.tag_deleted");
        assertThat(told)
                .extracting(message -> message.json().at("/data/digest").asText())
                .containsExactly(first, second, second);
        Received moved = told.get(1);
        JsonNode event = moved.json();
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("id").asText()).isEqualTo(moved.event());
        assertThat(event.get("subject").asText()).isEqualTo(scene.organization() + "/web/api:v1");
        assertThat(event.at("/data/from").asText()).isEqualTo(first);
        assertThat(event.at("/data/mediaType").asText()).isEqualTo(ImageFactory.OCI_MANIFEST);
        assertThat(moved.header("Content-type")).isEqualTo("application/cloudevents+json; charset=utf-8");
        assertThat(moved.header("Moorage-event")).isEqualTo("tag_moved");
        String signature = moved.header("Moorage-signature");
        Instant at = Instant.ofEpochSecond(Long.parseLong(signature.substring(2, signature.indexOf(','))));
        assertThat(signature).isEqualTo(Signature.of(List.of(secret), at, moved.body()));
        assertThat(at).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        JsonNode history = scene.get("/api/v1/organizations/" + scene.organization() + "/events")
                .expect(200)
                .json();
        assertThat(history.findValuesAsText("reference")).contains(moved.event());
    }

    @Test
    void receiverOfDistributionIsToldInItsEnvelope() {
        scene.webhook("old", receiver, ",\"format\":\"distribution\"");
        String digest = scene.push("app", "v1");
        scene.repository("app").delete("manifests/" + digest).expect(202);

        List<Received> told = WebhookScene.told(receiver, 3);

        JsonNode pushed = told.getFirst().json().get("events").get(0);
        assertThat(told.getFirst().header("Content-type"))
                .isEqualTo("application/vnd.docker.distribution.events.v2+json");
        assertThat(pushed.get("action").asText()).isEqualTo("push");
        assertThat(pushed.at("/target/repository").asText()).isEqualTo(scene.organization() + "/app");
        assertThat(pushed.at("/target/tag").asText()).isEqualTo("v1");
        assertThat(pushed.at("/target/digest").asText()).isEqualTo(digest);
        assertThat(told.subList(1, 3))
                .extracting(message -> message.json().at("/events/0/action").asText())
                .containsExactly("delete", "delete");
    }

    @Test
    void eventsOfARepositoryComeInTheirOrderUnderPushersAndFailuresAtOnce() throws Exception {
        scene.webhook("ordered", receiver, ",\"events\":[\"tag_created\",\"tag_moved\"]");
        AtomicInteger calls = new AtomicInteger();
        receiver.answer(_ -> calls.incrementAndGet() % 3 == 0 ? new Reply.Status(500, "") : Reply.TAKEN);
        List<Callable<Boolean>> pushers = new ArrayList<>();
        for (int repository = 0; repository < 3; repository++) {
            for (int pusher = 0; pusher < 2; pusher++) {
                String name = "r" + repository;
                String tag = "t" + pusher;
                pushers.add(() -> {
                    for (int i = 0; i < 5; i++) {
                        scene.push(name, tag);
                    }
                    return true;
                });
            }
        }
        Together.run(pushers);

        List<Received> told = WebhookScene.told(receiver, 30);

        for (int repository = 0; repository < 3; repository++) {
            String name = scene.organization() + "/r" + repository;
            List<String> happened = sql.rows("""
                    SELECT e.reference FROM event e JOIN repository r ON r.id = e.repository_id WHERE r.name = ? ORDER BY e.id
                    """, name);
            List<Received> ofOne = told.stream()
                    .filter(message -> message.repository().equals(name))
                    .toList();
            // Between two tags nothing says which came first while both are pushed: each tag's own line is exact.
            for (String tag : List.of("t0", "t1")) {
                assertThat(ofOne.stream()
                                .filter(message ->
                                        message.json().at("/data/tag").asText().equals(tag))
                                .map(Received::event))
                        .containsExactlyElementsOf(sql.rows("""
                                SELECT e.reference FROM event e JOIN repository r ON r.id = e.repository_id
                                WHERE r.name = ? AND e.tag = ? ORDER BY e.id
                                """, name, tag));
            }
            assertThat(ofOne).hasSameSizeAs(happened);
            assertNothingOvertakesAFailure(name);
        }
    }

    /** What failed was taken before anything else of its repository was tried. */
    private void assertNothingOvertakesAFailure(String repository) {
        List<String> line = receiver.received().stream()
                .filter(message -> message.repository().equals(repository))
                .map(Received::event)
                .toList();
        List<String> once = line.stream().distinct().toList();
        List<String> sorted = once.stream()
                .flatMap(event -> line.stream().filter(event::equals))
                .toList();
        assertThat(line).isEqualTo(sorted);
    }

    @Test
    void whatFailsIsTriedAgainAfterAnErrorASilenceAndACut() {
        scene.webhook("ci", receiver, "");
        List<Reply> replies = List.of(
                new Reply.Status(503, ""),
                new Reply.Silence(),
                new Reply.Cut(),
                new Reply.Status(302, "/"),
                Reply.TAKEN);
        AtomicInteger next = new AtomicInteger();
        receiver.answer(_ -> replies.get(Math.min(next.getAndIncrement(), replies.size() - 1)));

        scene.push("app", "v1");

        Await.until(WebhookScene.LIMIT, "the last attempt", () -> scene.deliveries("ci", "?state=delivered").stream()
                .anyMatch(delivery -> delivery.get("attempts").asInt() == 5));
        assertThat(receiver.received().stream().limit(5).map(Received::event).distinct())
                .hasSize(1);
    }

    @Test
    void whatIsTriedForTooLongIsADeadLetterAndCanBeSentAgain() {
        receiver.answer(500);
        scene.webhook("ci", receiver, ",\"events\":[\"tag_created\"]");
        scene.push("app", "v1");
        scene.push("app", "v2");
        WebhookScene.told(receiver, 1);
        Await.until(
                WebhookScene.LIMIT,
                "both handed out",
                () -> scene.deliveries("ci", "?state=waiting").size() == 2);
        sql.change("""
                UPDATE delivery
                SET queued_at = queued_at - interval '2 days'
                WHERE organization_id = (SELECT id FROM organization WHERE name = ?)
                """, scene.organization());
        Await.until(
                WebhookScene.LIMIT,
                "two dead letters",
                () -> scene.deliveries("ci", "?state=dead").size() == 2);
        JsonNode dead = scene.deliveries("ci", "?state=dead").getLast();
        assertThat(dead.get("lastStatus").asInt()).isEqualTo(500);
        assertThat(dead.get("because").asText()).isEqualTo("the answer was no success");

        receiver.answer(204);
        scene.send("POST", scene.path("/ci/deliveries/" + dead.get("id").asText() + "/redeliver"), "{}")
                .expect(200);
        Await.until(
                WebhookScene.LIMIT,
                "one more",
                () -> scene.deliveries("ci", "?state=dead").size() == 1);
        assertThat(scene.send("POST", scene.path("/ci/dead-letters/redeliver"), "{}")
                        .expect(200)
                        .json()
                        .get("redelivered")
                        .asInt())
                .isEqualTo(1);
        Await.until(
                WebhookScene.LIMIT,
                "both",
                () -> scene.deliveries("ci", "?state=delivered").size() == 2);
    }

    @Test
    void targetThatHangsHoldsUpNeitherPushesNorOtherWebhooks() {
        receiver.answer(_ -> new Reply.Silence());
        for (int i = 0; i < 8; i++) {
            scene.webhook("hangs" + i, receiver, "");
        }
        IntStream.range(0, 8).forEach(i -> scene.push("app" + i, "v1"));
        WebhookScene.told(receiver, 2);
        WebhookScene other = new WebhookScene(program.client());
        try (Receiver quick = new Receiver()) {
            other.webhook("quick", quick, ",\"events\":[\"tag_created\"]");
            Instant before = Instant.now();
            for (int i = 0; i < 5; i++) {
                other.push("app", "v" + i);
                scene.push("app", "v" + i);
            }
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(8));
            WebhookScene.told(quick, 5);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(12));
        }
    }

    @Test
    void webhookIsToldOfItsPartAndItsTagsOnly() {
        scene.webhook("part", receiver, ",\"path\":\"web\",\"tags\":\"v*_?\",\"events\":[\"tag_created\"]");
        scene.push("web", "v1_0");
        scene.push("website", "v1_1");
        scene.push("web/api", "latest");
        scene.push("web/api", "v1.10");
        scene.push("web/api", "v2_3");

        assertThat(WebhookScene.told(receiver, 2))
                .extracting(message -> message.json().get("subject").asText())
                .containsExactlyInAnyOrder(scene.organization() + "/web:v1_0", scene.organization() + "/web/api:v2_3");
        assertThat(scene.deliveries("part", "")).hasSize(2);
    }

    @Test
    void manifestsWithoutATagAndNewRepositoriesAreToldToo() {
        scene.webhook("all", receiver, "");
        var image = ImageFactory.fresh().image();
        scene.repository("app").pushBlobs(image);
        scene.repository("app").put(image.digest(), image.manifest()).expect(201);
        scene.repository("app").put(image.digest(), image.manifest()).expect(201);
        scene.repository("app").put("v1", image.manifest()).expect(201);

        assertThat(WebhookScene.told(receiver, 3))
                .extracting(message -> message.header("Moorage-event"))
                .containsExactly("repository_created", "manifest_pushed", "tag_created");
        assertThat(receiver.received().get(1).json().at("/data/digest").asText())
                .isEqualTo(image.digest());
    }

    @Test
    void pingTellsAtOnceWhatCameOfIt() {
        scene.webhook("ci", receiver, "");
        Answer answer = scene.send("POST", scene.path("/ci/ping"), "{}").expect(200);
        assertThat(answer.json().get("delivered").asBoolean()).isTrue();
        assertThat(receiver.received().getFirst().json().get("type").asText()).isEqualTo("dev.moorage.ping");

        receiver.answer(418);
        JsonNode refused =
                scene.send("POST", scene.path("/ci/ping"), "{}").expect(200).json();
        assertThat(refused.get("delivered").asBoolean()).isFalse();
        assertThat(refused.get("status").asInt()).isEqualTo(418);
        receiver.answer(_ -> new Reply.Silence());
        JsonNode silent =
                scene.send("POST", scene.path("/ci/ping"), "{}").expect(200).json();
        assertThat(silent.get("because").asText()).isEqualTo("no whole answer in time");
    }

    @Test
    void bothSecretsSignForADayAfterARotation() {
        String before = scene.webhook("ci", receiver, "");
        String after = scene.send("POST", scene.path("/ci/secret"), "{}")
                .expect(200)
                .json()
                .get("secret")
                .asText();
        scene.send("POST", scene.path("/ci/ping"), "{}").expect(200);

        Received message = receiver.received().getFirst();
        String signature = message.header("Moorage-signature");
        Instant at = Instant.ofEpochSecond(Long.parseLong(signature.substring(2, signature.indexOf(','))));
        assertThat(signature).isEqualTo(Signature.of(List.of(after, before), at, message.body()));
        assertThat(scene.get(scene.path("/ci")).expect(200).text()).doesNotContain(before, after);
        assertThat(sql.rows("SELECT encode(secret, 'escape') FROM webhook WHERE name = 'ci'")
                        .toString())
                .doesNotContain(before, after);
    }

    @Test
    void disabledWebhookIsToldNothingAndADeletedOneGoesWithAllThatWaits() {
        scene.webhook("off", receiver, ",\"enabled\":false");
        scene.push("app", "v1");
        scene.send("PATCH", scene.path("/off"), "{\"enabled\":true,\"events\":[\"tag_created\"]}")
                .expect(200);
        scene.push("app", "v2");
        assertThat(WebhookScene.told(receiver, 1))
                .extracting(message -> message.json().at("/data/tag").asText())
                .containsExactly("v2");

        receiver.answer(500);
        scene.push("app", "v3");
        scene.delete(scene.path("/off")).expect(204);
        scene.get(scene.path("/off")).expect(404);
        Await.until(WebhookScene.LIMIT, "the end of it", () -> sql.rows(
                        "SELECT w.id FROM webhook w JOIN organization o ON o.id = w.organization_id WHERE o.name = ?",
                        scene.organization())
                .isEmpty());
        assertThat(sql.number(
                        "SELECT count(*) FROM delivery d JOIN organization o ON o.id = d.organization_id WHERE o.name = ?",
                        scene.organization()))
                .isZero();
        scene.webhook("off", receiver, "");
    }

    @Test
    void deletedOrganizationTellsThatItWasDeletedAndNothingElse() {
        scene.webhook(
                "all", receiver, ",\"events\":[\"tag_created\",\"organization_deleted\",\"organization_restored\"]");
        receiver.answer(500);
        scene.push("app", "v1");
        WebhookScene.told(receiver, 1);
        scene.delete("/api/v1/organizations/" + scene.organization() + "?everything=true")
                .expect(204);
        receiver.answer(204);

        Await.until(WebhookScene.LIMIT, "the last message", () -> receiver.received().stream()
                .anyMatch(message -> message.header("Moorage-event").equals("organization_deleted")));
        assertThat(sql.rows(
                        "SELECT d.kind, d.state FROM delivery d JOIN organization o ON o.id = d.organization_id WHERE o.name = ? AND d.state = 'waiting'",
                        scene.organization()))
                .hasSize(1);
    }

    @Test
    void organizationHasSoManyWebhooksAndNoMore() {
        for (int i = 0; i < 20; i++) {
            scene.webhook("w" + i, receiver, "");
        }
        scene.send("POST", scene.path(""), "{\"name\":\"more\",\"url\":\"%s\"}".formatted(receiver.url()))
                .expect(409);
        assertThat(WebhookScene.list(scene.get(scene.path("?limit=30")).expect(200)))
                .hasSize(20);
        assertThat(scene.get(scene.path("?limit=3"))
                        .expect(200)
                        .json()
                        .get("next")
                        .asText())
                .isEqualTo("w10");
    }

    @Test
    void bodiesThatCannotBeMeantAreRefusedByTheirField() {
        assertRefused("\"url\":\"%s\",\"format\":\"xml\"", "format");
        assertRefused("\"url\":\"%s\",\"events\":[\"tag_pushed\"]", "events");
        assertRefused("\"url\":\"%s\",\"events\":[]", "events");
        assertRefused("\"url\":\"%s\",\"format\":\"distribution\",\"events\":[\"repository_restored\"]", "events");
        assertRefused("\"url\":\"%s\",\"path\":\"../other\"", "path");
        assertRefused("\"url\":\"%s\",\"tags\":\"[a]\"", "tags");
        assertRefused("\"url\":\"%s#a\"", "url");
        assertThat(WebhookScene.list(scene.get(scene.path("")).expect(200))).isEmpty();
    }

    private void assertRefused(String fields, String field) {
        Answer answer = scene.send("POST", scene.path(""), "{\"name\":\"x\"," + fields.formatted(receiver.url()) + "}");
        assertThat(Optional.ofNullable(answer.expect(400).json().get("field")).map(JsonNode::asText))
                .contains(field);
    }
}
