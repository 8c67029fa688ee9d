package dev.moorage.registry;

import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;

/**
 * A blob that the repository shows.
 *
 * @param digest the digest of its bytes
 * @param size the number of its bytes
 * @param key the object that holds them
 */
public record FoundBlob(Digest digest, long size, BlobKey key) {}
