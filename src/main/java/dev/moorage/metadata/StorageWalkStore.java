package dev.moorage.metadata;

import dev.moorage.metadata.StorageWalk.Place;
import dev.moorage.metadata.StorageWalk.Slice;
import dev.moorage.name.OrganizationId;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Counts how things are kept, a slice at a time, and locks nothing of it.
 *
 * <p>Every look is a subquery with an order, so that the planner walks an index however many rows it expects. A blob's links
 * are looked at until one of them decides.
 */
@Singleton
public class StorageWalkStore {

    private static final String PAGE_OF_ORGANIZATION = """
            SELECT p.digest, p.links::bigint AS links, b.size
            FROM (
                SELECT digest, links
                FROM organization_blob
                WHERE organization_id = ? AND digest > ?
                ORDER BY digest
                LIMIT ?) p
            JOIN blob b ON b.digest = p.digest
            """;

    private static final String PAGE_OF_REGISTRY = """
            SELECT digest, (SELECT count(*) FROM repository_blob l WHERE l.digest = p.digest) AS links, size
            FROM (
                SELECT digest, size
                FROM blob
                WHERE digest > ?
                ORDER BY digest
                LIMIT ?) p
            """;

    // A manifest that is held: by itself, or by an index, which is there at least as long.
    private static final String MANIFEST_IS_HELD = """
            coalesce((
                    SELECT max(h.held_until)
                    FROM hold h
                    WHERE h.organization_id = m.organization_id AND h.repository_id = m.repository_id
                        AND h.kind = 'manifest' AND h.digest = m.digest) > now(), false)
                OR (
                    SELECT true
                    FROM manifest_child c
                    WHERE c.organization_id = m.organization_id AND c.repository_id = m.repository_id
                        AND c.child_digest = m.digest
                    ORDER BY c.manifest_digest
                    LIMIT 1) IS NOT NULL
            """;

    private static final String REPOSITORY_IS_HELD = """
            coalesce((
                SELECT max(h.held_until)
                FROM hold h
                WHERE h.organization_id = r.organization_id AND h.repository_id = r.id AND h.kind = 'repository') > now(),
                false)
            """;

    private static final String ORGANIZATION_IS_LIVE = """
            (SELECT o.deleted_at IS NULL FROM organization o WHERE o.id = r.organization_id)
            """;

    // Of an organization that is deleted nothing is live, and all is held until its repositories are taken away.
    private static final String REPOSITORY_IS_LIVE = "r.deleted_at IS NULL AND " + ORGANIZATION_IS_LIVE;

    private static final String REPOSITORY_OF_LINK = """
            FROM repository r
            WHERE r.organization_id = l.organization_id AND r.id = l.repository_id
            """;

    private static final String LINK_IS_LIVE = """
            l.deleted_at IS NULL AND (SELECT\s""" + REPOSITORY_IS_LIVE + REPOSITORY_OF_LINK + """
            ) AND (
                SELECT true
                FROM manifest_blob u
                WHERE u.organization_id = l.organization_id AND u.repository_id = l.repository_id
                    AND u.blob_digest = l.digest AND (
                        SELECT m.deleted_at IS NULL
                        FROM manifest m
                        WHERE m.organization_id = u.organization_id AND m.repository_id = u.repository_id
                            AND m.digest = u.manifest_digest)
                ORDER BY u.manifest_digest
                LIMIT 1) IS NOT NULL
            """;

    private static final String LINK_IS_HELD = """
            (SELECT CASE WHEN r.deleted_at IS NOT NULL THEN\s""" + REPOSITORY_IS_HELD + """
            WHEN NOT\s""" + ORGANIZATION_IS_LIVE + """
            THEN true
            ELSE coalesce((
                    SELECT max(h.held_until)
                    FROM hold h
                    WHERE h.organization_id = l.organization_id AND h.repository_id = l.repository_id
                        AND h.kind = 'link' AND h.digest = l.digest) > now(), false)
                OR (
                    SELECT true
                    FROM manifest_blob u
                    WHERE u.organization_id = l.organization_id AND u.repository_id = l.repository_id
                        AND u.blob_digest = l.digest AND (
                            SELECT\s"""
            + MANIFEST_IS_HELD + """
                            FROM manifest m
                            WHERE m.organization_id = u.organization_id AND m.repository_id = u.repository_id
                                AND m.digest = u.manifest_digest)
                    ORDER BY u.manifest_digest
                    LIMIT 1) IS NOT NULL
            END
            """ + REPOSITORY_OF_LINK + ")";

    private static final String LINK_IS_LEASED = """
            l.leased_at + ? * interval '1 second' > now() AND (SELECT\s""" + REPOSITORY_IS_LIVE + REPOSITORY_OF_LINK + ")";

    // The scope is empty, or the organization.
    private static final String ANY_LINK = """
            (
                    SELECT true
                    FROM repository_blob l
                    WHERE l.digest = p.digest %1$s AND %2$s
                    ORDER BY l.organization_id, l.repository_id
                    LIMIT 1) IS NOT NULL
            """;

    private static final String ADD_TO_FIGURE = """
            ON CONFLICT (report_id, round, figure)
            DO UPDATE SET items = present.items + excluded.items, bytes = present.bytes + excluded.bytes
            """;

    private static final String BLOBS = """
            WITH page AS MATERIALIZED (%1$s),
            judged AS MATERIALIZED (
                SELECT p.digest, p.links, p.size,
                    CASE
                        WHEN %2$s THEN 'blobs_live'
                        WHEN %3$s THEN 'blobs_held'
                        WHEN %4$s THEN 'blobs_leased'
                        ELSE 'blobs_reclaimable'
                    END AS figure
                FROM page p),
            added AS (
                INSERT INTO storage_figure AS present (report_id, round, figure, items, bytes)
                SELECT ?, ?, figure, items, bytes
                FROM (
                    SELECT figure, count(*) AS items, sum(size) AS bytes
                    FROM judged
                    GROUP BY figure
                    UNION ALL
                    SELECT 'shared', count(*), sum(size)
                    FROM judged
                    WHERE links > 1
                    UNION ALL
                    SELECT 'saved', sum(links - 1), sum((links - 1) * size)
                    FROM judged
                    WHERE links > 1) sums
                WHERE items > 0
            """ + ADD_TO_FIGURE + """
            )
            SELECT count(*), 0, coalesce(max(digest), '')
            FROM page
            """;

    private static final String BLOBS_OF_ORGANIZATION = blobs(PAGE_OF_ORGANIZATION, "AND l.organization_id = ?");
    private static final String BLOBS_OF_REGISTRY = blobs(PAGE_OF_REGISTRY, "");

    private static final String REPOSITORIES =
            """
            WITH page AS MATERIALIZED (
                SELECT r.organization_id, r.id, r.deleted_at
                FROM repository r
                WHERE r.organization_id = ? AND r.id > ?
                ORDER BY r.id
                LIMIT ?),
            judged AS (
                SELECT s.items, s.bytes,
                    CASE
                        WHEN\s""" + REPOSITORY_IS_LIVE + """
                        THEN 'manifests_live'
                        WHEN r.deleted_at IS NULL OR\s""" + REPOSITORY_IS_HELD + """
                        THEN 'manifests_held'
                        ELSE 'manifests_reclaimable'
                    END AS figure
                FROM page r
                CROSS JOIN LATERAL (
                    SELECT sum(items) AS items, sum(bytes) AS bytes
                    FROM (
                        SELECT items, bytes
                        FROM usage_entry f
                        WHERE f.organization_id = r.organization_id AND f.repository_id = r.id AND f.kind = 'manifest'
                            AND f.folded
                        UNION ALL
                        SELECT items, bytes
                        FROM usage_entry u
                        WHERE u.organization_id = r.organization_id AND u.repository_id = r.id AND u.kind = 'manifest'
                            AND NOT u.folded) entries) s),
            added AS (
                INSERT INTO storage_figure AS present (report_id, round, figure, items, bytes)
                SELECT ?, ?, figure, sum(items), sum(bytes)
                FROM judged
                WHERE items <> 0
                GROUP BY figure
            """ + ADD_TO_FIGURE + """
            )
            SELECT count(*), coalesce(max(id), 0), ''
            FROM page
            """;

    // Those of hidden repositories have been counted with these. What is hidden is not live, as the ledger made it
    // seem.
    private static final String MANIFESTS =
            """
            WITH page AS MATERIALIZED (
                SELECT m.organization_id, m.repository_id, m.digest, m.size
                FROM manifest m
                WHERE m.organization_id = ? AND (m.repository_id, m.digest) > (?, ?) AND m.deleted_at IS NOT NULL
                ORDER BY m.repository_id, m.digest
                LIMIT ?),
            judged AS MATERIALIZED (
                SELECT m.size, CASE WHEN\s""" + MANIFEST_IS_HELD + """
                    THEN 'manifests_held' ELSE 'manifests_reclaimable' END AS figure
                FROM page m
                WHERE (
                    SELECT\s""" + REPOSITORY_IS_LIVE + """
                    FROM repository r
                    WHERE r.organization_id = m.organization_id AND r.id = m.repository_id)),
            added AS (
                INSERT INTO storage_figure AS present (report_id, round, figure, items, bytes)
                SELECT ?, ?, figure, items, bytes
                FROM (
                    SELECT figure, count(*) AS items, sum(size) AS bytes
                    FROM judged
                    GROUP BY figure
                    UNION ALL
                    SELECT 'manifests_live', -count(*), -sum(size)
                    FROM judged) sums
                WHERE items <> 0
            """ + ADD_TO_FIGURE + """
            )
            SELECT count(*), coalesce((array_agg(repository_id ORDER BY repository_id DESC, digest DESC))[1], 0),
                coalesce((array_agg(digest ORDER BY repository_id DESC, digest DESC))[1], '')
            FROM page
            """;

    private static final String TOMBSTONES = """
            WITH page AS MATERIALIZED (
                SELECT storage_key, size
                FROM tombstone
                WHERE storage_key > ?
                ORDER BY storage_key
                LIMIT ?),
            added AS (
                INSERT INTO storage_figure AS present (report_id, round, figure, items, bytes)
                SELECT ?, ?, 'tombstones', count(*), sum(size)
                FROM page
                HAVING count(*) > 0
            """ + ADD_TO_FIGURE + """
            )
            SELECT count(*), 0, coalesce(max(storage_key), '')
            FROM page
            """;

    /** Counts some blobs of an organization, each with how its links keep it; a lease lasts as long as {@code lease}. */
    public Slice blobs(
            Transaction transaction, OrganizationId organization, StorageWalk walk, Duration lease, int limit) {
        long id = organization.value();
        return slice(
                transaction,
                BLOBS_OF_ORGANIZATION,
                id,
                walk.place().key(),
                limit,
                id,
                id,
                id,
                lease.toSeconds(),
                walk.report(),
                walk.round());
    }

    /** Counts some blobs of the registry, each with how links of all organizations keep it. */
    @AcrossTenants("bytes are kept once for all tenants; only sums of them are told")
    public Slice blobs(Transaction transaction, StorageWalk walk, Duration lease, int limit) {
        return slice(
                transaction,
                BLOBS_OF_REGISTRY,
                walk.place().key(),
                limit,
                lease.toSeconds(),
                walk.report(),
                walk.round());
    }

    /** Counts the manifests of some repositories, as the ledger has them. */
    public Slice repositories(Transaction transaction, OrganizationId organization, StorageWalk walk, int limit) {
        return slice(
                transaction,
                REPOSITORIES,
                organization.value(),
                walk.place().repository(),
                limit,
                walk.report(),
                walk.round());
    }

    /** Counts some hidden manifests of repositories that are not hidden. */
    public Slice manifests(Transaction transaction, OrganizationId organization, StorageWalk walk, int limit) {
        return slice(
                transaction,
                MANIFESTS,
                organization.value(),
                walk.place().repository(),
                walk.place().key(),
                limit,
                walk.report(),
                walk.round());
    }

    /** Counts some objects that are to go. */
    @AcrossTenants("an object belongs to nobody once no row but this one names it")
    public Slice tombstones(Transaction transaction, StorageWalk walk, int limit) {
        return slice(transaction, TOMBSTONES, walk.place().key(), limit, walk.report(), walk.round());
    }

    private static Slice slice(Transaction transaction, String statement, Object... parameters) {
        return transaction
                .first(
                        statement,
                        row -> new Slice(row.getInt(1), new Place(row.getLong(2), row.getString(3))),
                        parameters)
                .orElseThrow();
    }

    private static String blobs(String page, String scope) {
        return BLOBS.formatted(
                page,
                ANY_LINK.formatted(scope, LINK_IS_LIVE),
                ANY_LINK.formatted(scope, LINK_IS_HELD),
                ANY_LINK.formatted(scope, LINK_IS_LEASED));
    }
}
