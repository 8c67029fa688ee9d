package dev.moorage.metadata;

import jakarta.inject.Singleton;
import java.util.List;

/** How long the queues of the background work are; each answer is bounded, however long they are. */
@Singleton
public class QueueStore {

    /** From here on it is not counted further. */
    public static final int MOST = 10_000;

    private static final String DUE = """
            SELECT 'review',
                   (SELECT count(*) FROM (SELECT 1 FROM review WHERE not_before <= now() LIMIT ?) due),
                   (SELECT coalesce(greatest(extract(epoch FROM now() - min(not_before)), 0), 0) FROM review)
            UNION ALL
            SELECT 'tombstone',
                   (SELECT count(*) FROM (SELECT 1 FROM tombstone WHERE not_before <= now() LIMIT ?) due),
                   (SELECT coalesce(greatest(extract(epoch FROM now() - min(not_before)), 0), 0) FROM tombstone)
            """;

    // Some thousands of organizations, each by the index of its sums.
    private static final String NEAR_QUOTA = """
            SELECT count(*)
            FROM (
                SELECT 1
                FROM (
                    SELECT id, quota_bytes
                    FROM organization
                    WHERE deleted_at IS NULL AND quota_bytes IS NOT NULL
                    LIMIT ?) limited
                WHERE (
                    SELECT coalesce(sum(u.bytes), 0)
                    FROM usage_entry u
                    WHERE u.organization_id = limited.id AND u.repository_id IS NULL AND u.folded) >= quota_bytes * 0.9) near
            """;

    /**
     * A queue.
     *
     * @param name which
     * @param due how many entries are due; {@value #MOST} where there are more
     * @param seconds for how long the first of them has been due
     */
    public record Queue(String name, long due, double seconds) {}

    /** The queues. */
    @AcrossTenants("a count of what waits, which names nobody")
    public List<Queue> queues(Transaction transaction) {
        return transaction.all(DUE, row -> new Queue(row.getString(1), row.getLong(2), row.getDouble(3)), MOST, MOST);
    }

    /** How many organizations have nine tenths of their quota of bytes or more, of the first {@value #MOST} that have one. */
    @AcrossTenants("a count of tenants, which names none")
    public long nearQuota(Transaction transaction) {
        return transaction.first(NEAR_QUOTA, row -> row.getLong(1), MOST).orElseThrow();
    }
}
