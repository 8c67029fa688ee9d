package dev.moorage.metadata;

import dev.moorage.name.BlobKey;
import java.util.Optional;

/**
 * An object that may be in the store and that nobody needs.
 *
 * @param key its key
 * @param multipart what a writer began there and may never have ended: the store's name of it, or an empty text where that
 *     was never learnt
 * @param size the number of bytes known to be in it
 */
public record LeftObject(BlobKey key, Optional<String> multipart, long size) {

    /** An object that was written whole, or not at all. */
    public LeftObject(BlobKey key, long size) {
        this(key, Optional.empty(), size);
    }
}
