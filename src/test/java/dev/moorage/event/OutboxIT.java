package dev.moorage.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.metadata.Delivery;
import dev.moorage.metadata.DeliveryListStore;
import dev.moorage.metadata.DeliveryStore;
import dev.moorage.metadata.DeliveryStore.Scope;
import dev.moorage.metadata.DeliveryStore.Turn;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.OutboxStore;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.name.WebhookId;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rows of the outbox and of the queue promise, whoever works on them. */
class OutboxIT {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final String WAITING_FOR_ROWS = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND wait_event_type = 'Lock'";
    private static final String ACME = "acme/app";

    @TempDir
    private Path directory;

    private final OutboxStore outbox = new OutboxStore();
    private final DeliveryStore deliveries = new DeliveryStore();
    private RegistryHarness registry;
    private Sql sql;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        sql = registry.sql();
        registry.pushImage(ACME, "first", ImageFactory.fresh().image());
    }

    @AfterEach
    void stop() throws SQLException {
        registry.close();
    }

    @Test
    void whereNobodyListensNothingIsWritten() {
        webhook("'{organization_deleted}'", "true");
        webhook("'{tag_created,manifest_pushed}'", "false");
        registry.pushImage(ACME, "v1", ImageFactory.fresh().image());
        registry.pushImage(ACME, ImageFactory.fresh().image());

        assertThat(sql.number("SELECT count(*) FROM outbox")).isZero();
    }

    @Test
    void whatIsRefusedIsNotTold() {
        webhook("'{tag_created,tag_moved,manifest_pushed}'", "true");
        sql.change("INSERT INTO immutability_rule (organization_id, tag_pattern) SELECT id, 'first' FROM organization");
        try {
            registry.pushImage(ACME, "first", ImageFactory.fresh().image());
        } catch (RuntimeException _) {
            // An immutable tag.
        }

        assertThat(sql.number("SELECT count(*) FROM event")).isOne();
        assertThat(sql.number("SELECT count(*) FROM outbox")).isZero();
    }

    @Test
    void laterOfARepositoryWaitsForTheFirstAndOthersDoNot() {
        webhook("'{tag_created}'", "true");
        push(ACME, "v1");
        push(ACME, "v2");
        push("acme/other", "v3");
        handOut();
        Turn turn = take().orElseThrow();
        assertThat(tags(turn)).containsExactly("v1", "v3");

        var first = heads(turn).getFirst();
        registry.transactions()
                .run(
                        Durability.PROGRAM_END,
                        tx -> deliveries.failed(
                                tx, turn.organization(), first, Optional.of(500), "no", Duration.ofHours(1)));
        assertThat(tags(turn)).containsExactly("v3");

        sql.change("UPDATE delivery SET not_before = now() WHERE id = ?", first.id());
        assertThat(tags(turn)).containsExactly("v1", "v3");
        registry.transactions()
                .run(Durability.PROGRAM_END, tx -> deliveries.delivered(tx, turn.organization(), first, 204));
        assertThat(tags(turn)).containsExactly("v2", "v3");
    }

    @Test
    void webhookIsOneWorkersUntilItsLeaseEndsAndThenTheNextOnes() {
        webhook("'{tag_created}'", "true");
        push(ACME, "v1");
        handOut();
        Turn dead = take().orElseThrow();
        push(ACME, "v2");
        handOut();
        assertThat(take()).isEmpty();

        sql.change("UPDATE webhook_turn SET due_at = now(), lease_until = now()");
        Turn next = take().orElseThrow();
        assertThat(tags(next)).containsExactly("v1");
        assertThat(registry.transactions()
                        .<Boolean>call(
                                Durability.PROGRAM_END, tx -> deliveries.renew(tx, dead.organization(), dead, LEASE)))
                .isFalse();
        assertThat(registry.transactions()
                        .<Boolean>call(
                                Durability.PROGRAM_END, tx -> deliveries.renew(tx, next.organization(), next, LEASE)))
                .isTrue();
    }

    @Test
    void oldestAboveTheBoundAreDeadLettersAndAboveAsManyForgotten() {
        webhook("'{tag_created}'", "true");
        OrganizationId acme = new OrganizationId(sql.number("SELECT id FROM organization"));
        for (int i = 0; i < 8; i++) {
            push(ACME, "v" + i);
        }
        handOut();
        int done =
                registry.transactions().call(Durability.PROGRAM_END, tx -> outbox.bound(tx, acme, 3, "too much", 100));

        assertThat(done).isEqualTo(7);
        assertThat(sql.rows("SELECT tag, state, coalesce(because, '-') FROM delivery ORDER BY id"))
                .hasSize(6)
                .startsWith(sql.rows("SELECT 'v2', 'dead', 'too much'").getFirst())
                .endsWith(sql.rows("SELECT 'v7', 'waiting', '-'").getFirst());
        assertThat(sql.number("SELECT count(*) FROM delivery WHERE state = 'waiting'"))
                .isEqualTo(3);
    }

    @Test
    void whatIsAskedForAgainAtTheMomentOfTidyingIsNeitherRemovedNorGivenUp() throws Exception {
        webhook("'{tag_created}'", "true");
        push(ACME, "v1");
        push(ACME, "v2");
        handOut();
        DeliveryListStore lists = new DeliveryListStore();
        OrganizationId acme = new OrganizationId(sql.number("SELECT id FROM organization"));
        Duration day = Duration.ofDays(1);
        sql.change("UPDATE delivery SET state = 'dead', finished_at = now() - interval '2 days' WHERE tag = 'v1'");
        sql.change("UPDATE delivery SET queued_at = now() - interval '2 days' WHERE tag = 'v2'");
        FutureTask<Integer> removed = new FutureTask<>(
                () -> registry.transactions().call(Durability.PROGRAM_END, tx -> deliveries.removeOld(tx, day, 10)));
        FutureTask<Integer> givenUp = new FutureTask<>(() ->
                registry.transactions().call(Durability.PROGRAM_END, tx -> deliveries.giveUp(tx, day, "too old", 10)));
        registry.transactions().run(Durability.PROGRAM_END, tx -> {
            lists.page(
                            tx,
                            acme,
                            new WebhookId(sql.number("SELECT id FROM webhook")),
                            Optional.empty(),
                            Optional.empty(),
                            9)
                    .forEach(delivery -> lists.again(tx, acme, delivery.webhook(), delivery));
            Thread.ofVirtual().start(removed);
            Thread.ofVirtual().start(givenUp);
            Await.until(Duration.ofSeconds(10), "two that wait for the rows", () -> sql.number(WAITING_FOR_ROWS) == 2);
        });

        assertThat(removed.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(givenUp.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(sql.number("SELECT count(*) FROM delivery WHERE state = 'waiting'"))
                .isEqualTo(2);
    }

    @Test
    void backlogSaysHowMuchWaitsAndSinceWhen() {
        webhook("'{tag_created}'", "true");
        push(ACME, "v1");
        push(ACME, "v2");
        handOut();
        sql.change("UPDATE delivery SET queued_at = now() - interval '1 hour' WHERE tag = 'v1'");

        DeliveryStore.Backlog backlog = registry.transactions().read(tx -> deliveries.backlog(tx, 10));

        assertThat(backlog.waiting()).isEqualTo(2);
        assertThat(backlog.age()).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(61));
        assertThat(registry.transactions().read(tx -> deliveries.backlog(tx, 1)).waiting())
                .isOne();
    }

    @Test
    void tagsMatchInSqlAsTheyDoByTheirPattern() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            TagPattern pattern = new TagPattern(text(random, "ab_*?.-"));
            Tag tag = new Tag(text(random, "ab_.-"));
            assertThat(sql.rows(
                                    "SELECT ? LIKE replace(replace(replace(?, '_', '\\_'), chr(63), '_'), '*', '%')",
                                    tag.value(), pattern.value())
                            .getFirst())
                    .as("seed %d: %s and %s", seed, pattern, tag)
                    .isEqualTo(pattern.matches(tag) ? "t" : "f");
        }
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder("a");
        random.ints(random.nextInt(6), 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));
        return text.toString();
    }

    private void push(String repository, String tag) {
        registry.pushImage(repository, tag, ImageFactory.fresh().image());
    }

    private void handOut() {
        registry.transactions().run(Durability.PROGRAM_END, tx -> {
            var unused = outbox.handOut(tx, 100);
        });
    }

    private Optional<Turn> take() {
        return registry.transactions().call(Durability.PROGRAM_END, tx -> deliveries.take(tx, List.of(), LEASE));
    }

    private List<Delivery> heads(Turn turn) {
        return registry.transactions()
                .read(tx -> deliveries.heads(tx, turn.organization(), turn.webhook(), Scope.EVERYTHING, 100, 10));
    }

    private List<String> tags(Turn turn) {
        return heads(turn).stream()
                .map(delivery -> delivery.message().tag().orElseThrow().value())
                .toList();
    }

    private void webhook(String kinds, String enabled) {
        sql.change("""
                WITH made AS (
                    INSERT INTO webhook (organization_id, name, url, format, kinds, secret, enabled)
                    SELECT id, 'w' || (SELECT count(*) FROM webhook), 'https://9.9.9.9/', 'cloudevents', %s, '', %s
                    FROM organization
                    RETURNING id, organization_id)
                INSERT INTO webhook_turn (webhook_id, organization_id) SELECT id, organization_id FROM made
                """.formatted(kinds, enabled));
    }
}
