package dev.moorage.http.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.Receiver;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Webhooks by the forms of the packaged program in open mode, with somebody who is told. */
class WebhookPagesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern SECRET = Pattern.compile("<pre><code>([^<]+)</code></pre>");
    private static final String PAGE = "/console/organizations/acme/webhooks";

    private static MoorageProcess program;
    private static ConsoleVisitor visitor;

    @BeforeAll
    static void start() {
        program = MoorageProcess.start(
                "webhook-pages",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.outbound.allowed-networks", "127.0.0.1")
                        .property("moorage.uploads.reaper-interval", "1s")
                        .property("moorage.webhooks.timeout", "2s")
                        .property("moorage.webhooks.first-wait", "100ms")
                        .property("moorage.webhooks.longest-wait", "1s"));
        visitor = new ConsoleVisitor(program.client());
        program.client().repository("acme/web").push("v0", ImageFactory.fresh().image());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void webhookIsMadeToldChangedAndDeleted() {
        try (Receiver receiver = new Receiver()) {
            String secret = secret(visitor.send(
                    PAGE, PAGE, "name", "ci", "url", receiver.url(), "format", "cloudevents", "path", "", "tags", ""));
            String one = PAGE + "/ci";
            assertThat(visitor.page(PAGE))
                    .contains(one + "\">ci</a>", receiver.url(), "16 kinds")
                    .doesNotContain(secret);

            assertThat(visitor.send(one, one + "/ping").expect(200).text())
                    .contains("Delivered: it answered 204.", "Ping of ci");
            receiver.answer(500);
            assertThat(visitor.send(one, one + "/ping").expect(200).text())
                    .contains("Not delivered, it answered 500", "role=\"alert\"");

            program.client()
                    .repository("acme/web")
                    .push("v1", ImageFactory.fresh().image());
            Await.until(LIMIT, "an attempt that failed", () -> visitor.page(one).contains("last <time"));
            assertThat(visitor.page(one + "?state=waiting"))
                    .contains("tag_created in acme/web, tag v1", "<span class=\"badge\">waiting</span>", "500");
            receiver.answer(204);
            Await.until(LIMIT, "delivered", () -> visitor.page(one + "?state=delivered")
                    .contains("tag v1"));
            Matcher delivery =
                    Pattern.compile("name=\"delivery\" value=\"([^\"]+)\"").matcher(visitor.page(one));
            assertThat(delivery.find()).isTrue();
            int before = receiver.received().size();
            done(visitor.send(one, one + "/redeliver", "delivery", delivery.group(1)));
            Await.until(LIMIT, "told again", () -> receiver.received().size() > before);
            done(visitor.send(one, one + "/dead-letters"));
            assertThat(visitor.get(one + "?state=lost").status()).isEqualTo(400);

            done(visitor.send(
                    one,
                    one,
                    "url",
                    receiver.url(),
                    "format",
                    "cloudevents",
                    "path",
                    "web",
                    "tags",
                    "v*",
                    "events",
                    "tag_created",
                    "events",
                    "tag_moved"));
            assertThat(visitor.page(PAGE)).contains("2 kinds in web, tags v*", ">disabled</span>");
            Answer none = visitor.send(
                    one,
                    one,
                    "url",
                    receiver.url(),
                    "format",
                    "cloudevents",
                    "path",
                    "x",
                    "tags",
                    "",
                    "enabled",
                    "true");
            assertThat(none.status()).isEqualTo(400);
            assertThat(none.text()).contains("events is one at least", "value=\"x\"");

            assertThat(secret(visitor.send(one, one + "/secret"))).isNotEqualTo(secret);
            done(visitor.send(one, one + "/delete"));
            assertThat(visitor.page(PAGE)).contains("Nobody is told what happens here.");
        }
    }

    @Test
    void addressThatIsNoneIsSaidOnTheFormWithWhatWasTyped() {
        Answer refused = visitor.send(
                PAGE,
                PAGE,
                "name",
                "bad",
                "url",
                "\"><script>x",
                "format",
                "distribution",
                "path",
                "",
                "tags",
                "",
                "events",
                "tag_moved");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("Refused: url is an address", "value=\"&quot;&gt;&lt;script&gt;x\"")
                .contains("<option value=\"distribution\" selected>", "value=\"tag_moved\" checked")
                .doesNotContain("<script>x");
        assertThat(visitor.post(PAGE, "name", "bad", "url", "https://ci.example")
                        .status())
                .isEqualTo(403);
        assertThat(visitor.get(PAGE + "/bad").status()).isEqualTo(404);
    }

    private static String secret(Answer answer) {
        Matcher secret = SECRET.matcher(answer.expect(200).text());
        assertThat(secret.find()).isTrue();
        return secret.group(1);
    }

    private static void done(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    }
}
