package dev.moorage.metadata;

import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What organizations and repositories keep, as the ledger has it: exact, for people to read. */
@Singleton
public class UsageReportStore {

    private static final String SUMS = """
            coalesce(sum(items) FILTER (WHERE kind = 'blob'), 0), coalesce(sum(bytes) FILTER (WHERE kind = 'blob'), 0),
            coalesce(sum(items) FILTER (WHERE kind = 'link'), 0), coalesce(sum(bytes) FILTER (WHERE kind = 'link'), 0),
            coalesce(sum(items) FILTER (WHERE kind = 'manifest'), 0), coalesce(sum(bytes) FILTER (WHERE kind = 'manifest'), 0)
            """;

    private static final String OF_ORGANIZATION = "SELECT " + SUMS + """
            FROM (
                SELECT kind, items, bytes
                FROM usage_entry
                WHERE organization_id = ? AND repository_id IS NULL AND folded
                UNION ALL
                SELECT kind, items, bytes
                FROM usage_entry
                WHERE organization_id = ? AND NOT folded) entries
            """;

    private static final String OF_REPOSITORY = "SELECT " + SUMS + """
            FROM (
                SELECT kind, items, bytes
                FROM usage_entry
                WHERE organization_id = ? AND repository_id = ? AND folded
                UNION ALL
                SELECT kind, items, bytes
                FROM usage_entry
                WHERE organization_id = ? AND repository_id = ? AND NOT folded) entries
            """;

    // An organization's names are its own and what lies behind its slash: two runs of the index of names.
    private static final String REPOSITORIES = """
            SELECT r.name, sums.*
            FROM (
                (SELECT name, organization_id, id
                FROM repository
                WHERE name = ? AND name > ? AND deleted_at IS NULL)
                UNION ALL
                (SELECT name, organization_id, id
                FROM repository
                WHERE name > greatest((?::text || '/') COLLATE "C", ?) AND name < ?::text || '0' AND deleted_at IS NULL
                ORDER BY name
                LIMIT ?)
                ORDER BY name
                LIMIT ?) r
            CROSS JOIN LATERAL (
                SELECT\s""" + SUMS + """
                FROM (
                    SELECT kind, items, bytes
                    FROM usage_entry f
                    WHERE f.organization_id = r.organization_id AND f.repository_id = r.id AND f.folded
                    UNION ALL
                    SELECT kind, items, bytes
                    FROM usage_entry u
                    WHERE u.organization_id = r.organization_id AND u.repository_id = r.id AND NOT u.folded) entries) sums
            ORDER BY r.name
            """;

    private static final String SHARED = """
            SELECT count(*), coalesce(sum(b.size), 0)
            FROM repository_blob l
            JOIN organization_blob c ON c.organization_id = l.organization_id AND c.digest = l.digest
            JOIN blob b ON b.digest = l.digest
            WHERE l.organization_id = ? AND l.repository_id = ? AND c.links > 1
            """;

    /**
     * What somebody keeps.
     *
     * @param blobs distinct blobs; of an organization only
     * @param links blobs that are visible or held, each repository's counted for itself; of a repository only
     * @param manifests manifests, live or held
     */
    public record Kept(Amount blobs, Amount links, Amount manifests) {}

    /** What a repository keeps. */
    public record KeptIn(RepositoryName repository, Kept kept) {}

    /** What an organization keeps. */
    public Kept organization(Transaction transaction, OrganizationId organization) {
        Kept all = transaction
                .first(OF_ORGANIZATION, row -> kept(row, 1), organization.value(), organization.value())
                .orElseThrow();
        // Sums of links are kept by repository only.
        return new Kept(all.blobs(), new Amount(0, 0), all.manifests());
    }

    /** What a repository keeps. */
    public Kept repository(Transaction transaction, RepositoryKey repository) {
        long organization = repository.organization().value();
        long id = repository.repository().value();
        return transaction
                .first(OF_REPOSITORY, row -> kept(row, 1), organization, id, organization, id)
                .orElseThrow();
    }

    /** What of a repository's links other repositories of the organization link too; it looks at each link. */
    public Amount shared(Transaction transaction, RepositoryKey repository) {
        return transaction
                .first(
                        SHARED,
                        row -> amount(row, 1),
                        repository.organization().value(),
                        repository.repository().value())
                .orElseThrow();
    }

    /** What the live repositories of an organization keep, in the order of their names, from behind {@code after}. */
    public List<KeptIn> repositories(Transaction transaction, OrganizationName organization, String after, int limit) {
        String name = organization.value();
        return transaction.all(
                REPOSITORIES,
                row -> new KeptIn(new RepositoryName(row.getString(1)), kept(row, 2)),
                name,
                after,
                name,
                after,
                name,
                limit,
                limit);
    }

    private static Kept kept(ResultSet row, int column) throws SQLException {
        return new Kept(amount(row, column), amount(row, column + 2), amount(row, column + 4));
    }

    private static Amount amount(ResultSet row, int column) throws SQLException {
        return new Amount(row.getLong(column), row.getLong(column + 1));
    }
}
