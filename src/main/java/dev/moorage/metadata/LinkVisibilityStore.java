package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Visibility;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * What links say of their repository's visibility, by which a mount without a source finds those of others.
 *
 * <p>It is a hint and may be late: whoever follows it asks the repository as well.
 */
@Singleton
public class LinkVisibilityStore {

    private static final String NEXT_STALE = """
            SELECT organization_id, id, visibility, links_stale_since
            FROM repository
            WHERE links_stale_since IS NOT NULL
            ORDER BY links_stale_since
            LIMIT 1
            """;

    // Who changes the visibility waits, and pushes go on.
    private static final String STILL_SAME = """
            SELECT true
            FROM repository
            WHERE organization_id = ? AND id = ? AND links_stale_since = ?
            FOR SHARE
            """;

    // Locked in the order in which all writers lock links.
    private static final String MARK_AFTER = """
            WITH page AS MATERIALIZED (
                SELECT digest
                FROM repository_blob
                WHERE organization_id = ? AND repository_id = ? AND digest > ?
                ORDER BY digest
                LIMIT ?),
            differing AS MATERIALIZED (
                SELECT l.digest
                FROM repository_blob l
                WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest IN (SELECT digest FROM page)
                    AND l.in_public <> ?
                ORDER BY l.digest
                FOR NO KEY UPDATE),
            marked AS (
                UPDATE repository_blob l
                SET in_public = ?
                FROM differing d
                WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest = d.digest)
            SELECT max(digest)
            FROM page
            """;

    private static final String SETTLE = """
            UPDATE repository
            SET links_stale_since = NULL
            WHERE organization_id = ? AND id = ? AND links_stale_since = ?
            """;

    /**
     * A repository some of whose links may say another visibility than its own.
     *
     * @param repository the repository
     * @param visibility its own
     * @param since when it changed, by the database's clock; another change has another time
     */
    public record Stale(RepositoryKey repository, Visibility visibility, Instant since) {}

    /** The repository whose links have been stale for longest. */
    @AcrossTenants("a queue, worked off by any replica")
    public Optional<Stale> next(Transaction transaction) {
        return transaction.first(NEXT_STALE, LinkVisibilityStore::row);
    }

    /** Keeps the visibility from being changed until the transaction ends; false where it has been since. */
    @AcrossTenants("the repository was found in the queue")
    public boolean share(Transaction transaction, Stale stale) {
        RepositoryKey key = stale.repository();
        return transaction
                .first(
                        STILL_SAME,
                        _ -> true,
                        key.organization().value(),
                        key.repository().value(),
                        Columns.time(stale.since()))
                .isPresent();
    }

    /** Brings the next few links behind a digest to the repository's visibility; answers the last one, unless there is none. */
    @AcrossTenants("the repository was found in the queue")
    public Optional<String> mark(Transaction transaction, Stale stale, String after, int limit) {
        long organization = stale.repository().organization().value();
        long repository = stale.repository().repository().value();
        boolean open = stale.visibility() == Visibility.PUBLIC;
        return transaction
                .first(
                        MARK_AFTER,
                        row -> Optional.ofNullable(row.getString(1)),
                        organization,
                        repository,
                        after,
                        limit,
                        organization,
                        repository,
                        open,
                        open,
                        organization,
                        repository)
                .orElseThrow();
    }

    /** Ends the repository's place in the queue, unless its visibility was changed again. */
    @AcrossTenants("the repository was found in the queue")
    public void settle(Transaction transaction, Stale stale) {
        RepositoryKey key = stale.repository();
        transaction.change(SETTLE, key.organization().value(), key.repository().value(), Columns.time(stale.since()));
    }

    private static Stale row(ResultSet row) throws SQLException {
        return new Stale(
                new RepositoryKey(new OrganizationId(row.getLong(1)), new RepositoryId(row.getLong(2))),
                Visibility.parse(row.getString(3)).orElseThrow(),
                Columns.instant(row, 4).orElseThrow());
    }
}
