package dev.moorage.metadata;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Finds links that no manifest ever came to need, so that no push has to say that one might be.
 *
 * <p>Each link is read once, when it is older than a pusher may rely on. One that a manifest needs by then is put into the
 * queue by whoever takes that manifest away.
 */
@Singleton
public class LinkScanStore {

    private static final String PLACE = """
            SELECT linked_at
            FROM link_scan
            FOR UPDATE SKIP LOCKED
            """;

    // Links of one moment are read together: the place is a time.
    private static final String READ_ON = """
            WITH page AS MATERIALIZED (
                SELECT organization_id, repository_id, digest, linked_at, leased_at
                FROM repository_blob
                WHERE linked_at > ?::timestamptz AND linked_at <= now() - ? * interval '1 second'
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
                ON CONFLICT ON CONSTRAINT review_once DO NOTHING)
            SELECT count(*), max(linked_at)
            FROM page
            """;

    private static final String MOVE = """
            UPDATE link_scan
            SET linked_at = ?
            """;

    /**
     * What was read.
     *
     * @param links how many links
     * @param last the place behind them; empty where there were none
     */
    public record Page(int links, Optional<OffsetDateTime> last) {}

    /** Where the search goes on, kept from other replicas until the transaction ends; empty where one of them is at it. */
    @AcrossTenants("a queue, worked off by any replica")
    public Optional<OffsetDateTime> place(Transaction transaction) {
        return transaction.first(PLACE, row -> row.getObject(1, OffsetDateTime.class));
    }

    /** Reads links that were made after this time and are older than the delay, and puts those that no manifest needs into the queue. */
    @AcrossTenants("a queue, worked off by any replica")
    public Page readOn(Transaction transaction, OffsetDateTime place, int limit, Duration delay) {
        long seconds = delay.toSeconds();
        return transaction
                .first(
                        READ_ON,
                        row -> new Page(row.getInt(1), Optional.ofNullable(row.getObject(2, OffsetDateTime.class))),
                        place,
                        seconds,
                        limit,
                        seconds)
                .orElseThrow();
    }

    /** Lets the search go on there. */
    @AcrossTenants("a queue, worked off by any replica")
    public void moveTo(Transaction transaction, OffsetDateTime place) {
        transaction.change(MOVE, place);
    }
}
