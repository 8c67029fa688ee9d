package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.function.Consumer;

/**
 * One object on its way in. Used by one thread at a time; {@link #close()} always follows and never removes bytes that a
 * resume point names.
 */
public interface BlobWriter extends AutoCloseable {

    /** Appends bytes; the buffer is the caller's again when the call returns. */
    void append(byte[] buffer, int offset, int length);

    /** The number of bytes appended so far, those before the resume point included. */
    long offset();

    /**
     * Makes what was appended so far survive the end of this process (not a power cut).
     *
     * @return where a later writer of this key can go on
     */
    ResumePoint durable();

    /** Where the object will lie once it is committed; it may move with every other call. */
    BlobKey key();

    /** How many bytes can be appended before {@link #mark} is possible; a store where it always is says the most. */
    default long untilMark() {
        return Long.MAX_VALUE;
    }

    /** Whether {@link #mark} is possible after what was appended so far. */
    default boolean atMark() {
        return true;
    }

    /**
     * Asks to be told, now or during a later call, where a later writer could go on, once the bytes appended so far
     * survive the end of this process; costs less than {@link #durable}.
     *
     * @param durable takes the resume point, on the caller's own thread; what it throws ends the call that it is made in
     */
    default void mark(Consumer<ResumePoint> durable) {
        durable.accept(durable());
    }

    /**
     * Tells of a {@link #mark} whose bytes survive by now, so that it need not wait for the next call; any thread may call
     * it while no other call is under way. What the mark's taker throws, it throws.
     */
    default void settle() {}

    /** Makes the whole object survive a power cut; after it only {@link #close()} may be called. */
    void commit();

    /** Gives the object up and removes what of it can be removed at once; after it only {@link #close()} may be called. */
    void abort();

    /**
     * Lets go of files and locks; without {@link #commit()} the bytes stay for a later writer.
     *
     * <p>Any thread may call it, as when the session went to another request: a call under way ends first, and every later
     * one is a {@link StoreFailure} that touches nothing.
     */
    @Override
    void close();
}
