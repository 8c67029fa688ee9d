package dev.moorage.metadata;

import dev.moorage.metadata.DeliveryStore.Scope;
import dev.moorage.metadata.HistoryStore.Event;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.PlanIT.Mode;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.name.WebhookId;
import dev.moorage.testing.Sql;
import dev.moorage.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What webhooks cost a push, and what a look into their queue touches, however much waits in it: in one organization 20
 * webhooks with 50,000 deliveries that wait and as many that ended, in fifty others as many webhooks, and in the rest none.
 */
@DisabledIfEnvironmentVariable(
        named = "MOORAGE_TEST_DATABASE_URL",
        matches = ".+",
        disabledReason = "plans and the catalog are those of the embedded version")
class WebhookPlanIT {

    private static final RepositoryKey WATCHED = new RepositoryKey(new OrganizationId(1), new RepositoryId(1));
    private static final RepositoryKey UNWATCHED = new RepositoryKey(new OrganizationId(80), new RepositoryId(80));
    private static final WebhookId FULL = new WebhookId(1);
    private static final Duration LONG = Duration.ofDays(30);
    private static final int FEW = 3;
    // An event is a row in a table with seven indexes.
    private static final long PAGES_OF_AN_EVENT = 60;
    private static final long MOST_PAGES = 90;
    private static final long DIFFERENCE = 12;

    private static final List<String> FILL = List.of("""
            INSERT INTO webhook_turn (webhook_id, organization_id, due_at)
            SELECT id, organization_id, now() - id * interval '1 minute' FROM webhook
            """, """
            INSERT INTO delivery (organization_id, webhook_id, repository_id, repository, message, request, kind, tag, at,
                actor, client, state, queued_at, finished_at, attempts, not_before)
            SELECT 1, 1 + i / 50000 * (1 + i % 19), 1 + i % 2000, 'org00/r00000', md5(i::text)::uuid, md5(i::text)::uuid,
                'tag_created', 't' || i, now(), 'tester', 'test', CASE WHEN i < 50000 THEN 'waiting' ELSE 'dead' END,
                now() - interval '40 days' + i * interval '1 minute',
                CASE WHEN i >= 50000 THEN now() - interval '40 days' + i * interval '1 second' END, 0, now()
            FROM generate_series(0, 99999) i
            """, """
            INSERT INTO outbox (request, organization_id, repository_id, kind, tag, to_digest, actor, client)
            SELECT md5(i::text)::uuid, 1 + i % 100, 1 + i % 10000, 'tag_created', 't' || i, DIGEST('manifest ' || i), '', ''
            FROM generate_series(0, 9999) i
            """);

    private static DataSource database;

    /** The statements, one call for each of the places that are compared. */
    enum Question {
        EVENT_WHERE_NOBODY_LISTENS(PAGES_OF_AN_EVENT, tx -> event(tx, UNWATCHED)),
        EVENT_THAT_WEBHOOKS_WANT(PAGES_OF_AN_EVENT + 25, tx -> event(tx, WATCHED)),
        REPOSITORY_TO_KEEP_WHERE_NOBODY_LISTENS(15, tx -> new RepositoryStore().keep(tx, UNWATCHED)),
        // Each of the 20 webhooks may be in a page of its own.
        REPOSITORY_TO_KEEP_WHERE_MANY_DO(40, tx -> new RepositoryStore().keep(tx, WATCHED)),
        // Sixty deliveries, each with its turn, which a run that was rolled back has written once before.
        THINGS_TO_HAND_OUT(1600, tx -> new OutboxStore().handOut(tx, FEW)),
        WEBHOOK_TO_TAKE(30, tx -> new DeliveryStore().take(tx, List.of(), LONG)),
        WEBHOOK_TO_TAKE_OF_OTHERS(30, tx -> new DeliveryStore().take(tx, List.of(new OrganizationId(51)), LONG)),
        FIRST_OF_MANY_THAT_WAIT(
                MOST_PAGES, tx -> new DeliveryStore().heads(tx, WATCHED.organization(), FULL, Scope.EVERYTHING, 50, 2)),
        WHEN_TO_TRY_AGAIN(MOST_PAGES, tx -> new DeliveryStore().waits(tx, WATCHED.organization(), FULL)),
        DELIVERIES(MOST_PAGES, tx -> new DeliveryListStore()
                .page(tx, WATCHED.organization(), FULL, Optional.empty(), Optional.empty(), FEW)),
        DEAD_LETTERS(MOST_PAGES, tx -> new DeliveryListStore()
                .page(
                        tx,
                        WATCHED.organization(),
                        new WebhookId(2),
                        Optional.of(Delivery.State.DEAD),
                        Optional.empty(),
                        FEW)),
        TO_GIVE_UP(MOST_PAGES, tx -> new DeliveryStore().giveUp(tx, LONG, "old", FEW)),
        TO_REMOVE(MOST_PAGES, tx -> new DeliveryStore().removeOld(tx, LONG, FEW)),
        WEBHOOK_TO_TELL(20, tx -> new WebhookStore().target(tx, WATCHED.organization(), FULL));

        private final long most;

        @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
        private final List<Consumer<Transaction>> places;

        Question(long most, Consumer<Transaction> only) {
            this.most = most;
            this.places = List.of(only);
        }
    }

    @BeforeAll
    static void fill() {
        database = LargeData.fresh();
        Sql sql = new Sql(database);
        FILL.forEach(sql::change);
        sql.change("ANALYZE webhook, webhook_turn, delivery, outbox");
    }

    @AfterAll
    static void drop() {
        TestDatabase.drop(database);
    }

    @ParameterizedTest
    @EnumSource
    void aLookTouchesFewPages(Question question) {
        for (Mode mode : Mode.values()) {
            PlanIT.demand(database, question.places, mode, question.most, DIFFERENCE);
        }
    }

    private static void event(Transaction transaction, RepositoryKey repository) {
        var unused = new HistoryStore()
                .append(
                        transaction,
                        repository,
                        new Origin(new UUID(1, 1), "tester", "192.0.2.7", "test", Map.of(), Optional.empty()),
                        new Event(
                                Kind.TAG_CREATED,
                                Optional.of(new Tag("v1")),
                                Optional.empty(),
                                Optional.of(LargeData.SUBJECT)));
    }
}
