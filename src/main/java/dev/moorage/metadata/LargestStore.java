package dev.moorage.metadata;

import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Who keeps most, as the ledger has it; each answer looks at a bounded number of sums. */
@Singleton
public class LargestStore {

    /** How many repositories of an organization are compared, in the order of their numbers, and how many organizations. */
    public static final int COMPARED = 10_000;

    // Two sums a repository, and what is not yet in them.
    private static final String REPOSITORIES = """
            SELECT r.name,
                   coalesce(sum(e.items) FILTER (WHERE e.kind = 'link'), 0),
                   coalesce(sum(e.bytes) FILTER (WHERE e.kind = 'link'), 0) AS blob_bytes,
                   coalesce(sum(e.items) FILTER (WHERE e.kind = 'manifest'), 0),
                   coalesce(sum(e.bytes) FILTER (WHERE e.kind = 'manifest'), 0)
            FROM (
                (SELECT repository_id, kind, items, bytes
                FROM usage_entry
                WHERE organization_id = ? AND repository_id IS NOT NULL AND folded
                ORDER BY repository_id, kind
                LIMIT ?)
                UNION ALL
                (SELECT repository_id, kind, items, bytes
                FROM usage_entry
                WHERE organization_id = ? AND repository_id IS NOT NULL AND NOT folded
                ORDER BY repository_id, id
                LIMIT ?)) e
            JOIN repository r ON r.organization_id = ? AND r.id = e.repository_id AND r.deleted_at IS NULL
            GROUP BY r.id, r.name
            ORDER BY blob_bytes DESC, r.name
            LIMIT ?
            """;

    private static final String ORGANIZATIONS = """
            SELECT o.name, sums.*
            FROM (
                SELECT id, name
                FROM organization
                WHERE deleted_at IS NULL
                ORDER BY name
                LIMIT ?) o
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(u.items) FILTER (WHERE u.kind = 'blob'), 0),
                       coalesce(sum(u.bytes) FILTER (WHERE u.kind = 'blob'), 0) AS blob_bytes,
                       coalesce(sum(u.items) FILTER (WHERE u.kind = 'manifest'), 0),
                       coalesce(sum(u.bytes) FILTER (WHERE u.kind = 'manifest'), 0)
                FROM usage_entry u
                WHERE u.organization_id = o.id AND u.repository_id IS NULL AND u.folded) sums
            ORDER BY sums.blob_bytes DESC, o.name
            LIMIT ?
            """;

    /** Who keeps something, and what. */
    public record Keeper(String name, Amount blobs, Amount manifests) {}

    /** Those live repositories of an organization that show or hold most bytes of blobs. */
    public List<Keeper> repositories(Transaction transaction, OrganizationId organization, int limit) {
        long id = organization.value();
        return transaction.all(REPOSITORIES, LargestStore::keeper, id, 2 * COMPARED, id, 2 * COMPARED, id, limit);
    }

    /** Those live organizations that keep most bytes of blobs, as it was when their sums were last written. */
    @AcrossTenants("for administrators: sums over all tenants")
    public List<Keeper> organizations(Transaction transaction, int limit) {
        return transaction.all(ORGANIZATIONS, LargestStore::keeper, COMPARED, limit);
    }

    private static Keeper keeper(ResultSet row) throws SQLException {
        return new Keeper(
                row.getString(1),
                new Amount(row.getLong(2), row.getLong(3)),
                new Amount(row.getLong(4), row.getLong(5)));
    }
}
