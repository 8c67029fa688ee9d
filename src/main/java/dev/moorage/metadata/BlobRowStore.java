package dev.moorage.metadata;

import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The rows of live blobs, one a digest, whoever pushed it. */
@Singleton
public class BlobRowStore {

    private static final String BLOB_OF_DIGEST = """
            SELECT digest, size, storage_key
            FROM blob
            WHERE digest = ?
            """;

    private static final String BLOB_OF_DIGEST_SHARED = BLOB_OF_DIGEST + "FOR SHARE";

    private static final String BLOB_OF_DIGEST_TO_MOVE = BLOB_OF_DIGEST + "FOR UPDATE";

    private static final String NEW_BLOB = """
            INSERT INTO blob (digest, size, storage_key)
            VALUES (?, ?, ?)
            ON CONFLICT (digest) DO NOTHING
            """;

    private static final String MOVE_TO_OTHER_OBJECT = """
            UPDATE blob
            SET storage_key = ?, size = ?
            WHERE digest = ? AND storage_key = ?
            """;

    // Any would do; with an order the planner walks the index, and does not hope to meet one in the whole table soon.
    private static final String LINKED = """
            SELECT true
            FROM repository_blob
            WHERE digest = ?
            ORDER BY organization_id, repository_id
            LIMIT 1
            """;

    private static final String REMOVE = """
            DELETE FROM blob
            WHERE digest = ?
            """;

    /** The blob of a digest. */
    @AcrossTenants("bytes are kept once for all tenants; what makes them visible is the link")
    public Optional<BlobRow> find(Transaction transaction, Digest digest) {
        return transaction.first(BLOB_OF_DIGEST, BlobRowStore::row, digest.toString());
    }

    /** The blob of a digest, kept from being taken away until the transaction ends. */
    @AcrossTenants("bytes are kept once for all tenants; what makes them visible is the link")
    public Optional<BlobRow> share(Transaction transaction, Digest digest) {
        return transaction.first(BLOB_OF_DIGEST_SHARED, BlobRowStore::row, digest.toString());
    }

    /** The blob of a digest, locked for {@link #move} or {@link #remove}. */
    @AcrossTenants("bytes are kept once for all tenants; what makes them visible is the link")
    public Optional<BlobRow> lock(Transaction transaction, Digest digest) {
        return transaction.first(BLOB_OF_DIGEST_TO_MOVE, BlobRowStore::row, digest.toString());
    }

    /** Makes the row; false where the digest has one already. */
    @AcrossTenants("bytes are kept once for all tenants; what makes them visible is the link")
    public boolean insert(Transaction transaction, BlobRow blob) {
        return transaction.change(
                        NEW_BLOB,
                        blob.digest().toString(),
                        blob.size(),
                        blob.key().value())
                == 1;
    }

    /** Lets the row name another object, if it still names the one that was found broken; false where it does not. */
    @AcrossTenants("bytes are kept once for all tenants; what makes them visible is the link")
    public boolean move(Transaction transaction, BlobRow blob, BlobKey broken) {
        return transaction.change(
                        MOVE_TO_OTHER_OBJECT,
                        blob.key().value(),
                        blob.size(),
                        blob.digest().toString(),
                        broken.value())
                == 1;
    }

    /** Whether any repository links the blob, visibly or not. */
    @AcrossTenants("bytes are kept once for all tenants; what keeps them is any link")
    public boolean linked(Transaction transaction, Digest digest) {
        return transaction.first(LINKED, _ -> true, digest.toString()).isPresent();
    }

    /** Removes the row of a locked blob without a link; the same transaction condemns its object. */
    @AcrossTenants("bytes are kept once for all tenants; what makes them visible is the link")
    public void remove(Transaction transaction, Digest digest) {
        transaction.change(REMOVE, digest.toString());
    }

    static BlobRow row(ResultSet row) throws SQLException {
        return new BlobRow(
                Digest.parse(row.getString("digest")).orElseThrow(),
                row.getLong("size"),
                new BlobKey(row.getString("storage_key")));
    }
}
