package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Manifests and links as the collection takes them away.
 *
 * <p>What keeps a thing is asked twice: without a lock, so that what is needed is never locked against those who push, and
 * behind the lock, in one new statement about everything that could keep it, which sees whatever was committed while the lock
 * was waited for.
 */
@Singleton
public class RemovalStore {

    private static final String REPOSITORY = """
            SELECT deleted_at IS NOT NULL AS deleted,
                greatest(now() + interval '1 hour', (
                    SELECT max(h.held_until)
                    FROM hold h
                    WHERE h.organization_id = r.organization_id AND h.repository_id = r.id AND h.kind = 'repository')) AS until,
                now() + interval '1 minute' AS soon
            FROM repository r
            WHERE r.organization_id = ? AND r.id = ?
            FOR SHARE OF r
            """;

    // Any parent would do; with an order the planner walks the index, and does not hope to meet one in the table soon.
    private static final String MANIFEST_NEEDS = """
            SELECT m.deleted_at IS NULL
                    OR EXISTS (
                        SELECT
                        FROM tag t
                        WHERE t.organization_id = m.organization_id AND t.repository_id = m.repository_id
                            AND t.manifest_digest = m.digest)
                    OR (
                        SELECT true
                        FROM manifest_child c
                        WHERE c.organization_id = m.organization_id AND c.repository_id = m.repository_id
                            AND c.child_digest = m.digest
                        ORDER BY c.manifest_digest
                        LIMIT 1) IS NOT NULL AS referenced,
                (SELECT max(h.held_until)
                FROM hold h
                WHERE h.organization_id = m.organization_id AND h.repository_id = m.repository_id
                    AND h.kind = 'manifest' AND h.digest = m.digest AND h.held_until > now()) AS until
            FROM manifest m
            WHERE m.organization_id = ? AND m.repository_id = ? AND m.digest = ?
            """;

    private static final String LOCK_MANIFEST = """
            SELECT true
            FROM manifest
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            FOR UPDATE
            """;

    private static final String REMOVE_BLOB_REFERENCES = """
            DELETE FROM manifest_blob
            WHERE organization_id = ? AND repository_id = ? AND manifest_digest = ?
            RETURNING blob_digest
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

    private static final String LINK_NEEDS = """
            SELECT EXISTS (
                    SELECT
                    FROM manifest_blob r
                    WHERE r.organization_id = l.organization_id AND r.repository_id = l.repository_id
                        AND r.blob_digest = l.digest) AS referenced,
                greatest(
                    CASE WHEN l.leased_at + ? * interval '1 second' > now()
                        THEN l.leased_at + ? * interval '1 second' END,
                    (SELECT max(h.held_until)
                    FROM hold h
                    WHERE h.organization_id = l.organization_id AND h.repository_id = l.repository_id
                        AND h.kind = 'link' AND h.digest = l.digest AND h.held_until > now())) AS until
            FROM repository_blob l
            WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest = ?
            """;

    private static final String LOCK_LINK = """
            SELECT b.size
            FROM repository_blob l
            JOIN blob b ON b.digest = l.digest
            WHERE l.organization_id = ? AND l.repository_id = ? AND l.digest = ?
            FOR UPDATE OF l
            """;

    private static final String REMOVE_LINK = """
            DELETE FROM repository_blob
            WHERE organization_id = ? AND repository_id = ? AND digest = ?
            """;

    /**
     * What keeps a thing.
     *
     * @param referenced whether something else in the repository needs it
     * @param until when a lease or a hold on it ends; empty where there is none
     */
    public record Needs(boolean referenced, Optional<OffsetDateTime> until) {

        /** Whether nothing does. */
        public boolean nothing() {
            return !referenced && until.isEmpty();
        }
    }

    /**
     * The repository of a thing.
     *
     * @param deleted whether it is deleted, and its content goes with it
     * @param until when it is worth looking again where it is
     * @param soon when it is worth looking again where other work has to be done first
     */
    public record Home(boolean deleted, OffsetDateTime until, OffsetDateTime soon) {}

    /** What a manifest referenced. */
    public record References(List<Digest> blobs, List<Digest> children) {

        /** Keeps its own copies. */
        public References {
            blobs = List.copyOf(blobs);
            children = List.copyOf(children);
        }
    }

    /** The repository, deleted or not, as it stays until the transaction ends; empty where it is gone. */
    public Optional<Home> share(Transaction transaction, RepositoryKey repository) {
        return transaction.first(
                REPOSITORY,
                row -> new Home(
                        row.getBoolean("deleted"),
                        row.getObject("until", OffsetDateTime.class),
                        row.getObject("soon", OffsetDateTime.class)),
                repository.organization().value(),
                repository.repository().value());
    }

    /** What keeps a manifest: it is live, it has a tag or a parent, or is held; empty where it is gone. */
    public Optional<Needs> manifestNeeds(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction.first(MANIFEST_NEEDS, RemovalStore::needs, key(repository, digest));
    }

    /** Locks a manifest against every reference that may be added; false where it is gone. */
    public boolean lockManifest(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction
                .first(LOCK_MANIFEST, _ -> true, key(repository, digest))
                .isPresent();
    }

    /** Removes what a locked manifest references; the caller removes it next. */
    public References removeReferences(Transaction transaction, RepositoryKey repository, Digest digest) {
        return new References(
                transaction.all(REMOVE_BLOB_REFERENCES, RemovalStore::digest, key(repository, digest)),
                transaction.all(REMOVE_CHILD_REFERENCES, RemovalStore::digest, key(repository, digest)));
    }

    /** Removes a locked manifest that references nothing any more, and answers its size. */
    public long removeManifest(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction
                .first(REMOVE_MANIFEST, row -> row.getLong(1), key(repository, digest))
                .orElseThrow();
    }

    /** What keeps a link: a manifest references it, live or hidden, its lease is young, or it is held; empty where it is gone. */
    public Optional<Needs> linkNeeds(
            Transaction transaction, RepositoryKey repository, Digest digest, Duration linkDelay) {
        return transaction.first(
                LINK_NEEDS,
                RemovalStore::needs,
                linkDelay.toSeconds(),
                linkDelay.toSeconds(),
                repository.organization().value(),
                repository.repository().value(),
                digest.toString());
    }

    /** Locks a link against every reference that may be added, and answers the size of its blob; empty where it is gone. */
    public Optional<Long> lockLink(Transaction transaction, RepositoryKey repository, Digest digest) {
        return transaction.first(LOCK_LINK, row -> row.getLong(1), key(repository, digest));
    }

    /** Removes a locked link. */
    public void removeLink(Transaction transaction, RepositoryKey repository, Digest digest) {
        transaction.change(REMOVE_LINK, key(repository, digest));
    }

    private static Needs needs(ResultSet row) throws SQLException {
        return new Needs(
                row.getBoolean("referenced"), Optional.ofNullable(row.getObject("until", OffsetDateTime.class)));
    }

    private static Digest digest(ResultSet row) throws SQLException {
        return Digest.parse(row.getString(1)).orElseThrow();
    }

    private static Object[] key(RepositoryKey repository, Digest digest) {
        return new Object[] {
            repository.organization().value(), repository.repository().value(), digest.toString()
        };
    }
}
