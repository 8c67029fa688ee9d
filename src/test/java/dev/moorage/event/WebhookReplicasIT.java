package dev.moorage.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Receiver;
import dev.moorage.testing.Receiver.Received;
import dev.moorage.testing.Receiver.Reply;
import dev.moorage.testing.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas tell webhooks together: each thing once while they live, and once more where one of them is killed. */
class WebhookReplicasIT {

    private MoorageProcess first;
    private MoorageProcess second;
    private Receiver receiver;

    @BeforeEach
    void start() {
        first = MoorageProcess.start("tellers", WebhookScene.settings());
        second = MoorageProcess.startReplica("tellers", WebhookScene.settings(), first);
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
        second.close();
        first.close();
    }

    @Test
    void nothingIsToldTwiceByTwoThatAreHealthy() throws Exception {
        List<WebhookScene> scenes = List.of(
                new WebhookScene(first.client()), new WebhookScene(second.client()), new WebhookScene(second.client()));
        List<Callable<Boolean>> pushers = new ArrayList<>();
        for (WebhookScene scene : scenes) {
            scene.webhook("ci", receiver, ",\"events\":[\"tag_created\"]");
            pushers.add(() -> {
                for (int i = 0; i < 15; i++) {
                    scene.push("r" + i % 4, "v" + i);
                }
                return true;
            });
        }
        Together.run(pushers);

        WebhookScene.told(receiver, 45);

        Await.until(WebhookScene.LIMIT, "the end of the queue", () -> scenes.stream()
                .allMatch(scene -> scene.deliveries("ci", "?state=delivered").size() == 15));
        assertThat(receiver.received().stream().map(Received::event))
                .hasSize(45)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatAKilledReplicaWasTellingIsToldByTheOther() {
        WebhookScene scene = new WebhookScene(second.client());
        scene.webhook("ci", receiver, ",\"events\":[\"tag_created\"]");
        // Whoever has the webhook is killed while it waits for the answer: the first, for the second is started later.
        second.beginTermination();
        second.awaitEnd();
        WebhookScene atFirst = scene.at(first.client());
        receiver.answer(_ -> new Reply.Silence());
        atFirst.push("app", "v1");
        WebhookScene.told(receiver, 1);
        receiver.answer(204);
        first.kill9();
        second.restart();

        Await.until(
                WebhookScene.LIMIT,
                "the same once more",
                () -> scene.deliveries("ci", "?state=delivered").size() == 1);
        assertThat(receiver.received().stream().map(Received::event).distinct()).hasSize(1);
        assertThat(receiver.received()).hasSizeGreaterThanOrEqualTo(2);
    }
}
