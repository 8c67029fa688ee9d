package dev.moorage.metadata;

import dev.moorage.name.BlobKey;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The bytes of small blobs; what writes them is {@link FreshBlobStore}. */
@Singleton
public class SmallObjectStore {

    private static final String READ = """
            SELECT bytes
            FROM small_object
            WHERE storage_key = ?
            """;

    private static final String SIZE = """
            SELECT octet_length(bytes)
            FROM small_object
            WHERE storage_key = ?
            """;

    private static final String DELETE = """
            DELETE FROM small_object
            WHERE storage_key = ?
            """;

    private static final String LIST = """
            SELECT storage_key
            FROM small_object
            WHERE storage_key > ?
            ORDER BY storage_key
            LIMIT ?
            """;

    /** The question for the bytes of an object. */
    @AcrossTenants("the key was read from the row of a blob that the caller may see")
    static Question<byte[]> toRead(BlobKey key) {
        return new Question<>(READ, row -> row.getBytes("bytes"), key.value());
    }

    /** The size of an object in bytes; empty where no such object is. */
    @AcrossTenants("the key was read from the row of a blob that the caller may see")
    public Optional<Long> size(Transaction transaction, BlobKey key) {
        return transaction.first(SIZE, row -> row.getLong(1), key.value());
    }

    /** Removes an object; false where it is not there. */
    @AcrossTenants("a queue, worked off by any replica")
    public boolean delete(Transaction transaction, BlobKey key) {
        return transaction.change(DELETE, key.value()) == 1;
    }

    /** Keys in ascending order, after this one; fewer than the limit only at the end. */
    @AcrossTenants("a check of the whole store")
    public List<BlobKey> list(Transaction transaction, Optional<BlobKey> after, int limit) {
        return transaction.all(
                LIST,
                row -> new BlobKey(row.getString(1)),
                after.map(BlobKey::value).orElse(""),
                limit);
    }
}
