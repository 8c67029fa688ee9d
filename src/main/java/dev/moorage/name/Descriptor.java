package dev.moorage.name;

/**
 * What one manifest says of another piece of content (OCI image specification, descriptor).
 *
 * @param mediaType the type of the content
 * @param digest the digest of the content
 * @param size the size of the content in bytes, 0 or more
 */
public record Descriptor(MediaType mediaType, Digest digest, long size) {

    /** Refuses a negative size. */
    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("a size is 0 or more");
        }
    }
}
