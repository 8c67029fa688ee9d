package dev.moorage.metadata;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds links that no manifest ever came to need, so that no push has to say that one might be.
 *
 * <p>Each link is read once, when it is older than a pusher may rely on. One that a manifest needs by then is put into the
 * queue by whoever takes that manifest away.
 */
@ApplicationScoped
public class LinkScanStore {

    private static final String LOCK = """
            SELECT true
            FROM link_scan
            FOR UPDATE SKIP LOCKED
            """;

    // Links of one moment are read together: the place is a time.
    private static final String SCAN = """
            WITH page AS MATERIALIZED (
                SELECT organization_id, repository_id, digest, linked_at, leased_at
                FROM repository_blob
                WHERE linked_at > (SELECT linked_at FROM link_scan)
                    AND linked_at <= now() - ? * interval '1 second'
                ORDER BY linked_at
                FETCH FIRST ? ROWS WITH TIES),
            found AS (
                INSERT INTO review (kind, organization_id, repository_id, digest, because, not_before)
                SELECT 'link', p.organization_id, p.repository_id, p.digest, 'never_referenced',
                    greatest(now(), p.leased_at + ? * interval '1 second')
                FROM page p
                WHERE NOT EXISTS (
                    SELECT
                    FROM manifest_blob r
                    WHERE r.organization_id = p.organization_id AND r.repository_id = p.repository_id
                        AND r.blob_digest = p.digest)
                ORDER BY p.organization_id, p.repository_id, p.digest
                ON CONFLICT ON CONSTRAINT review_once DO NOTHING),
            moved AS (
                UPDATE link_scan
                SET linked_at = (SELECT max(linked_at) FROM page)
                WHERE EXISTS (SELECT FROM page))
            SELECT count(*)
            FROM page
            """;

    /**
     * Reads on, puts links that no manifest references into the queue, and answers how many were read; empty where another
     * replica is at it.
     */
    @AcrossTenants("a queue, worked off by any replica")
    public Optional<Integer> scan(Transaction transaction, int limit, Duration linkDelay) {
        if (transaction.first(LOCK, _ -> true).isEmpty()) {
            return Optional.empty();
        }
        long seconds = linkDelay.toSeconds();
        return transaction.first(SCAN, row -> row.getInt(1), seconds, limit, seconds);
    }
}
