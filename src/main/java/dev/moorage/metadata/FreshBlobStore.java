package dev.moorage.metadata;

import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Blobs of which there was nothing before, as most that come: row, link, ledger and the end of the upload in one statement, for
 * all that end together.
 *
 * <p>Where the digest has a row already, or anything else is not as it mostly is, nothing is done, and the caller takes the long
 * way, step by step.
 */
@Singleton
public class FreshBlobStore {

    // What is locked is read anew: the repository's visibility stays what it is here until the link is there. Of a
    // digest without
    // a row there can be no link. Nobody waits for a lock, but for whoever makes the same blob at this moment. All that
    // come
    // together go by digest, so that two of them do not wait in a circle.
    private static final String KEPT = """
            WITH kept AS (
                SELECT asked.upload, asked.digest, asked.size, asked.storage_key, r.organization_id, r.id AS repository_id,
                    r.visibility
                FROM %s
                JOIN repository r ON r.organization_id = asked.organization AND r.id = asked.repository
                JOIN upload u ON u.id = asked.upload AND u.epoch = asked.epoch AND u.storage_key = asked.storage_key
                WHERE r.deleted_at IS NULL
                    AND (? OR (SELECT o.quota_bytes FROM organization o WHERE o.id = r.organization_id) IS NULL)
                    AND NOT EXISTS (SELECT FROM upload_object o WHERE o.upload_id = asked.upload) %s
                FOR SHARE OF r SKIP LOCKED
                FOR NO KEY UPDATE OF u SKIP LOCKED),
            """;

    // Of a session that nobody ever took there is no object in the store.
    private static final String KEPT_WHOLE = """
            WITH kept AS (
                SELECT asked.upload, asked.digest, asked.size, asked.storage_key, asked.bytes, r.organization_id,
                    r.id AS repository_id, r.visibility
                FROM %s
                CROSS JOIN LATERAL (
                    SELECT organization_id, repository_id
                    FROM upload
                    WHERE id = asked.upload AND account = asked.account AND epoch = 0 AND expires_at > now()
                    FOR NO KEY UPDATE SKIP LOCKED) u
                JOIN repository r ON r.organization_id = u.organization_id AND r.id = u.repository_id AND r.name = asked.name
                WHERE r.deleted_at IS NULL
                    AND (? OR (SELECT o.quota_bytes FROM organization o WHERE o.id = r.organization_id) IS NULL) %s
                FOR SHARE OF r SKIP LOCKED),
            """;

    private static final String MADE = """
            fresh AS (
                INSERT INTO blob (digest, size, storage_key)
                SELECT digest, size, storage_key
                FROM kept
                ORDER BY digest
                ON CONFLICT (digest) DO NOTHING
                RETURNING storage_key),
            made AS (
                SELECT kept.*
                FROM fresh
                JOIN kept ON kept.storage_key = fresh.storage_key),
            linked AS (
                INSERT INTO repository_blob (organization_id, repository_id, digest, in_public)
                SELECT organization_id, repository_id, digest, visibility = 'public'
                FROM made),
            owned AS (
                INSERT INTO organization_blob (organization_id, digest, links)
                SELECT organization_id, digest, 1
                FROM made
                ORDER BY organization_id, digest
                ON CONFLICT (organization_id, digest) DO UPDATE SET links = organization_blob.links + 1
                RETURNING organization_id, digest, links),
            counted AS (
                INSERT INTO usage_entry (organization_id, repository_id, kind, items, bytes)
                SELECT organization_id, repository_id, 'link', 1, size
                FROM made
                UNION ALL
                SELECT o.organization_id, NULL, 'blob', 1, m.size
                FROM owned o
                JOIN made m ON m.organization_id = o.organization_id AND m.digest = o.digest
                WHERE o.links = 1)
            """;

    private static final String STORED = """
            , stored AS (
                INSERT INTO small_object (storage_key, bytes)
                SELECT storage_key, bytes
                FROM made)
            """;

    private static final String FINISHED = """
            UPDATE upload u
            SET storage_key = NULL, multipart_upload_id = NULL, store_state = '', finished_digest = made.digest,
                lease_until = NULL, hash_state = NULL, epoch = greatest(u.epoch, 1)
            FROM made
            WHERE u.id = made.upload
            RETURNING made.storage_key
            """;

    private final GuardedText text = new GuardedText(
            KEPT + MADE + FINISHED,
            List.of("organization", "repository", "upload", "epoch", "storage_key", "digest", "size"));
    private final GuardedText whole = new GuardedText(
            KEPT_WHOLE + MADE + STORED + FINISHED,
            List.of("name", "upload", "account", "storage_key", "digest", "size", "bytes"));

    /**
     * An upload that is to become a blob.
     *
     * @param repository its repository, with what must still be true of the caller
     * @param upload its session, as far as this request holds it
     * @param blob its object
     */
    public record Ended(RepositoryScope repository, UploadRow upload, BlobRow blob) {
        private Object[] row() {
            RepositoryKey key = upload.repository();
            return new Object[] {
                key.organization().value(),
                key.repository().value(),
                upload.id().value(),
                upload.epoch(),
                blob.key().value(),
                blob.digest().toString(),
                blob.size()
            };
        }
    }

    /**
     * Makes uploads blobs of their repositories; all have guards of one text.
     *
     * @param reserved whether the caller has seen to the organization's quota; else nothing is done where there is one
     * @return for each whether it was done
     */
    @AcrossTenants(
            "each session was found in its repository when its epoch was taken, and each repository is asked for anew")
    public List<Boolean> commit(Transaction transaction, List<Ended> uploads, boolean reserved) {
        List<Object> parameters = new ArrayList<>(text.arrays(uploads, Ended::repository, Ended::row));
        parameters.add(reserved);
        Ended one = uploads.getFirst();
        Set<String> done = new HashSet<>(transaction.all(
                text.text(one.repository().guard(), one.row()), row -> row.getString(1), parameters.toArray()));
        return uploads.stream()
                .map(ended -> done.contains(ended.blob().key().value()))
                .toList();
    }

    /**
     * An upload whose bytes are all here, and of which nothing is in the store.
     *
     * @param repository its repository, with what must still be true of the caller
     * @param session which, and whose
     * @param blob the object that the bytes will be, a row's
     * @param bytes what was sent for it
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Whole(RepositoryScope repository, UploadStore.Session session, BlobRow blob, byte[] bytes) {
        private Object[] row() {
            return new Object[] {
                repository.name().value(),
                session.id().value(),
                session.account(),
                blob.key().value(),
                blob.digest().toString(),
                blob.size(),
                bytes
            };
        }
    }

    /**
     * Makes sessions that nobody has taken blobs of their repositories, with their bytes; all have guards of one text. Of several
     * uploads of one session the first alone is done.
     *
     * @param reserved whether the caller has seen to the organization's quota; else nothing is done where there is one
     * @return for each whether it was done
     */
    @AcrossTenants("each session is ended in its own repository, by its own guard")
    public List<Boolean> commitWhole(Transaction transaction, List<Whole> uploads, boolean reserved) {
        Set<UploadStore.Session> sessions = new HashSet<>();
        List<Whole> once = uploads.stream()
                .filter(upload -> sessions.add(upload.session()))
                .toList();
        List<Object> parameters = new ArrayList<>(whole.arrays(once, Whole::repository, Whole::row));
        parameters.add(reserved);
        Whole one = once.getFirst();
        Set<String> done = new HashSet<>(transaction.all(
                whole.text(one.repository().guard(), one.row()), row -> row.getString(1), parameters.toArray()));
        return uploads.stream()
                .map(upload -> done.contains(upload.blob().key().value()))
                .toList();
    }
}
