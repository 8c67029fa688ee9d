package dev.moorage.blob;

import dev.moorage.name.Digest;
import java.util.Optional;

/**
 * All that another process needs to go on with an object, or to commit it as it is.
 *
 * @param point where the store stands
 * @param prefix the digest of the bytes before that point
 * @param hashState {@link ContentHash#state()} at that point; empty where it cannot be had
 */
public record Snapshot(ResumePoint point, Digest prefix, Optional<byte[]> hashState) {

    /** Nothing was written yet. */
    public static Snapshot start(Digest.Algorithm algorithm) {
        return new Snapshot(ResumePoint.START, ContentHash.start(algorithm).peek(), Optional.empty());
    }
}
