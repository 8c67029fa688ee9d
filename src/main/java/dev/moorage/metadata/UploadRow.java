package dev.moorage.metadata;

import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.UploadId;
import java.util.Optional;

/**
 * An upload session as a request finds it.
 *
 * @param id its identity
 * @param repository where the blob will be linked
 * @param algorithm the digest that is made while bytes stream
 * @param key the object that takes the bytes; empty once the session is finished
 * @param point how far the bytes are durable
 * @param epoch which request holds the session: each takes the next
 * @param finished the blob that the session became
 * @param quotaBytes how many bytes the repository's organization may keep; empty for no limit
 */
public record UploadRow(
        UploadId id,
        RepositoryKey repository,
        Digest.Algorithm algorithm,
        Optional<BlobKey> key,
        Point point,
        long epoch,
        Optional<Digest> finished,
        Optional<Long> quotaBytes) {

    /**
     * How far the bytes of an upload are durable, and how its digest goes on from there.
     *
     * @param offset the number of bytes
     * @param storeState the store's own words
     * @param prefix the digest of these bytes; empty before the first one
     * @param hashState the inner state of the digest, where it could be had
     */
    public record Point(long offset, String storeState, Optional<Digest> prefix, Optional<byte[]> hashState) {

        /** Nothing is there yet. */
        public static final Point START = new Point(0, "", Optional.empty(), Optional.empty());
    }
}
