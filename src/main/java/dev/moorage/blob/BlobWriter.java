package dev.moorage.blob;

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
