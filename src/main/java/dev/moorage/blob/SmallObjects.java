package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Small objects that the database keeps: each came, whole, with the row that names it. */
public interface SmallObjects {

    /** What a {@link ResumePoint} says of the store where the bytes so far are a row. */
    static String state(BlobKey row) {
        return RowWriter.state(row);
    }

    /** The bytes of an object; empty where no such object is. */
    Optional<byte[]> read(BlobKey key);

    /** The size of an object in bytes; empty where no such object is. */
    OptionalLong stat(BlobKey key);

    /** Removes an object; an absent one is a success. */
    void delete(BlobKey key);

    /**
     * Keys in ascending order.
     *
     * @param after the last key of the page before; empty for the first page
     * @param limit how many at most, 1 or more
     * @return fewer than {@code limit} only at the end
     */
    List<BlobKey> list(Optional<BlobKey> after, int limit);
}
