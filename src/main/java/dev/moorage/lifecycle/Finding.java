package dev.moorage.lifecycle;

import dev.moorage.metadata.BlobRow;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;

/** Something that does not fit together between the rows and the store. */
public sealed interface Finding {

    /** What was done about it. */
    enum Repair {
        NONE,
        DONE
    }

    /** The number of bytes that are missing, wrong or too many, as far as that is known. */
    long bytes();

    /** What was done about it; nothing that a row names is ever touched. */
    default Repair repair() {
        return Repair.NONE;
    }

    /**
     * A blob without its object.
     *
     * @param row the blob
     */
    record ObjectAbsent(BlobRow row) implements Finding {
        @Override
        public long bytes() {
            return row.size();
        }
    }

    /**
     * A blob whose object is shorter or longer.
     *
     * @param row the blob
     * @param stored the size of the object
     */
    record SizeDiffers(BlobRow row, long stored) implements Finding {
        @Override
        public long bytes() {
            return row.size();
        }
    }

    /**
     * A blob whose object holds other bytes.
     *
     * @param row the blob
     * @param stored the digest of the object
     */
    record DigestDiffers(BlobRow row, Digest stored) implements Finding {
        @Override
        public long bytes() {
            return row.size();
        }
    }

    /**
     * A blob whose object is there and cannot be read to its end.
     *
     * @param row the blob
     * @param reason the store's own words
     */
    record Unreadable(BlobRow row, String reason) implements Finding {
        @Override
        public long bytes() {
            return row.size();
        }
    }

    /**
     * A store that may not be this database's.
     *
     * @param because what is wrong with its mark
     * @param repair whether it is marked as this database's now
     */
    record MarkDiffers(String because, Repair repair) implements Finding {
        @Override
        public long bytes() {
            return 0;
        }
    }

    /**
     * An object that no row names.
     *
     * @param key the object
     * @param bytes its size
     * @param repair whether it was condemned
     */
    record ObjectUnnamed(BlobKey key, long bytes, Repair repair) implements Finding {}

    /**
     * A multipart upload that no row knows.
     *
     * @param key the object that it would become
     * @param id how the store calls it
     * @param repair whether it was abandoned
     */
    record MultipartUnknown(BlobKey key, String id, Repair repair) implements Finding {
        @Override
        public long bytes() {
            return 0;
        }
    }
}
