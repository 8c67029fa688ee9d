package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.metadata.UploadRow.Point;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What upload sessions leave in a store whose objects need more names than one: each is written down before its first byte.
 *
 * <p>Every statement compares the session's epoch, and answers false or nothing where another request holds the session.
 */
@Singleton
public class UploadObjectStore {

    private static final String GIVE_UP_TARGET = """
            INSERT INTO upload_object (storage_key, upload_id, multipart_upload_id, size)
            SELECT storage_key, id, multipart_upload_id, byte_offset
            FROM upload
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            FOR NO KEY UPDATE
            """;

    private static final String SET_TARGET = """
            UPDATE upload
            SET storage_key = ?, multipart_upload_id = NULL
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            """;

    private static final String SET_MULTIPART = """
            UPDATE upload
            SET multipart_upload_id = ?
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            """;

    private static final String SET_STATE = """
            UPDATE upload
            SET store_state = ?
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            """;

    private static final String SET_COMPLETION = """
            UPDATE upload
            SET byte_offset = ?, store_state = ?, prefix_digest = ?, hash_state = NULL
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            """;

    private static final String NEW_OBJECT = """
            INSERT INTO upload_object (storage_key, upload_id, size)
            SELECT ?, id, ?
            FROM upload
            WHERE id = ? AND epoch = ? AND storage_key IS NOT NULL
            FOR NO KEY UPDATE
            """;

    private static final String REMOVE_SOME = """
            DELETE FROM upload_object
            WHERE upload_id = ? AND storage_key = ANY (?)
            RETURNING storage_key, multipart_upload_id, size
            """;

    private static final String REMOVE_ALL = """
            DELETE FROM upload_object
            WHERE upload_id = ?
            RETURNING storage_key, multipart_upload_id, size
            """;

    /** Lets the session's object lie at another key; the key before stays named. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean moveTarget(Transaction transaction, UploadRow upload, BlobKey key) {
        return transaction.change(GIVE_UP_TARGET, upload.id().value(), upload.epoch()) == 1
                && transaction.change(SET_TARGET, key.value(), upload.id().value(), upload.epoch()) == 1;
    }

    /** Says that the session's object is written as a multipart upload; an empty id is not known yet. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean multipart(Transaction transaction, UploadRow upload, Optional<String> id) {
        return transaction.change(SET_MULTIPART, id.orElse(""), upload.id().value(), upload.epoch()) == 1;
    }

    /** Changes the store's words of the session's last point. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean state(Transaction transaction, UploadRow upload, String state) {
        return transaction.change(SET_STATE, state, upload.id().value(), upload.epoch()) == 1;
    }

    /** Says that all bytes are in the store and are about to become the object. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean complete(Transaction transaction, UploadRow upload, Point point) {
        return transaction.change(
                        SET_COMPLETION,
                        point.offset(),
                        point.storeState(),
                        point.prefix().map(Digest::toString),
                        upload.id().value(),
                        upload.epoch())
                == 1;
    }

    /** Names a further object of the session. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public boolean add(Transaction transaction, UploadRow upload, BlobKey key, long size) {
        return transaction.change(NEW_OBJECT, key.value(), size, upload.id().value(), upload.epoch()) == 1;
    }

    /** No longer names these objects of a session that the caller holds, and tells what was named. */
    @AcrossTenants("the session was found in its repository when its epoch was taken")
    public List<LeftObject> remove(Transaction transaction, UploadRow upload, List<BlobKey> keys) {
        return transaction.all(
                REMOVE_SOME,
                row -> object(row, 1),
                upload.id().value(),
                new TextArray(keys.stream().map(BlobKey::value).toList()));
    }

    @AcrossTenants("the session was found in its repository when its epoch was taken")
    static List<LeftObject> removeAll(Transaction transaction, UploadId upload) {
        return transaction.all(REMOVE_ALL, row -> object(row, 1), upload.value());
    }

    /** Key, multipart upload and size, from this column on. */
    static LeftObject object(ResultSet row, int column) throws SQLException {
        return new LeftObject(
                new BlobKey(row.getString(column)),
                Optional.ofNullable(row.getString(column + 1)),
                row.getLong(column + 2));
    }
}
