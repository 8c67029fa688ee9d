package dev.moorage.metadata;

import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.WebhookKind;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * What webhooks are to be told, written in the transaction in which it happens: what is an event of the history goes there with
 * it ({@link HistoryStore#append}), and all else by this.
 *
 * <p>A moment later it is handed to the webhooks that want it, and gone from here.
 */
@Singleton
public class OutboxStore {

    private static final String NEW_MESSAGE = """
            INSERT INTO outbox (request, organization_id, repository_id, kind, to_digest, actor, client, why)
            SELECT ?, o.id, ?::bigint, asked.kind, ?, ?, ?, ?
            FROM organization o
            CROSS JOIN (VALUES (?)) asked (kind)
            WHERE o.id = ? AND (
                SELECT bool_or(asked.kind = ANY (w.kinds))
                FROM webhook w
                WHERE w.organization_id = o.id AND w.enabled AND w.deleted_at IS NULL)
            """;

    private static final String LOCK = "moorage outbox";

    // In the order of what happened, also where a webhook is told by several workers: only one hands out at a time.
    private static final String TRY_LOCK = """
            SELECT pg_try_advisory_xact_lock(hashtext(?))
            """;

    private static final String HAND_OUT = """
            WITH taken AS (
                DELETE FROM outbox
                WHERE id = ANY (ARRAY(SELECT id FROM outbox ORDER BY id LIMIT ?))
                RETURNING *),
            queued AS (
                INSERT INTO delivery (organization_id, webhook_id, repository_id, repository, message, request, kind, tag,
                    from_digest, to_digest, media_type, artifact_type, size, at, actor, client, why, undoes)
                SELECT t.organization_id, w.id, coalesce(t.repository_id, 0), r.name, t.message, t.request, t.kind, t.tag,
                    t.from_digest, t.to_digest, m.media_type, m.artifact_type, m.size, t.at, t.actor, t.client, t.why,
                    t.undoes
                FROM taken t
                CROSS JOIN LATERAL (
                    SELECT o.id, o.repository_prefix, o.tag_pattern
                    FROM webhook o
                    WHERE o.organization_id = t.organization_id AND o.enabled AND o.deleted_at IS NULL
                        AND t.kind = ANY (o.kinds)
                    OFFSET 0) w
                LEFT JOIN repository r ON r.organization_id = t.organization_id AND r.id = t.repository_id
                LEFT JOIN manifest m ON m.organization_id = t.organization_id AND m.repository_id = t.repository_id
                    AND m.digest = coalesce(t.to_digest, t.from_digest)
                WHERE (w.repository_prefix = '' OR starts_with(r.name || '/', w.repository_prefix || '/'))
                    AND (w.tag_pattern IS NULL
                        OR t.tag LIKE replace(replace(replace(w.tag_pattern, '_', '\\_'), chr(63), '_'), '*', '%'))
                ORDER BY t.id, w.id
                RETURNING organization_id, webhook_id),
            woken AS (
                UPDATE webhook_turn n
                SET due_at = CASE WHEN n.lease_until > now() THEN n.due_at
                    ELSE least(n.due_at, greatest(now(), n.paused_until)) END
                WHERE n.webhook_id IN (SELECT q.webhook_id FROM queued q))
            SELECT (SELECT count(*) FROM taken), told.organization_id
            FROM (VALUES (1)) one (n)
            LEFT JOIN (SELECT DISTINCT q.organization_id FROM queued q) told ON true
            """;

    private static final String BURY_OVERFLOW = """
            UPDATE delivery
            SET state = 'dead', because = ?, finished_at = now()
            WHERE organization_id = ? AND state = 'waiting' AND id = ANY (ARRAY(
                SELECT id
                FROM delivery
                WHERE organization_id = ? AND state = 'waiting'
                ORDER BY id DESC
                OFFSET ?
                LIMIT ?))
            """;

    private static final String FORGET_OVERFLOW = """
            DELETE FROM delivery
            WHERE organization_id = ? AND state = 'dead' AND id = ANY (ARRAY(
                SELECT id
                FROM delivery
                WHERE organization_id = ? AND state = 'dead'
                ORDER BY id DESC
                OFFSET ?
                LIMIT ?))
            """;

    /**
     * What was handed out.
     *
     * @param messages how many things that happened
     * @param organizations whose webhooks are to be told of them
     */
    public record HandedOut(int messages, List<OrganizationId> organizations) {

        /** Keeps its own copy. */
        public HandedOut {
            organizations = List.copyOf(organizations);
        }
    }

    /** Writes down what happened, where a webhook of the organization wants to be told of such things. */
    public void append(
            Transaction transaction,
            OrganizationId organization,
            Optional<RepositoryId> repository,
            Origin origin,
            WebhookKind kind,
            Optional<Digest> digest) {
        transaction.change(
                NEW_MESSAGE,
                origin.group(),
                repository.map(RepositoryId::value),
                digest.map(Digest::toString),
                origin.actor(),
                origin.client(),
                origin.why(),
                kind.text(),
                organization.value());
    }

    /** Hands some of what happened to the webhooks that want it; nothing where another worker does so at this moment. */
    @AcrossTenants("the queue of all that happened")
    public HandedOut handOut(Transaction transaction, int limit) {
        if (!transaction.first(TRY_LOCK, row -> row.getBoolean(1), LOCK).orElseThrow()) {
            return new HandedOut(0, List.of());
        }
        int[] messages = {0};
        List<OrganizationId> organizations = transaction
                .all(
                        HAND_OUT,
                        row -> {
                            messages[0] = row.getInt(1);
                            return Optional.ofNullable(row.getObject(2, Long.class))
                                    .map(OrganizationId::new);
                        },
                        limit)
                .stream()
                .flatMap(Optional::stream)
                .toList();
        return new HandedOut(messages[0], organizations);
    }

    /**
     * Makes dead letters of some of the oldest that wait, where more than so many do, and forgets some dead letters above as
     * many; answers how many there were of either.
     */
    public int bound(Transaction transaction, OrganizationId organization, int most, String because, int limit) {
        return transaction.change(BURY_OVERFLOW, because, organization.value(), organization.value(), most, limit)
                + transaction.change(FORGET_OVERFLOW, organization.value(), organization.value(), most, limit);
    }
}
