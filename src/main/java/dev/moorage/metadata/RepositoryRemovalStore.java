package dev.moorage.metadata;

import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Deleted repositories as the collection takes them away, each kind of row in pieces of a bounded size. */
@Singleton
public class RepositoryRemovalStore {

    private static final String LOCK = """
            SELECT deleted_at IS NOT NULL AS deleted
            FROM repository
            WHERE organization_id = ? AND id = ?
            FOR UPDATE
            """;

    private static final String HELD_UNTIL = """
            SELECT max(held_until) AS until
            FROM hold
            WHERE organization_id = ? AND repository_id = ? AND kind = 'repository' AND held_until > now()
            """;

    private static final String BEGIN = """
            UPDATE repository
            SET collected_at = now()
            WHERE organization_id = ? AND id = ? AND collected_at IS NULL
            """;

    private static final String REMOVE_TAGS = """
            DELETE FROM tag
            WHERE organization_id = ? AND repository_id = ? AND name = ANY (ARRAY(
                SELECT name
                FROM tag
                WHERE organization_id = ? AND repository_id = ?
                ORDER BY name
                LIMIT ?))
            """;

    private static final String REMOVE_CHILD_REFERENCES = """
            DELETE FROM manifest_child
            WHERE organization_id = ? AND repository_id = ? AND (manifest_digest, child_digest) IN (
                SELECT manifest_digest, child_digest
                FROM manifest_child
                WHERE organization_id = ? AND repository_id = ?
                ORDER BY manifest_digest, child_digest
                LIMIT ?)
            """;

    private static final String REMOVE_BLOB_REFERENCES = """
            DELETE FROM manifest_blob
            WHERE organization_id = ? AND repository_id = ? AND (manifest_digest, blob_digest) IN (
                SELECT manifest_digest, blob_digest
                FROM manifest_blob
                WHERE organization_id = ? AND repository_id = ?
                ORDER BY manifest_digest, blob_digest
                LIMIT ?)
            """;

    private static final String REMOVE_MANIFESTS = """
            DELETE FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ANY (ARRAY(
                SELECT digest
                FROM manifest
                WHERE organization_id = ? AND repository_id = ?
                ORDER BY digest
                LIMIT ?))
            RETURNING size
            """;

    private static final String LINKS = """
            SELECT l.digest, b.size, b.storage_key
            FROM repository_blob l
            JOIN blob b ON b.digest = l.digest
            WHERE l.organization_id = ? AND l.repository_id = ?
            ORDER BY l.digest
            LIMIT ?
            FOR UPDATE OF l
            """;

    private static final String END_UPLOADS = """
            UPDATE upload
            SET expires_at = now()
            WHERE organization_id = ? AND repository_id = ? AND expires_at > now()
            """;

    private static final String ANY_UPLOAD = """
            SELECT true
            FROM upload
            WHERE organization_id = ? AND repository_id = ?
            LIMIT 1
            """;

    private static final String ANY_UNFOLDED = """
            SELECT true
            FROM usage_entry
            WHERE organization_id = ? AND repository_id = ? AND NOT folded
            LIMIT 1
            """;

    private static final String REMOVE_SUMS = """
            DELETE FROM usage_entry
            WHERE organization_id = ? AND repository_id = ? AND folded
            """;

    private static final String REMOVE_HOLDS = """
            DELETE FROM hold
            WHERE organization_id = ? AND repository_id = ?
            """;

    private static final String REMOVE_RULES = """
            DELETE FROM immutability_rule
            WHERE organization_id = ? AND repository_id = ?
            """;

    private static final String REMOVE_POLICY = """
            DELETE FROM retention_policy
            WHERE organization_id = ? AND repository_id = ?
            """;

    private static final String REMOVE = """
            DELETE FROM repository
            WHERE organization_id = ? AND id = ?
            """;

    /** Locks a repository, and answers whether it is deleted; empty where it is gone. */
    public Optional<Boolean> lock(Transaction transaction, RepositoryKey repository) {
        return transaction.first(LOCK, row -> row.getBoolean(1), key(repository));
    }

    /** Until when a repository can be brought back; empty where it cannot. */
    public Optional<OffsetDateTime> heldUntil(Transaction transaction, RepositoryKey repository) {
        return transaction
                .first(HELD_UNTIL, row -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)), key(repository))
                .flatMap(until -> until);
    }

    /** Says that the content of a locked repository begins to go: from now on it cannot be brought back. */
    public void begin(Transaction transaction, RepositoryKey repository) {
        transaction.change(BEGIN, key(repository));
    }

    /** Removes some tags, and answers how many. */
    public int removeTags(Transaction transaction, RepositoryKey repository, int limit) {
        return transaction.change(REMOVE_TAGS, page(repository, limit));
    }

    /** Removes some references of manifests, and answers how many. */
    public int removeReferences(Transaction transaction, RepositoryKey repository, int limit) {
        int children = transaction.change(REMOVE_CHILD_REFERENCES, page(repository, limit));
        return children > 0 ? children : transaction.change(REMOVE_BLOB_REFERENCES, page(repository, limit));
    }

    /** Removes some manifests that reference nothing any more, and answers their sizes. */
    public List<Integer> removeManifests(Transaction transaction, RepositoryKey repository, int limit) {
        return transaction.all(REMOVE_MANIFESTS, row -> row.getInt(1), page(repository, limit));
    }

    /** Locks some links and answers their blobs. */
    public List<BlobRow> lockLinks(Transaction transaction, RepositoryKey repository, int limit) {
        return transaction.all(
                LINKS,
                BlobRowStore::row,
                repository.organization().value(),
                repository.repository().value(),
                limit);
    }

    /** Lets all uploads expire, and answers whether any is left that has to be ended. */
    public boolean endUploads(Transaction transaction, RepositoryKey repository) {
        transaction.change(END_UPLOADS, key(repository));
        return transaction.first(ANY_UPLOAD, _ -> true, key(repository)).isPresent();
    }

    /** Whether the ledger has entries of the repository that are not folded yet. */
    public boolean anyUnfolded(Transaction transaction, RepositoryKey repository) {
        return transaction.first(ANY_UNFOLDED, _ -> true, key(repository)).isPresent();
    }

    /** Removes a locked repository in which nothing is left; what happened in it stays in the history. */
    public void remove(Transaction transaction, RepositoryKey repository) {
        transaction.change(REMOVE_SUMS, key(repository));
        transaction.change(REMOVE_HOLDS, key(repository));
        transaction.change(REMOVE_RULES, key(repository));
        transaction.change(REMOVE_POLICY, key(repository));
        transaction.change(REMOVE, key(repository));
    }

    private static Object[] key(RepositoryKey repository) {
        return new Object[] {
            repository.organization().value(), repository.repository().value()
        };
    }

    private static Object[] page(RepositoryKey repository, int limit) {
        long organization = repository.organization().value();
        long id = repository.repository().value();
        return new Object[] {organization, id, organization, id, limit};
    }
}
