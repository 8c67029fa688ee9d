package dev.moorage.blob;

/** How the copying of a client's bytes ended. */
public sealed interface Transfer {

    /** The number of bytes that went into the store. */
    long bytes();

    /**
     * The client's bytes ended.
     *
     * @param bytes the number of bytes that went into the store
     */
    record Ended(long bytes) implements Transfer {}

    /**
     * The client sent more than the limit; the rest was not read.
     *
     * @param bytes the number of bytes that went into the store, which is the limit
     */
    record OverLimit(long bytes) implements Transfer {}
}
