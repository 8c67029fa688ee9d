package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.time.Instant;

/**
 * Something that a writer began in the store and that is no object yet.
 *
 * @param key the object that it would become
 * @param id how the store calls it
 * @param begun when, by the store's clock
 */
public record Unfinished(BlobKey key, String id, Instant begun) {}
