package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.Optional;

/** What a writer is about to leave in the store, so that a row names it before its first byte. */
public sealed interface WriteIntent {

    /**
     * The object will lie at another key than before; the key before stays named, as the key of an object to remove.
     *
     * @param key the key from now on
     */
    record Target(BlobKey key) implements WriteIntent {}

    /**
     * The object is about to be written as a multipart upload.
     *
     * @param id how the store calls it; empty while it is about to be begun
     */
    record Multipart(Optional<String> id) implements WriteIntent {}

    /**
     * A further object is about to be written, which holds bytes that fill no part yet.
     *
     * @param key its key
     * @param size the number of its bytes
     */
    record Tail(BlobKey key, long size) implements WriteIntent {}

    /**
     * The store's words of the last recorded resume point become others; its offset stays.
     *
     * @param store {@link ResumePoint#store()} from now on
     */
    record State(String store) implements WriteIntent {}

    /**
     * All bytes are in the store and are about to become the object; from now on it can only be committed.
     *
     * @param size the number of bytes, which the upload's offset becomes
     * @param store {@link ResumePoint#store()} from now on
     */
    record Completion(long size, String store) implements WriteIntent {}
}
