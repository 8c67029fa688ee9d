package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Previews and runs that are old, or followed by enough newer ones, as they are taken away: their decisions in pieces of a
 * bounded size, then the rows of those that took nothing away. The others stay, to be undone.
 */
@Singleton
public class RetentionRemovalStore {

    private static final String SUPERSEDE_OLD = """
            UPDATE retention_run
            SET superseded_at = now()
            WHERE (organization_id, id) IN (
                SELECT organization_id, id
                FROM retention_run
                WHERE kind = ? AND finished_at < now() - ? * interval '1 second' AND superseded_at IS NULL
                ORDER BY finished_at
                LIMIT ?
                FOR NO KEY UPDATE SKIP LOCKED)
            """;

    private static final String SUPERSEDED = """
            SELECT organization_id, id, kind <> 'preview' AND deleted > 0
            FROM retention_run
            WHERE superseded_at IS NOT NULL AND decisions_removed_at IS NULL
            ORDER BY superseded_at
            LIMIT 1
            FOR UPDATE SKIP LOCKED
            """;

    private static final String REMOVE_PART = """
            DELETE FROM %1$s
            WHERE organization_id = ? AND run_id = ? AND %2$s IN (
                SELECT %2$s
                FROM %1$s
                WHERE organization_id = ? AND run_id = ?
                ORDER BY %2$s
                LIMIT ?)
            """;

    private static final List<String> REMOVE_PARTS = List.of(
            REMOVE_PART.formatted("retention_decision", "place"), REMOVE_PART.formatted("retention_blob", "digest"));

    private static final String REMOVE = "DELETE FROM retention_run WHERE organization_id = ? AND id = ?";

    private static final String KEEP_BARE = """
            UPDATE retention_run
            SET decisions_removed_at = now()
            WHERE organization_id = ? AND id = ?
            """;

    private static final String REMOVE_BARE = """
            DELETE FROM retention_run
            WHERE (organization_id, id) IN (
                SELECT organization_id, id
                FROM retention_run
                WHERE decisions_removed_at IS NOT NULL AND finished_at < now() - ? * interval '1 second'
                ORDER BY finished_at
                LIMIT ?
                FOR UPDATE SKIP LOCKED)
            """;

    private static final String ONE_OF_REPOSITORY = """
            SELECT organization_id, id, false
            FROM retention_run
            WHERE organization_id = ? AND repository_id = ? AND decisions_removed_at IS NULL
            LIMIT 1
            FOR UPDATE
            """;

    private static final String REMOVE_BARE_OF_REPOSITORY = """
            DELETE FROM retention_run
            WHERE organization_id = ? AND id IN (
                SELECT id
                FROM retention_run
                WHERE organization_id = ? AND repository_id = ? AND decisions_removed_at IS NOT NULL
                LIMIT ?)
            """;

    private record Old(OrganizationId organization, UUID id, boolean stays) {}

    /** Supersedes runs of a kind that ended longer ago than this, and answers how many. */
    @AcrossTenants("whichever run is old")
    public int supersede(Transaction transaction, RetentionRun.Kind kind, long seconds, int batch) {
        return transaction.change(SUPERSEDE_OLD, kind.text(), seconds, batch);
    }

    /** Removes some of what is left of a superseded run; false where there is none. */
    @AcrossTenants("whichever run is superseded")
    public boolean remove(Transaction transaction, int batch) {
        Optional<Old> old = transaction.first(SUPERSEDED, RetentionRemovalStore::old);
        old.ifPresent(run -> removePart(transaction, run.organization(), run, batch));
        return old.isPresent();
    }

    /** Removes some runs without decisions that ended longer ago than this, and answers how many. */
    @AcrossTenants("whichever run is old")
    public int removeBare(Transaction transaction, long seconds, int batch) {
        return transaction.change(REMOVE_BARE, seconds, batch);
    }

    /** Removes some of what there is of the runs of a repository that is collected; false where there is none. */
    public boolean remove(Transaction transaction, RepositoryKey repository, int batch) {
        long organization = repository.organization().value();
        long id = repository.repository().value();
        Optional<Old> next = transaction.first(ONE_OF_REPOSITORY, RetentionRemovalStore::old, organization, id);
        next.ifPresent(run -> removePart(transaction, run.organization(), run, batch));
        return next.isPresent()
                || transaction.change(REMOVE_BARE_OF_REPOSITORY, organization, organization, id, batch) > 0;
    }

    private static Old old(ResultSet row) throws SQLException {
        return new Old(new OrganizationId(row.getLong(1)), row.getObject(2, UUID.class), row.getBoolean(3));
    }

    private static void removePart(Transaction transaction, OrganizationId organization, Old run, int batch) {
        int removed = 0;
        for (String part : REMOVE_PARTS) {
            removed += transaction.change(part, organization.value(), run.id(), organization.value(), run.id(), batch);
        }
        if (removed == 0) {
            transaction.change(run.stays() ? KEEP_BARE : REMOVE, organization.value(), run.id());
        }
    }
}
