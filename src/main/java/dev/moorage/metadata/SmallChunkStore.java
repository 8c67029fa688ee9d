package dev.moorage.metadata;

import dev.moorage.metadata.UploadRow.Point;
import dev.moorage.name.BlobKey;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The first bytes of uploads, where they are few: kept as rows, which become blobs if no more bytes come. */
@Singleton
public class SmallChunkStore {

    // Of a session that nobody ever took there is no object in the store: its key is given up for the row's.
    private static final String HOLD = """
            WITH kept AS (
                SELECT asked.upload, asked.storage_key, asked.size, asked.state, asked.digest, asked.hash, asked.bytes
                FROM %s
                CROSS JOIN LATERAL (
                    SELECT organization_id, repository_id
                    FROM upload
                    WHERE id = asked.upload AND account = asked.account AND algorithm = asked.algorithm AND epoch = 0
                        AND expires_at > now()
                    FOR NO KEY UPDATE SKIP LOCKED) u
                JOIN repository r ON r.organization_id = u.organization_id AND r.id = u.repository_id AND r.name = asked.name
                WHERE r.deleted_at IS NULL
                    AND (SELECT o.quota_bytes FROM organization o WHERE o.id = r.organization_id) IS NULL %s),
            stored AS (
                INSERT INTO small_object (storage_key, bytes)
                SELECT storage_key, bytes
                FROM kept)
            UPDATE upload u
            SET epoch = 1, storage_key = kept.storage_key, byte_offset = kept.size, store_state = kept.state,
                prefix_digest = kept.digest, hash_state = nullif(kept.hash, ''), last_byte_at = now(),
                expires_at = now() + ? * interval '1 second'
            FROM kept
            WHERE u.id = kept.upload
            RETURNING kept.storage_key
            """;

    private final GuardedText text = new GuardedText(
            HOLD,
            List.of(
                    "name",
                    "upload",
                    "account",
                    "algorithm",
                    "storage_key",
                    "size",
                    "state",
                    "digest",
                    "hash",
                    "bytes"));

    /**
     * The first bytes of an upload.
     *
     * @param repository its repository, with what must still be true of the caller
     * @param session which, and whose
     * @param key the row that the bytes will be
     * @param point where the session stands then
     * @param bytes what was sent for it
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    public record Chunk(
            RepositoryScope repository, UploadStore.Session session, BlobKey key, Point point, byte[] bytes) {
        private Object[] row() {
            return new Object[] {
                repository.name().value(),
                session.id().value(),
                session.account(),
                point.prefix().orElseThrow().algorithm().prefix(),
                key.value(),
                point.offset(),
                point.storeState(),
                point.prefix().orElseThrow().toString(),
                point.hashState().orElse(new byte[0]),
                bytes
            };
        }
    }

    /**
     * Keeps the first bytes of sessions that nobody has taken; all have guards of one text. Of several for one session the first
     * alone is kept.
     *
     * @return for each whether it was done; not where the organization has a quota, or the session is of another algorithm
     */
    @AcrossTenants("each session is asked for in its own repository, by its own guard")
    public List<Optional<Boolean>> hold(Transaction transaction, List<Chunk> chunks, Duration expiry) {
        Set<UploadStore.Session> sessions = new HashSet<>();
        List<Chunk> once =
                chunks.stream().filter(chunk -> sessions.add(chunk.session())).toList();
        List<Object> parameters = new ArrayList<>(text.arrays(once, Chunk::repository, Chunk::row));
        parameters.add(expiry.toSeconds());
        Chunk one = once.getFirst();
        Set<String> held = new HashSet<>(transaction.all(
                text.text(one.repository().guard(), one.row()), row -> row.getString(1), parameters.toArray()));
        return chunks.stream()
                .map(chunk -> Optional.of(held.contains(chunk.key().value())).filter(Boolean::booleanValue))
                .toList();
    }
}
