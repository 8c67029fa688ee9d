package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryPrefix;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The links that make blobs visible in repositories. */
@Singleton
public class LinkStore {

    // A row for the live repository of the name, with the blob or without it: so what is absent is told from what the
    // guard forbids. The limit inside keeps the planner from walking through all links of the digest.
    private static final String LOOK = """
            SELECT r.organization_id, r.id AS repository_id, found.digest, found.size, found.storage_key, found.lease_stale
            FROM repository r
            LEFT JOIN LATERAL (
                SELECT b.digest, b.size, b.storage_key, l.leased_at < now() - interval '1 hour' AS lease_stale
                FROM repository_blob l
                JOIN blob b ON b.digest = l.digest
                WHERE l.organization_id = r.organization_id AND l.repository_id = r.id AND l.digest = ?
                    AND l.deleted_at IS NULL
                LIMIT 1) found ON true
            WHERE r.name = ? AND r.deleted_at IS NULL
            """;

    private static final String RENEW_LEASE = """
            UPDATE repository_blob
            SET leased_at = now()
            WHERE organization_id = ? AND repository_id = ? AND digest = ? AND deleted_at IS NULL
            """;

    private static final String LINK_TO_UPDATE = """
            SELECT deleted_at IS NOT NULL
            FROM repository_blob
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            FOR NO KEY UPDATE
            """;

    private static final String LINK_TO_HIDE = """
            SELECT true
            FROM repository_blob
            WHERE organization_id = ? AND repository_id = ? AND digest = ? AND deleted_at IS NULL
            FOR UPDATE
            """;

    // The writer has shared the repository's row: its visibility stays what is read here until the link is there.
    private static final String NEW_LINK = """
            INSERT INTO repository_blob (organization_id, repository_id, digest, in_public)
            VALUES (?, ?, ?, (SELECT visibility = 'public' FROM repository WHERE organization_id = ? AND id = ?))
            ON CONFLICT (organization_id, repository_id, digest) DO NOTHING
            """;

    private static final String REVIVE = """
            UPDATE repository_blob
            SET leased_at = now(), linked_at = CASE WHEN deleted_at IS NULL THEN linked_at ELSE now() END, deleted_at = NULL
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    private static final String HIDE = """
            UPDATE repository_blob
            SET deleted_at = now()
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    // The digests come out of a SELECT, so that the planner does not see how many there are, and one plan does for all.
    private static final String VISIBLE_AMONG = """
            SELECT l.digest, b.size
            FROM repository_blob l
            JOIN blob b ON b.digest = l.digest
            WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest = ANY ((SELECT ?::text[])::text[])
                AND l.deleted_at IS NULL
            ORDER BY l.digest
            FOR SHARE OF l
            """;

    // The limit inside keeps the planner from walking through all manifests of the repository.
    private static final String LIVE_MANIFESTS_WITH_BLOB = """
            SELECT r.manifest_digest
            FROM manifest_blob r
            CROSS JOIN LATERAL (
                SELECT deleted_at
                FROM manifest
                WHERE organization_id = r.organization_id AND repository_id = r.repository_id
                    AND digest = r.manifest_digest
                LIMIT 1) m
            WHERE r.organization_id = ? AND r.repository_id = ? AND r.blob_digest = ? AND m.deleted_at IS NULL
            ORDER BY r.manifest_digest
            LIMIT ?
            """;

    // Any would do; with an order the planner walks the index, and does not hope to meet one in the whole table soon.
    private static final String VISIBLE_SOMEWHERE = """
            SELECT true
            FROM repository_blob l
            JOIN repository r ON r.organization_id = l.organization_id AND r.id = l.repository_id
            WHERE l.digest = ? AND l.deleted_at IS NULL AND r.deleted_at IS NULL %s
            ORDER BY l.organization_id, l.repository_id
            LIMIT 1
            """.formatted(Columns.EACH_IN_LIVE_ORGANIZATION);

    // Two looks, each along one run of an index and cut, for a digest may be in very many repositories. The limits
    // inside
    // keep the planner from walking through repositories instead. The second index holds links of public repositories
    // only: how long the look takes says nothing of what others keep to themselves.
    private static final String VISIBLE_TO = """
            SELECT true
            FROM (
                SELECT l.organization_id, l.repository_id
                FROM repository_blob l
                WHERE l.digest = ? AND l.deleted_at IS NULL
                    AND l.organization_id = (SELECT o.id FROM organization o WHERE o.name = ? AND o.deleted_at IS NULL)
                ORDER BY l.organization_id, l.repository_id
                LIMIT 1000) l
            CROSS JOIN LATERAL (
                SELECT
                FROM repository r
                WHERE r.organization_id = l.organization_id AND r.id = l.repository_id AND r.deleted_at IS NULL
                    AND EXISTS (
                        SELECT
                        FROM unnest(?::text[]) AS prefix (value)
                        WHERE r.name = prefix.value OR starts_with(r.name, prefix.value || '/'))
                LIMIT 1) held
            UNION ALL
            SELECT true
            FROM (
                SELECT l.organization_id, l.repository_id
                FROM repository_blob l
                WHERE l.digest = ? AND l.in_public AND l.deleted_at IS NULL
                ORDER BY l.organization_id, l.repository_id
                LIMIT 100) l
            CROSS JOIN LATERAL (
                SELECT
                FROM repository r
                WHERE r.organization_id = l.organization_id AND r.id = l.repository_id AND r.deleted_at IS NULL
                    AND r.visibility = 'public' %s
                LIMIT 1) open
            LIMIT 1
            """.formatted(Columns.EACH_IN_LIVE_ORGANIZATION);

    /**
     * A blob as a repository sees it.
     *
     * @param repository the repository
     * @param blob the blob
     * @param leaseStale whether the last lease is older than an hour
     */
    public record Visible(RepositoryKey repository, BlobRow blob, boolean leaseStale) {}

    /**
     * A look into a repository that is there, for a blob.
     *
     * @param blob the blob; empty where the repository does not show it
     */
    public record Look(Optional<Visible> blob) {}

    /** What became of a link. */
    public enum Outcome {
        /** It was not there before. */
        NEW,
        /** It was there and visible. */
        RENEWED,
        /** It was there and hidden. */
        REVIVED
    }

    /** The blob, if the live repository of this name shows it. */
    public Optional<Visible> find(Transaction transaction, RepositoryScope repository, Digest digest) {
        return transaction.first(toLook(repository, digest)).flatMap(Look::blob);
    }

    /** No row where there is no such repository, or the guard does not let the caller through. */
    static Question<Look> toLook(RepositoryScope repository, Digest digest) {
        return new Question<>(
                repository.guard().guarded(LOOK),
                row -> new Look(row.getString("digest") == null ? Optional.empty() : Optional.of(visible(row))),
                repository
                        .guard()
                        .parameters(digest.toString(), repository.name().value()));
    }

    private static Visible visible(ResultSet row) throws SQLException {
        return new Visible(ManifestStore.key(row), BlobRowStore.row(row), row.getBoolean("lease_stale"));
    }

    /** Renews the lease of a visible link; false where it is hidden or gone meanwhile. */
    public boolean renewLease(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction.change(RENEW_LEASE, organization(repository), id(repository), digest.toString()) == 1;
    }

    /** Locks the link, hidden or visible, for an update in this transaction; false where there is none. */
    public boolean lock(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction
                .first(LINK_TO_UPDATE, row -> true, organization(repository), id(repository), digest.toString())
                .isPresent();
    }

    /** Makes the link, or makes it visible again and renews its lease; the blob's row must be shared by the caller. */
    public Outcome link(Transaction transaction, RepositoryKey repository, Digest digest) {
        Object[] key = {organization(repository), id(repository), digest.toString()};
        Object[] link = {key[0], key[1], key[2], key[0], key[1]};
        while (transaction.change(NEW_LINK, link) == 0) {
            Optional<Boolean> hidden = transaction.first(LINK_TO_UPDATE, row -> row.getBoolean(1), key);
            // No row: it went away between the two statements, and is made after all.
            if (hidden.isPresent()) {
                transaction.change(REVIVE, key);
                return hidden.get() ? Outcome.REVIVED : Outcome.RENEWED;
            }
        }
        return Outcome.NEW;
    }

    /** Locks a visible link against every reference that may be added; false where there is none. */
    public boolean lockToHide(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction
                .first(LINK_TO_HIDE, row -> true, organization(repository), id(repository), digest.toString())
                .isPresent();
    }

    /** Hides a link that {@link #lockToHide} locked. */
    public void hide(Transaction transaction, RepositoryKey repository, Digest digest) {
        transaction.change(HIDE, organization(repository), id(repository), digest.toString());
    }

    /** Which of these blobs the repository shows, with their sizes; their links are kept until the transaction ends. */
    public Map<Digest, Long> shareVisible(
            Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        Map<Digest, Long> sizes = new HashMap<>();
        transaction
                .all(
                        VISIBLE_AMONG,
                        row -> Map.entry(Digest.parse(row.getString(1)).orElseThrow(), row.getLong(2)),
                        organization(repository),
                        id(repository),
                        texts(digests))
                .forEach(entry -> sizes.put(entry.getKey(), entry.getValue()));
        return sizes;
    }

    /** Live manifests of the repository that reference the blob, the first few by digest. */
    public List<String> liveManifestsWith(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return transaction.all(
                LIVE_MANIFESTS_WITH_BLOB,
                row -> row.getString(1),
                organization(repository),
                id(repository),
                digest.toString(),
                limit);
    }

    /** Whether any live repository shows the blob. */
    @AcrossTenants("a mount without a source by a caller who may pull everything")
    public boolean visibleSomewhere(Transaction transaction, Digest digest) {
        return transaction
                .first(VISIBLE_SOMEWHERE, row -> true, digest.toString())
                .isPresent();
    }

    /** Whether a public repository shows the blob, or one within these prefixes in this organization. */
    public boolean visibleTo(
            Transaction transaction,
            OrganizationName organization,
            Collection<RepositoryPrefix> prefixes,
            Digest digest) {
        TextArray within =
                new TextArray(prefixes.stream().map(RepositoryPrefix::value).toList());
        return transaction
                .first(VISIBLE_TO, row -> true, digest.toString(), organization.value(), within, digest.toString())
                .isPresent();
    }

    static TextArray texts(Collection<Digest> digests) {
        return new TextArray(digests.stream().map(Digest::toString).toList());
    }

    private static long organization(RepositoryKey repository) {
        return repository.organization().value();
    }

    private static long id(RepositoryKey repository) {
        return repository.repository().value();
    }
}
