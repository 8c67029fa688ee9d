package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;

/**
 * The ledger of what is kept: signed deltas, folded into sums in the background.
 *
 * <p>Whoever adds or takes away writes an entry that is not folded, and locks no row that others write; every sum is over the
 * folded entries and the others together, and so is exact whenever it is made.
 */
@Singleton
public class UsageStore {

    private static final String LINK_ADDED = """
            INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
            VALUES (?, ?, 'link', 1, ?)
            """;

    // The organization pays for a blob once, however many of its repositories link it.
    private static final String BLOB_ADDED = """
            WITH linked AS (
                INSERT INTO organization_blob (organization_id, digest, links)
                VALUES (?, ?, 1)
                ON CONFLICT (organization_id, digest) DO UPDATE SET links = organization_blob.links + 1
                RETURNING organization_id, links)
            INSERT INTO usage_entry (organization_id, kind, items, bytes)
            SELECT organization_id, 'blob', 1, ?
            FROM linked
            WHERE links = 1
            """;

    private static final String LINK_REMOVED = """
            WITH unlinked AS (
                INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
                VALUES (?, ?, 'link', -1, -?::bigint))
            UPDATE organization_blob
            SET links = links - 1
            WHERE organization_id = ? AND digest = ?
            RETURNING links
            """;

    private static final String BLOB_REMOVED = """
            WITH unlinked AS (
                DELETE FROM organization_blob
                WHERE organization_id = ? AND digest = ? AND links = 0
                RETURNING organization_id)
            INSERT INTO usage_entry (organization_id, kind, items, bytes)
            SELECT organization_id, 'blob', -1, -?::bigint
            FROM unlinked
            """;

    private static final String MANIFESTS_REMOVED = """
            INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
            VALUES (?, ?, 'manifest', -?::integer, -?::bigint)
            """;

    private static final String USED = """
            SELECT coalesce(sum(bytes), 0)::bigint
            FROM (
                SELECT bytes
                FROM usage_entry
                WHERE organization_id = ? AND repository_id IS NULL AND folded
                UNION ALL
                SELECT bytes
                FROM usage_entry
                WHERE organization_id = ? AND kind IN ('blob', 'manifest') AND NOT folded) entries
            """;

    // In one statement, so that whoever sums up sees each entry once. The sums are written in one order, whoever folds.
    // What
    // was taken away is counted by its day here, where nobody who takes something away waits for others who do.
    private static final String FOLD = """
            WITH taken AS (
                SELECT id
                FROM usage_entry
                WHERE NOT folded
                ORDER BY organization_id, repository_id, id
                LIMIT ?
                FOR UPDATE SKIP LOCKED),
            gone AS (
                DELETE FROM usage_entry
                WHERE id = ANY (ARRAY(SELECT id FROM taken))
                RETURNING organization_id, repository_id, kind, items, bytes, (at AT TIME ZONE 'UTC')::date AS day),
            reclaimed AS (
                INSERT INTO reclaimed_day AS present (organization_id, day, blobs, blob_bytes, manifests, manifest_bytes)
                SELECT organization_id, day,
                    coalesce(-sum(items) FILTER (WHERE kind = 'blob'), 0), coalesce(-sum(bytes) FILTER (WHERE kind = 'blob'), 0),
                    coalesce(-sum(items) FILTER (WHERE kind = 'manifest'), 0),
                    coalesce(-sum(bytes) FILTER (WHERE kind = 'manifest'), 0)
                FROM gone
                WHERE items < 0 AND kind IN ('blob', 'manifest')
                GROUP BY organization_id, day
                ORDER BY organization_id, day
                ON CONFLICT (organization_id, day)
                DO UPDATE SET blobs = present.blobs + excluded.blobs, blob_bytes = present.blob_bytes + excluded.blob_bytes,
                    manifests = present.manifests + excluded.manifests,
                    manifest_bytes = present.manifest_bytes + excluded.manifest_bytes),
            owned AS (
                SELECT organization_id, repository_id, kind, items, bytes
                FROM gone
                UNION ALL
                SELECT organization_id, NULL, kind, items, bytes
                FROM gone
                WHERE kind = 'manifest'),
            summed AS (
                INSERT INTO usage_entry AS present (organization_id, repository_id, kind, items, bytes, folded)
                SELECT organization_id, repository_id, kind, sum(items), sum(bytes), true
                FROM owned
                GROUP BY organization_id, repository_id, kind
                ORDER BY organization_id, repository_id, kind
                ON CONFLICT (organization_id, repository_id, kind) WHERE folded
                DO UPDATE SET items = present.items + excluded.items, bytes = present.bytes + excluded.bytes, at = now())
            SELECT count(*)
            FROM gone
            """;

    /** Counts a new link, and its blob where it is the organization's first link to it. */
    public void linkAdded(Transaction transaction, RepositoryKey repository, Digest digest, long size) {
        long organization = repository.organization().value();
        transaction.change(LINK_ADDED, organization, repository.repository().value(), size);
        transaction.change(BLOB_ADDED, organization, digest.toString(), size);
    }

    /** Counts a link that has gone; true where it was the organization's last one to the blob. */
    public boolean linkRemoved(Transaction transaction, RepositoryKey repository, Digest digest, long size) {
        long organization = repository.organization().value();
        int left = transaction
                .first(
                        LINK_REMOVED,
                        row -> row.getInt(1),
                        organization,
                        repository.repository().value(),
                        size,
                        organization,
                        digest.toString())
                .orElseThrow();
        if (left > 0) {
            return false;
        }
        // Its row is locked by the update: nobody can have linked it meanwhile.
        transaction.change(BLOB_REMOVED, organization, digest.toString(), size);
        return true;
    }

    /** Counts manifests that have gone. */
    public void manifestsRemoved(Transaction transaction, RepositoryKey repository, int manifests, long bytes) {
        transaction.change(
                MANIFESTS_REMOVED,
                repository.organization().value(),
                repository.repository().value(),
                manifests,
                bytes);
    }

    /** The bytes that an organization pays for: those of its distinct blobs and of its manifests. */
    public long used(Transaction transaction, OrganizationId organization) {
        return transaction
                .first(USED, row -> row.getLong(1), organization.value(), organization.value())
                .orElseThrow();
    }

    /** Folds some entries into the sums of their owners, and answers how many; others may fold at the same time. */
    @AcrossTenants("a queue, worked off by any replica")
    public int fold(Transaction transaction, int limit) {
        return transaction.first(FOLD, row -> row.getInt(1), limit).orElseThrow();
    }
}
