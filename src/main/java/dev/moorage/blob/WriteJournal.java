package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a writer knows of the upload it works for, and the place where it says what it is about to write, so that every
 * object has a row that names it before its first byte.
 */
public interface WriteJournal {

    /** For stores whose key alone, which the caller's row already names, covers everything that a writer leaves. */
    WriteJournal NONE = intent -> {};

    /**
     * Records an intent so that it survives a power cut; the writer goes on only when this returns.
     *
     * @param intent what is about to be written
     */
    void intend(WriteIntent intent);

    /** Which request of the upload writes: 1 or more, and no two requests have the same. */
    default long epoch() {
        return 1;
    }

    /** How many bytes will be appended; empty where nobody knows. */
    default OptionalLong announced() {
        return OptionalLong.empty();
    }

    /** A key that was never used. */
    default BlobKey newKey() {
        return BlobKey.of(UUID.randomUUID());
    }
}
