package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Visibility;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes rows away for good and at once, whatever leases and holds say; who does so says it to the ledger. */
@Singleton
public class PurgeStore {

    private static final String BLOBS_OF_MANIFEST = """
            SELECT blob_digest
            FROM manifest_blob
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ?
            """;

    private static final String LINKS_TO_TAKE = """
            SELECT digest
            FROM repository_blob
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY (?)
            ORDER BY digest
            FOR UPDATE
            """;

    private static final String MANIFEST_TO_TAKE = """
            SELECT size
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            FOR UPDATE
            """;

    // Hidden ones too: their references are rows as others.
    private static final String PARENTS = """
            SELECT manifest_digest
            FROM manifest_child
            WHERE organization_id = ? AND repository_id = ? AND child_digest = ?
            ORDER BY manifest_digest
            LIMIT ?
            """;

    private static final String USERS = """
            SELECT manifest_digest
            FROM manifest_blob
            WHERE organization_id = ? AND repository_id = ? AND blob_digest = ?
            ORDER BY manifest_digest
            LIMIT ?
            """;

    private static final String REMOVE_BLOB_REFERENCES = """
            DELETE FROM manifest_blob
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ?
            """;

    private static final String REMOVE_CHILD_REFERENCES = """
            DELETE FROM manifest_child
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ?
            RETURNING child_digest
            """;

    private static final String REMOVE_MANIFEST = """
            DELETE FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            RETURNING size
            """;

    private static final String REMOVE_LINK = """
            DELETE FROM repository_blob
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            RETURNING (SELECT b.size FROM blob b WHERE b.digest = repository_blob.digest)
            """;

    private static final String END_HOLDS = """
            DELETE FROM hold
            WHERE organization_id = ? AND repository_id = ? AND kind IN ('manifest', 'link') AND digest = ?
            """;

    private static final String BLOB_TO_TAKE = """
            SELECT digest, size, storage_key
            FROM blob
            WHERE digest = ?
            FOR UPDATE
            """;

    private static final String LINKED = """
            SELECT true
            FROM repository_blob
            WHERE digest = ?
            LIMIT 1
            """;

    private static final String REMOVE_BLOB = """
            DELETE FROM blob
            WHERE digest = ?
            """;

    private static final String ELSEWHERE = """
            SELECT r.name, r.visibility, x.digest, r.deleted_at IS NOT NULL OR x.deleted_at IS NOT NULL AS hidden
            FROM (
                SELECT organization_id, repository_id, digest, deleted_at
                FROM repository_blob
                WHERE organization_id = ? AND digest = ANY (?)
                UNION ALL
                SELECT organization_id, repository_id, digest, deleted_at
                FROM manifest
                WHERE organization_id = ? AND digest = ANY (?)) x
            JOIN repository r ON r.organization_id = x.organization_id AND r.id = x.repository_id
            WHERE r.id <> ?
            ORDER BY r.name, x.digest
            LIMIT ?
            """;

    /**
     * Where else something is.
     *
     * @param repository where
     * @param visibility that repository's
     * @param digest what
     * @param presence whether it is shown there; hidden is also what is in a hidden repository
     */
    public record Elsewhere(
            RepositoryName repository, Visibility visibility, Digest digest, RestoreStore.Presence presence) {}

    /** Which blobs a manifest references. */
    public List<Digest> blobsOf(Transaction transaction, RepositoryKey repository, Digest manifest) {
        return digests(transaction, BLOBS_OF_MANIFEST, key(repository, manifest));
    }

    /** Locks links, live or hidden, against everything, and answers which there are. */
    public List<Digest> lockLinks(Transaction transaction, RepositoryKey repository, Collection<Digest> digests) {
        return digests(
                transaction,
                LINKS_TO_TAKE,
                repository.organization().value(),
                repository.repository().value(),
                LinkStore.texts(digests));
    }

    /** Locks a manifest, live or hidden, against everything; false where there is none. */
    public boolean lockManifest(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction
                .first(MANIFEST_TO_TAKE, _ -> true, key(repository, digest))
                .isPresent();
    }

    /** Indexes that reference a manifest, live or hidden, the first few by digest. */
    public List<Digest> parents(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return digests(
                transaction,
                PARENTS,
                repository.organization().value(),
                repository.repository().value(),
                digest.toString(),
                limit);
    }

    /** Manifests that reference a blob, live or hidden, the first few by digest. */
    public List<Digest> users(Transaction transaction, RepositoryKey repository, Digest digest, int limit) {
        return digests(
                transaction,
                USERS,
                repository.organization().value(),
                repository.repository().value(),
                digest.toString(),
                limit);
    }

    /**
     * A manifest that went.
     *
     * @param size its bytes
     * @param children the manifests that it listed
     */
    public record Removed(long size, List<Digest> children) {

        /** Keeps its own copy. */
        public Removed {
            children = List.copyOf(children);
        }
    }

    /** Removes a locked manifest that nothing references, with its own references and its holds. */
    public Removed removeManifest(Transaction transaction, RepositoryKey repository, Digest digest) {
        Object[] key = key(repository, digest);
        transaction.change(REMOVE_BLOB_REFERENCES, key);
        List<Digest> children = digests(transaction, REMOVE_CHILD_REFERENCES, key);
        long size =
                transaction.first(REMOVE_MANIFEST, row -> row.getLong(1), key).orElseThrow();
        transaction.change(END_HOLDS, key);
        return new Removed(size, children);
    }

    /** Removes a locked link that nothing references, with its holds, and answers the bytes of its blob. */
    public long removeLink(Transaction transaction, RepositoryKey repository, Digest digest) {
        Object[] key = key(repository, digest);
        long size = transaction.first(REMOVE_LINK, row -> row.getLong(1), key).orElseThrow();
        transaction.change(END_HOLDS, key);
        return size;
    }

    /** Removes the row of a blob that nobody links, and answers the object that it named; empty where somebody does. */
    @AcrossTenants("bytes are kept once for all tenants; what makes them visible is the link")
    public Optional<LeftObject> removeUnlinked(Transaction transaction, Digest digest) {
        return transaction
                .first(BLOB_TO_TAKE, BlobRowStore::row, digest.toString())
                // In a statement after the lock: whoever links it shares the row, and has committed or sees it gone.
                .filter(_ ->
                        transaction.first(LINKED, _ -> true, digest.toString()).isEmpty())
                .map(blob -> {
                    transaction.change(REMOVE_BLOB, digest.toString());
                    return new LeftObject(blob.key(), blob.size());
                });
    }

    /** Where else in the organization some manifests and blobs are, in the order of names. */
    public List<Elsewhere> elsewhere(
            Transaction transaction, RepositoryKey repository, Collection<Digest> digests, int limit) {
        TextArray texts = LinkStore.texts(digests);
        long organization = repository.organization().value();
        return transaction.all(
                ELSEWHERE,
                PurgeStore::elsewhere,
                organization,
                texts,
                organization,
                texts,
                repository.repository().value(),
                limit);
    }

    private static Elsewhere elsewhere(ResultSet row) throws SQLException {
        return new Elsewhere(
                new RepositoryName(row.getString("name")),
                Visibility.parse(row.getString("visibility")).orElseThrow(),
                Digest.parse(row.getString("digest")).orElseThrow(),
                row.getBoolean("hidden") ? RestoreStore.Presence.HIDDEN : RestoreStore.Presence.SHOWN);
    }

    private static List<Digest> digests(Transaction transaction, String statement, Object... parameters) {
        return transaction.all(statement, row -> Digest.parse(row.getString(1)).orElseThrow(), parameters);
    }

    private static Object[] key(RepositoryKey repository, Digest digest) {
        return new Object[] {
            repository.organization().value(), repository.repository().value(), digest.toString()
        };
    }
}
