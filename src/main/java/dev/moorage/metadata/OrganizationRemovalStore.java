package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Deleted organizations as the collection takes them away, each kind of row in pieces of a bounded size. */
@Singleton
public class OrganizationRemovalStore {

    private static final String LOCK = """
            SELECT CASE WHEN restorable_until > now() THEN restorable_until END AS held, now() + interval '1 minute' AS soon
            FROM organization
            WHERE id = ? AND restorable_until IS NOT NULL
            FOR UPDATE
            """;

    private static final String BEGIN = """
            UPDATE organization
            SET collected_at = now()
            WHERE id = ? AND collected_at IS NULL
            """;

    private static final String HIDE_REPOSITORIES = """
            UPDATE repository
            SET deleted_at = now()
            WHERE organization_id = ? AND id = ANY (ARRAY(
                SELECT id
                FROM repository
                WHERE organization_id = ? AND deleted_at IS NULL
                ORDER BY id
                LIMIT ?))
            RETURNING id
            """;

    // What was held in it cannot be brought back any more, whatever time it had left.
    private static final String END_HOLDS = """
            DELETE FROM hold
            WHERE organization_id = ? AND id = ANY (ARRAY(
                SELECT id
                FROM hold
                WHERE organization_id = ?
                ORDER BY repository_id, kind, digest
                LIMIT ?))
            """;

    private static final String REPOSITORIES = """
            SELECT id
            FROM repository
            WHERE organization_id = ?
            ORDER BY id
            LIMIT ?
            """;

    private static final String ANY_UNFOLDED = """
            SELECT true
            FROM usage_entry
            WHERE organization_id = ? AND NOT folded
            LIMIT 1
            """;

    private static final String REFRESH_TOKENS = """
            DELETE FROM refresh_token
            WHERE secret_hash = ANY (ARRAY(
                SELECT f.secret_hash
                FROM robot b
                JOIN refresh_token f ON f.robot_id = b.id
                WHERE b.organization_id = ?
                LIMIT ?))
            """;

    private static final String ROWS = """
            DELETE FROM %1$s
            WHERE organization_id = ? AND ctid = ANY (ARRAY(
                SELECT ctid
                FROM %1$s
                WHERE organization_id = ? %2$s
                LIMIT ?))
            """;

    // Each behind what refers to it.
    private static final List<String> ALL_ROWS = Stream.concat(
                    Stream.of(
                                    "retention_decision",
                                    "retention_blob",
                                    "retention_run",
                                    "retention_policy",
                                    "immutability_rule",
                                    "permission_grant",
                                    "team_member",
                                    "team",
                                    "robot",
                                    "trusted_issuer",
                                    "account_epoch",
                                    "organization_blob",
                                    "outbox",
                                    "delivery",
                                    "webhook_turn",
                                    "webhook",
                                    "event")
                            .map(table -> ROWS.formatted(table, "")),
                    Stream.of(ROWS.formatted("usage_entry", "AND folded")))
            .toList();

    private static final String REMOVE = """
            DELETE FROM organization
            WHERE id = ?
            """;

    /**
     * A deleted organization.
     *
     * @param held until when it can be brought back; empty where it cannot
     * @param soon when to look again for what others have to do first
     */
    public record Deleted(Optional<OffsetDateTime> held, OffsetDateTime soon) {}

    /** Locks an organization that was deleted with all that is in it; empty where it is there, or gone. */
    public Optional<Deleted> lock(Transaction transaction, OrganizationId organization) {
        return transaction.first(
                LOCK,
                row -> new Deleted(
                        Optional.ofNullable(row.getObject("held", OffsetDateTime.class)),
                        row.getObject("soon", OffsetDateTime.class)),
                organization.value());
    }

    /** Says that what is in a locked organization begins to go: from now on it cannot be brought back. */
    public void begin(Transaction transaction, OrganizationId organization) {
        transaction.change(BEGIN, organization.value());
    }

    /** Hides some repositories that live, each by its own row, and answers which. */
    public List<RepositoryId> hideRepositories(Transaction transaction, OrganizationId organization, int limit) {
        return transaction.all(
                HIDE_REPOSITORIES,
                row -> new RepositoryId(row.getLong(1)),
                organization.value(),
                organization.value(),
                limit);
    }

    /** Ends some of what is held in it, and answers how many. */
    public int endHolds(Transaction transaction, OrganizationId organization, int limit) {
        return transaction.change(END_HOLDS, organization.value(), organization.value(), limit);
    }

    /** The first repositories that are not gone yet. */
    public List<RepositoryId> repositories(Transaction transaction, OrganizationId organization, int limit) {
        return transaction.all(REPOSITORIES, row -> new RepositoryId(row.getLong(1)), organization.value(), limit);
    }

    /** Whether the ledger has entries of the organization that are not folded yet. */
    public boolean anyUnfolded(Transaction transaction, OrganizationId organization) {
        return transaction.first(ANY_UNFOLDED, _ -> true, organization.value()).isPresent();
    }

    /** Removes some of what was set in an organization and what happened in it; false where nothing is left of that. */
    public boolean removeRows(Transaction transaction, OrganizationId organization, int limit) {
        if (transaction.change(REFRESH_TOKENS, organization.value(), limit) > 0) {
            return true;
        }
        return ALL_ROWS.stream()
                .anyMatch(statement ->
                        transaction.change(statement, organization.value(), organization.value(), limit) > 0);
    }

    /** Removes a locked organization in which nothing is left; its name can be used again. */
    public void remove(Transaction transaction, OrganizationId organization) {
        transaction.change(REMOVE, organization.value());
    }
}
