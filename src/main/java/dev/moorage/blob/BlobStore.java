package dev.moorage.blob;

import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The only door to the bytes of blobs.
 *
 * <p>A key names one object, written once, at its final place. Every failure of the store other than an absent object is
 * a {@link StoreFailure}; a call may be repeated after one. Implementations are safe for use by many threads.
 */
public interface BlobStore {

    /** The most bytes of a mark. */
    int LONGEST_MARK = 1024;

    /**
     * Opens an object for writing, from its first byte or from a resume point.
     *
     * @param key the object's final key, already named by a row
     * @param from where an earlier writer of this key stood; {@link ResumePoint#START} for a new object
     * @param journal told of each intent before the bytes it names are written
     * @return the writer, which the caller closes
     * @throws ResumePointLost when the store holds fewer bytes than the resume point claims
     * @throws KeyInUse when another writer, of this process or another one, has the object open, where the store can tell
     * @throws StoreBusy when there is no memory for the bytes
     * @throws ObjectTooLarge when so many bytes are announced that they fit in no object
     */
    BlobWriter open(BlobKey key, ResumePoint from, WriteJournal journal);

    /**
     * Whether the bytes before a resume point are surely those that its writer appended.
     *
     * <p>Where they are not (they were with a kernel that has gone since), the caller compares their digest with the one
     * it recorded before it builds on them; {@link VerifyingWriter} does.
     */
    default boolean trusts(ResumePoint from) {
        return from.offset() == 0;
    }

    /**
     * The bytes of an object, or a part of it.
     *
     * @param range the part; empty for the whole
     * @return empty where no such object is
     * @throws StoreFailure when the object ends before the range does
     */
    Optional<BlobBody> read(BlobKey key, Optional<ByteRange> range);

    /**
     * A short-lived address from which anybody can fetch the whole object, for whom the settings want that.
     *
     * @param size the number of its bytes
     * @return empty where the bytes go through {@link #read}; an address opens this one key, for reading only
     */
    default Optional<URI> redirect(BlobKey key, long size) {
        return Optional.empty();
    }

    /** The size of an object in bytes; empty where no such object is. */
    OptionalLong stat(BlobKey key);

    /** Removes an object; an absent one is a success. */
    void delete(BlobKey key);

    /**
     * Removes what a writer began at a key and never ended; nothing there is a success.
     *
     * @param id how the store calls it; empty for everything that was begun at this key
     */
    default void abandon(BlobKey key, Optional<String> id) {}

    /**
     * What writers began and never ended, in a fixed order, for the sweeper only.
     *
     * @param after the last of the page before; empty for the first page
     * @param limit how many at most, 1 or more
     * @return fewer than {@code limit} only at the end
     */
    default List<Unfinished> unfinished(Optional<Unfinished> after, int limit) {
        return List.of();
    }

    /**
     * Keys in ascending order, for the sweeper and for checks only.
     *
     * @param after the last key of the page before; empty for the first page
     * @param limit how many at most, 1 or more
     * @return fewer than {@code limit} only at the end
     */
    List<BlobKey> list(Optional<BlobKey> after, int limit);

    /**
     * The text that the last {@link #mark} wrote, through whichever replica; empty where none did.
     *
     * @return its first {@value #LONGEST_MARK} bytes, where somebody else wrote more
     */
    Optional<String> marker();

    /**
     * Writes a text at a fixed place in the store, where no blob can be and no list looks, over the one before: a reader sees
     * the one or the other.
     *
     * @param text at most {@value #LONGEST_MARK} bytes of ASCII
     */
    void mark(String text);

    /**
     * Asks whether the store is there, in some two seconds where it can be asked so; no more than that is promised of it.
     *
     * @throws StoreFailure where it is not, or does not say so in time
     */
    void probe();
}
