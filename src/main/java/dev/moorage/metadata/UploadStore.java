package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.metadata.UploadRow.Point;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.UploadId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Upload sessions and their leases.
 *
 * <p>A request that works on a session takes its next epoch, and every later write of that request compares it: once
 * another request has taken over, nothing of the first one counts any more.
 */
@Singleton
public class UploadStore {

    static final String COLUMNS = """
            u.id, u.organization_id, u.repository_id, u.algorithm, u.storage_key, u.byte_offset, u.store_state,
            u.prefix_digest, u.hash_state, u.epoch, u.finished_digest,
            (SELECT o.quota_bytes FROM organization o WHERE o.id = u.organization_id) AS quota_bytes
            """;

    private static final String NEW_UPLOAD = """
            INSERT INTO upload (id, organization_id, repository_id, account, algorithm, storage_key, expires_at, epoch,
                lease_until)
            VALUES (?, ?, ?, ?, ?, ?, now() + ? * interval '1 second', ?,
                CASE WHEN ? > 0 THEN now() + interval '10 seconds' END)
            """;

    private static final String UPLOAD_IN_REPOSITORY = "SELECT " + COLUMNS + """
            FROM upload u
            JOIN repository r ON r.organization_id = u.organization_id AND r.id = u.repository_id
            WHERE u.id = ? AND u.account = ? AND r.name = ? AND r.deleted_at IS NULL AND u.expires_at > now()
            """;

    private static final String RENEW_LEASE = """
            UPDATE upload
            SET lease_until = now() + interval '10 seconds', last_byte_at = now(), waiting_for_client = false
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            """;

    private static final String WAIT_FOR_CLIENT = """
            UPDATE upload
            SET waiting_for_client = true
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            """;

    private static final String RECORD = """
            UPDATE upload
            SET byte_offset = ?, store_state = ?, prefix_digest = ?, hash_state = ?,
                last_byte_at = now(), expires_at = now() + ? * interval '1 second', waiting_for_client = false,
                lease_until = CASE WHEN ? THEN now() + interval '10 seconds' END
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            """;

    private static final String RELEASE = """
            UPDATE upload
            SET lease_until = NULL
            WHERE id = ? AND epoch = ?
            """;

    private static final String FINISH = """
            UPDATE upload
            SET storage_key = NULL, multipart_upload_id = NULL, store_state = '', finished_digest = ?, lease_until = NULL,
                hash_state = NULL
            WHERE id = ? AND epoch = ? AND storage_key = ?
            RETURNING EXISTS (SELECT FROM upload_object o WHERE o.upload_id = upload.id)
            """;

    private static final String LOCK_UNFINISHED = """
            SELECT u.id
            FROM upload u
            JOIN repository r ON r.organization_id = u.organization_id AND r.id = u.repository_id
            WHERE u.id = ? AND u.account = ? AND r.name = ? AND r.deleted_at IS NULL AND u.storage_key IS NOT NULL
            """;

    private static final String OPEN = """
            SELECT count(*)
            FROM (
                SELECT
                FROM upload
                WHERE organization_id = ? AND storage_key IS NOT NULL AND expires_at > now()
                ORDER BY expires_at
                LIMIT ?) open
            """;

    private static final String LOCKED = " FOR UPDATE OF u";

    private static final String LOCK_HELD = """
            SELECT id
            FROM upload
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            FOR UPDATE
            """;

    private static final String LOCK_EXPIRED = """
            SELECT id
            FROM upload
            WHERE expires_at <= now() AND (lease_until IS NULL OR lease_until < now())
            ORDER BY expires_at
            LIMIT ?
            FOR UPDATE SKIP LOCKED
            """;

    // After the lock and in a statement of its own: what a request has named while the lock was waited for is seen.
    private static final String DELETE_LOCKED = """
            WITH objects AS (
                DELETE FROM upload_object
                WHERE upload_id = ANY (?::uuid[])
                RETURNING upload_id, storage_key, multipart_upload_id, size),
            gone AS (
                DELETE FROM upload
                WHERE id = ANY (?::uuid[])
                RETURNING id, storage_key, multipart_upload_id, byte_offset)
            SELECT id, storage_key, multipart_upload_id, byte_offset
            FROM gone
            UNION ALL
            SELECT upload_id, storage_key, multipart_upload_id, size
            FROM objects
            """;

    /** Whether a request goes on with a session after a write. */
    public enum Lease {
        HELD,
        RELEASED
    }

    /**
     * Which session a request asks for. Only who began it finds it.
     *
     * @param id its identity
     * @param account who asks, by a name that is nobody else's: an account's, a robot's, or a job's with the number of the issuer
     *     that an organization trusts
     */
    public record Session(UploadId id, String account) {
        private Object[] parameters(RepositoryScope repository) {
            return repository
                    .guard()
                    .parameters(id.value(), account, repository.name().value());
        }
    }

    /**
     * An object that no session names any more.
     *
     * @param upload the session that named it
     * @param object the object; empty where the session was finished
     */
    public record Abandoned(UploadId upload, Optional<LeftObject> object) {}

    /**
     * A session that is to be made.
     *
     * @param id its identity
     * @param key the object that will take the bytes
     * @param algorithm the digest that is made while bytes stream
     * @param epoch above 0 where the request that makes it holds it
     */
    public record Wanted(UploadId id, BlobKey key, Digest.Algorithm algorithm, long epoch) {

        /** The session as it is made in a repository. */
        public UploadRow in(RepositoryKey repository, Optional<Long> quotaBytes) {
            return new UploadRow(
                    id, repository, algorithm, Optional.of(key), Point.START, epoch, Optional.empty(), quotaBytes);
        }
    }

    /** Makes a session; one with an epoch above 0 is held by the request that makes it. */
    public void insert(Transaction transaction, UploadRow upload, String account, Duration expiry) {
        transaction.change(
                NEW_UPLOAD,
                upload.id().value(),
                upload.repository().organization().value(),
                upload.repository().repository().value(),
                account,
                upload.algorithm().prefix(),
                upload.key().map(BlobKey::value),
                expiry.toSeconds(),
                upload.epoch(),
                upload.epoch());
    }

    /** How many sessions of an organization are neither finished nor expired; no further than {@code limit} is counted. */
    public long open(Transaction transaction, OrganizationId organization, int limit) {
        return transaction
                .first(OPEN, row -> row.getLong(1), organization.value(), limit)
                .orElseThrow();
    }

    /** The account's session of this identity in the live repository of this name, unless it has expired. */
    public Optional<UploadRow> find(Transaction transaction, RepositoryScope repository, Session session) {
        return transaction.first(
                repository.guard().guarded(UPLOAD_IN_REPOSITORY), UploadStore::row, session.parameters(repository));
    }

    /** Renews the lease, for bytes have moved or the server works; false where another request holds the session. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean renew(Transaction transaction, UploadRow upload) {
        return transaction.change(RENEW_LEASE, upload.id().value(), upload.epoch()) == 1;
    }

    /** Says that the next byte is the client's to send; false where another request holds the session. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean waitForClient(Transaction transaction, UploadRow upload) {
        return transaction.change(WAIT_FOR_CLIENT, upload.id().value(), upload.epoch()) == 1;
    }

    /** Records how far the bytes are durable; false where another request holds the session. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean record(Transaction transaction, UploadRow upload, Point point, Lease lease, Duration expiry) {
        return transaction.change(
                        RECORD,
                        point.offset(),
                        point.storeState(),
                        point.prefix().map(Digest::toString),
                        point.hashState(),
                        expiry.toSeconds(),
                        lease == Lease.HELD,
                        upload.id().value(),
                        upload.epoch())
                == 1;
    }

    /** Lets go of the session; nothing happens where another request holds it. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public void release(Transaction transaction, UploadRow upload) {
        transaction.change(RELEASE, upload.id().value(), upload.epoch());
    }

    /**
     * Marks the session as the blob that its object became.
     *
     * @return the other objects that it named and that nothing names now; empty where another request holds the session
     */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public Optional<List<LeftObject>> finish(Transaction transaction, UploadRow upload, BlobRow blob) {
        return transaction
                .first(
                        FINISH,
                        row -> row.getBoolean(1),
                        blob.digest().toString(),
                        upload.id().value(),
                        upload.epoch(),
                        blob.key().value())
                .map(others -> others ? UploadObjectStore.removeAll(transaction, upload.id()) : List.of());
    }

    /** Removes an unfinished session, whoever holds it, and tells what it named; empty where there is none. */
    public List<Abandoned> delete(Transaction transaction, RepositoryScope repository, Session session) {
        return deleteLocked(
                transaction,
                transaction.all(
                        repository.guard().guarded(LOCK_UNFINISHED, LOCKED),
                        UploadStore::id,
                        session.parameters(repository)));
    }

    /** Removes an unfinished session that this request holds; empty where another one does. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public List<Abandoned> deleteHeld(Transaction transaction, UploadRow upload) {
        return deleteLocked(
                transaction,
                transaction.all(LOCK_HELD, UploadStore::id, upload.id().value(), upload.epoch()));
    }

    /** Removes some sessions whose time is over, and tells what they named. */
    @AcrossTenants("a queue, worked off by any replica")
    public List<Abandoned> deleteExpired(Transaction transaction, int limit) {
        return deleteLocked(transaction, transaction.all(LOCK_EXPIRED, UploadStore::id, limit));
    }

    @AcrossTenants("the sessions were found, and locked, by the caller")
    private static List<Abandoned> deleteLocked(Transaction transaction, List<String> ids) {
        TextArray locked = new TextArray(ids);
        return ids.isEmpty() ? List.of() : transaction.all(DELETE_LOCKED, UploadStore::abandoned, locked, locked);
    }

    private static String id(ResultSet row) throws SQLException {
        return row.getString(1);
    }

    private static Abandoned abandoned(ResultSet row) throws SQLException {
        UploadId upload = new UploadId(row.getObject(1, UUID.class));
        return row.getString(2) == null
                ? new Abandoned(upload, Optional.empty())
                : new Abandoned(upload, Optional.of(UploadObjectStore.object(row, 2)));
    }

    static UploadRow row(ResultSet row) throws SQLException {
        return new UploadRow(
                new UploadId(row.getObject("id", UUID.class)),
                ManifestStore.key(row),
                Digest.Algorithm.parse(row.getString("algorithm")).orElseThrow(),
                Optional.ofNullable(row.getString("storage_key")).map(BlobKey::new),
                new Point(
                        row.getLong("byte_offset"),
                        row.getString("store_state"),
                        Optional.ofNullable(row.getString("prefix_digest")).flatMap(Digest::parse),
                        Optional.ofNullable(row.getBytes("hash_state"))),
                row.getLong("epoch"),
                Optional.ofNullable(row.getString("finished_digest")).flatMap(Digest::parse),
                Optional.ofNullable(row.getObject("quota_bytes", Long.class)));
    }
}
