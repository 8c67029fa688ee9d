package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.WebhookId;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The queue of what webhooks are to be told.
 *
 * <p>A worker takes a webhook for as long as its lease, so that what is told of a repository has one order; of each repository
 * only the first that waits is tried. Whoever finds that the webhook was taken again after him leaves it.
 */
@Singleton
public class DeliveryStore {

    private static final String TAKE = """
            UPDATE webhook_turn t
            SET due_at = now() + ? * interval '1 millisecond', lease_until = now() + ? * interval '1 millisecond',
                epoch = epoch + 1
            WHERE t.webhook_id = ANY (ARRAY(
                SELECT webhook_id
                FROM webhook_turn
                WHERE due_at <= now() AND organization_id <> ALL (?::bigint[])
                ORDER BY due_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED))
            RETURNING t.organization_id, t.webhook_id, t.epoch, t.failures
            """;

    private static final String RENEW = """
            UPDATE webhook_turn
            SET due_at = now() + ? * interval '1 millisecond', lease_until = now() + ? * interval '1 millisecond'
            WHERE organization_id = ? AND webhook_id = ? AND epoch = ?
            """;

    private static final String HOLD = """
            SELECT true
            FROM webhook_turn
            WHERE organization_id = ? AND webhook_id = ? AND epoch = ?
            FOR UPDATE
            """;

    private static final String RELEASE = """
            UPDATE webhook_turn
            SET due_at = ?::timestamptz, paused_until = ?::timestamptz, lease_until = NULL, failures = ?
            WHERE organization_id = ? AND webhook_id = ? AND epoch = ?
            """;

    // Of what waits only the first of a repository is ever put off, and what comes behind it waits for it.
    private static final String HEADS = """
            SELECT %s
            FROM (
                SELECT DISTINCT ON (w.repository_id) w.id
                FROM (
                    SELECT n.id, n.repository_id
                    FROM delivery n
                    WHERE n.organization_id = ? AND n.webhook_id = ? AND n.state = 'waiting'
                        AND (n.repository_id = 0 OR NOT ?)
                        AND n.repository_id <> ALL (ARRAY(
                            SELECT b.repository_id
                            FROM delivery b
                            WHERE b.organization_id = ? AND b.webhook_id = ? AND b.state = 'waiting' AND b.attempts > 0
                                AND b.not_before > now()))
                    ORDER BY n.id
                    LIMIT ?) w
                ORDER BY w.repository_id, w.id) first
            JOIN delivery d ON d.id = first.id
            ORDER BY d.id
            LIMIT ?
            """.formatted(Delivery.COLUMNS);

    private static final String NEXT_AFTER_WAIT = """
            SELECT now(), min(not_before)
            FROM delivery
            WHERE organization_id = ? AND webhook_id = ? AND state = 'waiting' AND attempts > 0
            """;

    private static final String DELIVERED = """
            UPDATE delivery
            SET state = 'delivered', attempts = attempts + 1, last_at = now(), last_status = ?, because = NULL,
                finished_at = now()
            WHERE organization_id = ? AND id = ? AND state <> 'delivered'
            """;

    private static final String FAILED = """
            UPDATE delivery
            SET attempts = attempts + 1, last_at = now(), last_status = ?, because = ?,
                not_before = now() + ? * interval '1 millisecond'
            WHERE organization_id = ? AND id = ? AND state = 'waiting' AND attempts = ?
            """;

    private static final String BURY = """
            UPDATE delivery
            SET state = 'dead', because = ?, finished_at = now()
            WHERE organization_id = ? AND id = ? AND state = 'waiting'
            """;

    // What is chosen is asked once more behind the lock of its row: it may wait anew by then.
    private static final String GIVE_UP = """
            UPDATE delivery
            SET state = 'dead', because = coalesce(because, ?), finished_at = now()
            WHERE id = ANY (ARRAY(
                SELECT id
                FROM delivery
                WHERE state = 'waiting' AND queued_at < now() - ? * interval '1 millisecond'
                ORDER BY queued_at
                LIMIT ?))
                AND state = 'waiting' AND queued_at < now() - ? * interval '1 millisecond'
            """;

    private static final String REMOVE_OLD = """
            DELETE FROM delivery
            WHERE id = ANY (ARRAY(
                SELECT id
                FROM delivery
                WHERE finished_at < now() - ? * interval '1 millisecond'
                ORDER BY finished_at
                LIMIT ?))
                AND finished_at < now() - ? * interval '1 millisecond'
            """;

    private static final String BACKLOG = """
            SELECT (SELECT count(*) FROM (SELECT FROM delivery WHERE state = 'waiting' LIMIT ?) waiting),
                coalesce(extract(epoch FROM now() - (SELECT min(queued_at) FROM delivery WHERE state = 'waiting')), 0)
            """;

    /**
     * A webhook that a worker has.
     *
     * @param epoch which taking of it this is
     * @param failures how many turns before this one told nothing
     */
    public record Turn(OrganizationId organization, WebhookId webhook, long epoch, int failures) {}

    /**
     * What follows a turn.
     *
     * @param due when the next one is; empty where there is nothing to tell
     * @param pausedUntil before when nothing new is told either
     * @param failures how many turns told nothing, one after the other
     */
    public record Rest(Optional<OffsetDateTime> due, Optional<OffsetDateTime> pausedUntil, int failures) {}

    /**
     * What has failed and waits.
     *
     * @param now the database's time
     * @param next when the first of it may be told again; empty where nothing has failed
     */
    public record Waits(OffsetDateTime now, Optional<OffsetDateTime> next) {}

    /** What of an organization's webhook may be told. */
    public enum Scope {
        EVERYTHING,
        /** What happened to the organization itself: it is deleted, and the rest waits. */
        ORGANIZATION
    }

    /**
     * What waits in the whole registry.
     *
     * @param waiting how much, or so much at least as was counted
     * @param age how long the oldest of it waits
     */
    public record Backlog(long waiting, Duration age) {}

    /** Takes the webhook that is due longest, unless it is of one of these organizations. */
    @AcrossTenants("a queue of work")
    public Optional<Turn> take(Transaction transaction, Collection<OrganizationId> except, Duration lease) {
        return transaction.first(
                TAKE,
                row -> new Turn(
                        new OrganizationId(row.getLong(1)),
                        new WebhookId(row.getLong(2)),
                        row.getLong(3),
                        row.getInt(4)),
                lease.toMillis(),
                lease.toMillis(),
                new TextArray(except.stream().map(OrganizationId::toString).toList()));
    }

    /** Holds a webhook for longer; false where another worker has it. */
    public boolean renew(Transaction transaction, OrganizationId organization, Turn turn, Duration lease) {
        return transaction.change(
                        RENEW,
                        lease.toMillis(),
                        lease.toMillis(),
                        organization.value(),
                        turn.webhook().value(),
                        turn.epoch())
                > 0;
    }

    /** Locks the turn, so that nothing is handed to the webhook unseen; false where another worker has it. */
    public boolean hold(Transaction transaction, OrganizationId organization, Turn turn) {
        return transaction
                .first(HOLD, _ -> true, organization.value(), turn.webhook().value(), turn.epoch())
                .isPresent();
    }

    /** Lets a locked webhook go. */
    public void release(Transaction transaction, OrganizationId organization, Turn turn, Rest rest) {
        transaction.change(
                RELEASE,
                rest.due(),
                rest.pausedUntil(),
                rest.failures(),
                organization.value(),
                turn.webhook().value(),
                turn.epoch());
    }

    /**
     * The first things that may be told now, each of another repository.
     *
     * @param looked how many that wait are looked at
     */
    public List<Delivery> heads(
            Transaction transaction,
            OrganizationId organization,
            WebhookId webhook,
            Scope scope,
            int looked,
            int limit) {
        return transaction.all(
                HEADS,
                Delivery::of,
                organization.value(),
                webhook.value(),
                scope == Scope.ORGANIZATION,
                organization.value(),
                webhook.value(),
                looked,
                limit);
    }

    /** When something may be told again that has failed. */
    public Waits waits(Transaction transaction, OrganizationId organization, WebhookId webhook) {
        return transaction
                .first(
                        NEXT_AFTER_WAIT,
                        row -> new Waits(
                                row.getObject(1, OffsetDateTime.class),
                                Optional.ofNullable(row.getObject(2, OffsetDateTime.class))),
                        organization.value(),
                        webhook.value())
                .orElseThrow();
    }

    /** It was told. */
    public void delivered(Transaction transaction, OrganizationId organization, Delivery delivery, int status) {
        transaction.change(DELIVERED, status, organization.value(), delivery.id());
    }

    /** It was not told, and is tried again after a while; nothing changes where somebody else has tried it meanwhile. */
    public void failed(
            Transaction transaction,
            OrganizationId organization,
            Delivery delivery,
            Optional<Integer> status,
            String because,
            Duration wait) {
        transaction.change(
                FAILED, status, because, wait.toMillis(), organization.value(), delivery.id(), delivery.attempts());
    }

    /** It cannot be told. */
    public void bury(Transaction transaction, OrganizationId organization, Delivery delivery, String because) {
        transaction.change(BURY, because, organization.value(), delivery.id());
    }

    /** Gives some of what waits for longer up, and answers how many. */
    @AcrossTenants("a queue of work")
    public int giveUp(Transaction transaction, Duration after, String because, int limit) {
        return transaction.change(GIVE_UP, because, after.toMillis(), limit, after.toMillis());
    }

    /** Removes some of what ended longer ago, and answers how many. */
    @AcrossTenants("a queue of work")
    public int removeOld(Transaction transaction, Duration after, int limit) {
        return transaction.change(REMOVE_OLD, after.toMillis(), limit, after.toMillis());
    }

    /** What waits, counted up to a bound. */
    @AcrossTenants("a figure of the whole registry")
    public Backlog backlog(Transaction transaction, int most) {
        return transaction
                .first(
                        BACKLOG,
                        row -> new Backlog(row.getLong(1), Duration.ofMillis((long) (row.getDouble(2) * 1000))),
                        most)
                .orElseThrow();
    }
}
