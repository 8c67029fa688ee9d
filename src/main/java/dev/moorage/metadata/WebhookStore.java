package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.TagPattern;
import dev.moorage.name.WebhookFormat;
import dev.moorage.name.WebhookId;
import dev.moorage.name.WebhookKind;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The webhooks of organizations: as owners see and change them, and as those who tell them read them. */
@Singleton
public class WebhookStore {

    private static final String WEBHOOKS = """
            SELECT w.id, w.name, w.url, w.format, w.repository_prefix, w.kinds, w.tag_pattern, w.enabled, w.created_at
            FROM webhook w
            WHERE w.organization_id = ? AND w.deleted_at IS NULL
            """;

    private static final String BY_NAME = WEBHOOKS + "AND w.name = ?";
    private static final String AFTER = WEBHOOKS + "AND w.name > ? ORDER BY w.name LIMIT ?";

    private static final String COUNT = """
            SELECT count(*)
            FROM webhook
            WHERE organization_id = ? AND deleted_at IS NULL
            """;

    private static final String NEW_WEBHOOK = """
            INSERT INTO webhook (organization_id, name, url, format, repository_prefix, kinds, tag_pattern, enabled, secret)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (organization_id, name) WHERE deleted_at IS NULL DO NOTHING
            RETURNING id
            """;

    private static final String NEW_TURN = """
            INSERT INTO webhook_turn (webhook_id, organization_id)
            VALUES (?, ?)
            """;

    private static final String CHANGE = """
            UPDATE webhook
            SET url = ?, format = ?, repository_prefix = ?, kinds = ?, tag_pattern = ?, enabled = ?
            WHERE organization_id = ? AND id = ?
            """;

    // What waits is tried at once: whoever changed something wants to see whether it works now.
    private static final String WAKE = """
            UPDATE webhook_turn
            SET due_at = CASE WHEN lease_until > now() THEN due_at ELSE now() END, paused_until = NULL,
                failures = 0
            WHERE organization_id = ? AND webhook_id = ? AND due_at IS NOT NULL
            """;

    private static final String SET_SECRET = """
            UPDATE webhook
            SET secret_before = secret, secret_before_until = now() + ? * interval '1 second', secret = ?
            WHERE organization_id = ? AND id = ?
            """;

    private static final String DELETE = """
            UPDATE webhook
            SET deleted_at = now()
            WHERE organization_id = ? AND id = ?
            """;

    private static final String TARGET = """
            SELECT w.name, w.url, w.format, w.secret, CASE WHEN w.secret_before_until > now() THEN w.secret_before END,
                w.enabled AND w.deleted_at IS NULL, o.name, o.deleted_at IS NULL AND o.restorable_until IS NULL
            FROM webhook w
            JOIN organization o ON o.id = w.organization_id
            WHERE w.organization_id = ? AND w.id = ?
            """;

    private static final String DELETED = """
            SELECT organization_id, id
            FROM webhook
            WHERE deleted_at IS NOT NULL
            ORDER BY deleted_at
            LIMIT 1
            FOR UPDATE SKIP LOCKED
            """;

    private static final String REMOVE_DELIVERIES = """
            DELETE FROM delivery
            WHERE organization_id = ? AND id = ANY (ARRAY(
                SELECT id
                FROM delivery
                WHERE organization_id = ? AND webhook_id = ?
                ORDER BY id + 0
                LIMIT ?))
            """;

    private static final String REMOVE_TURN = """
            DELETE FROM webhook_turn
            WHERE organization_id = ? AND webhook_id = ?
            """;

    private static final String REMOVE = """
            DELETE FROM webhook
            WHERE organization_id = ? AND id = ?
            """;

    /** Whether a webhook is told anything. */
    public enum State {
        ENABLED,
        DISABLED
    }

    /**
     * What an owner says of a webhook.
     *
     * @param url whom to tell
     * @param part of which repositories; all of the organization's and what happens to itself where it is empty
     * @param kinds of what
     * @param tags of which tags only
     */
    public record Wish(
            String url,
            WebhookFormat format,
            RepositoryPrefix part,
            Set<WebhookKind> kinds,
            Optional<TagPattern> tags,
            State state) {

        /** Keeps its own copy of the kinds. */
        public Wish {
            kinds = Set.copyOf(kinds);
        }

        private TextArray texts() {
            return new TextArray(
                    EnumSet.copyOf(kinds).stream().map(WebhookKind::text).toList());
        }
    }

    /** A webhook. */
    public record Row(WebhookId id, String name, Wish wish, Instant createdAt) {}

    /**
     * Whom to tell, and how.
     *
     * @param name the webhook's
     * @param secrets encrypted, the present one first
     * @param told whether it is told anything now
     * @param organization the organization's name
     * @param lives whether the organization is there
     */
    public record Target(
            String name,
            String url,
            WebhookFormat format,
            List<byte[]> secrets,
            boolean told,
            String organization,
            boolean lives) {}

    /** The webhook of a name. */
    public Optional<Row> find(Transaction transaction, OrganizationId organization, String name) {
        return transaction.first(BY_NAME, WebhookStore::row, organization.value(), name);
    }

    /** Webhooks in the order of their names, from behind one. */
    public List<Row> page(Transaction transaction, OrganizationId organization, String after, int limit) {
        return transaction.all(AFTER, WebhookStore::row, organization.value(), after, limit);
    }

    /** How many there are. */
    public long count(Transaction transaction, OrganizationId organization) {
        return transaction
                .first(COUNT, row -> row.getLong(1), organization.value())
                .orElseThrow();
    }

    /** Makes a webhook; false where the name is taken. */
    public boolean insert(
            Transaction transaction, OrganizationId organization, String name, Wish wish, byte[] encryptedSecret) {
        Optional<Long> id = transaction.first(
                NEW_WEBHOOK,
                row -> row.getLong(1),
                organization.value(),
                name,
                wish.url(),
                wish.format().text(),
                wish.part().value(),
                wish.texts(),
                wish.tags().map(TagPattern::value),
                wish.state() == State.ENABLED,
                encryptedSecret);
        id.ifPresent(webhook -> transaction.change(NEW_TURN, webhook, organization.value()));
        return id.isPresent();
    }

    /** Changes a webhook; what waits for it is told in the new way, at once. */
    public void change(Transaction transaction, OrganizationId organization, WebhookId id, Wish wish) {
        transaction.change(
                CHANGE,
                wish.url(),
                wish.format().text(),
                wish.part().value(),
                wish.texts(),
                wish.tags().map(TagPattern::value),
                wish.state() == State.ENABLED,
                organization.value(),
                id.value());
        transaction.change(WAKE, organization.value(), id.value());
    }

    /** Gives a webhook another secret; the one before signs too for a while. */
    public void setSecret(
            Transaction transaction,
            OrganizationId organization,
            WebhookId id,
            byte[] encryptedSecret,
            Duration overlap) {
        transaction.change(SET_SECRET, overlap.toSeconds(), encryptedSecret, organization.value(), id.value());
    }

    /** Tells a webhook nothing any more; what was sent goes in pieces behind this. */
    public void delete(Transaction transaction, OrganizationId organization, WebhookId id) {
        transaction.change(DELETE, organization.value(), id.value());
    }

    /** Whom to tell. */
    public Optional<Target> target(Transaction transaction, OrganizationId organization, WebhookId id) {
        return transaction.first(
                TARGET,
                row -> new Target(
                        row.getString(1),
                        row.getString(2),
                        WebhookFormat.parse(row.getString(3)).orElseThrow(),
                        Stream.of(row.getBytes(4), row.getBytes(5))
                                .flatMap(Stream::ofNullable)
                                .toList(),
                        row.getBoolean(6),
                        row.getString(7),
                        row.getBoolean(8)),
                organization.value(),
                id.value());
    }

    /** Removes some of what was sent to a deleted webhook, then the webhook; false where there is none. */
    @AcrossTenants("a queue of work")
    public boolean removeDeleted(Transaction transaction, int limit) {
        return transaction
                .first(DELETED, row -> new long[] {row.getLong(1), row.getLong(2)})
                .map(deleted -> {
                    long organization = deleted[0];
                    long id = deleted[1];
                    if (transaction.change(REMOVE_DELIVERIES, organization, organization, id, limit) == 0) {
                        transaction.change(REMOVE_TURN, organization, id);
                        transaction.change(REMOVE, organization, id);
                    }
                    return true;
                })
                .orElse(false);
    }

    private static Row row(ResultSet row) throws SQLException {
        String[] kinds = (String[]) row.getArray(6).getArray();
        return new Row(
                new WebhookId(row.getLong(1)),
                row.getString(2),
                new Wish(
                        row.getString(3),
                        WebhookFormat.parse(row.getString(4)).orElseThrow(),
                        new RepositoryPrefix(row.getString(5)),
                        Set.copyOf(Stream.of(kinds)
                                .flatMap(kind -> WebhookKind.parse(kind).stream())
                                .toList()),
                        Optional.ofNullable(row.getString(7)).map(TagPattern::new),
                        row.getBoolean(8) ? State.ENABLED : State.DISABLED),
                row.getObject(9, OffsetDateTime.class).toInstant());
    }
}
