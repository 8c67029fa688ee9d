package dev.moorage.metadata;

import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;

/**
 * A live blob: which object holds the bytes of a digest.
 *
 * @param digest the digest of the bytes
 * @param size the number of bytes
 * @param key the object
 */
public record BlobRow(Digest digest, long size, BlobKey key) {}
