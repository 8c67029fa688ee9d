package dev.moorage.registry;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.LookUps;
import dev.moorage.metadata.ManifestRow;
import dev.moorage.metadata.ManifestStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.BlobBody;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Reads manifests and blobs: one statement each, and no write but the lease of what a pusher was told exists. */
@Singleton
public class PullService {

    private static final Logger LOG = Logger.getLogger(PullService.class);

    private final Transactions transactions;
    private final LookUps lookUps;
    private final Repositories repositories;
    private final ManifestStore manifests;
    private final LinkStore links;
    private final BlobStore blobs;
    private final PullCounter counter;

    PullService(
            Transactions transactions,
            LookUps lookUps,
            Repositories repositories,
            ManifestStore manifests,
            LinkStore links,
            BlobStore blobs,
            PullCounter counter) {
        this.transactions = transactions;
        this.lookUps = lookUps;
        this.repositories = repositories;
        this.manifests = manifests;
        this.links = links;
        this.blobs = blobs;
        this.counter = counter;
    }

    /** A manifest with its exact bytes (OCI distribution specification, "Pulling manifests"), which is counted as its pull. */
    public FoundManifest manifest(Grant grant, Reference reference) {
        ManifestRow row = lookUps.manifest(grant.scope(), reference).orElseThrow(() -> unknown(grant, reference));
        counter.count(row.repository(), row.digest());
        return found(row);
    }

    /**
     * What is known of a manifest without its bytes ("Checking if content exists in the registry").
     *
     * <p>What a pusher is told exists stays for a day at least: the answer renews the manifest's lease.
     */
    public FoundManifest manifestHead(Grant grant, Reference reference) {
        ManifestRow found = head(grant, reference);
        if (!found.leaseStale() || !grant.allows(Action.PUSH)) {
            return found(found);
        }
        // No row was renewed: it was hidden meanwhile, or is another one now.
        boolean renewed = transactions.once(tx -> manifests.renewLease(tx, found.repository(), found.digest()));
        return found(renewed ? found : head(grant, reference));
    }

    /** A blob of the repository ("Pulling blobs"). */
    public FoundBlob blob(Grant grant, Digest digest) {
        return found(visible(grant, digest).blob());
    }

    /**
     * What is known of a blob without its bytes ("Checking if content exists in the registry").
     *
     * <p>What a pusher is told exists stays for a day at least: the answer renews the link's lease.
     */
    public FoundBlob blobHead(Grant grant, Digest digest) {
        LinkStore.Visible found = visible(grant, digest);
        boolean renew = found.leaseStale() && grant.allows(Action.PUSH);
        boolean hidden = renew && !transactions.once(tx -> links.renewLease(tx, found.repository(), digest));
        return found((hidden ? visible(grant, digest) : found).blob());
    }

    /** The bytes of a blob that {@link #blob} answered, or a part of them, or where the client is to fetch them. */
    public BlobBody read(Grant grant, FoundBlob blob, Optional<ByteRange> range) {
        try {
            Optional<BlobBody> elsewhere =
                    blobs.redirect(blob.key(), blob.size()).map(BlobBody.Redirect::new);
            return elsewhere.or(() -> whole(blob, range)).orElseThrow(() -> {
                // The blob is known and its bytes are not there: that is the store's fault, and may be a disk away.
                LOG.errorf("The object %s of blob %s is absent", blob.key(), blob.digest());
                return new Unavailable("the blob store has lost the bytes, or is not there");
            });
        } catch (StoreFailure e) {
            LOG.warnf("The object %s cannot be read: %s", blob.key(), e.getMessage());
            throw new Unavailable("the blob store does not answer");
        }
    }

    /** Never fewer bytes than were pushed: the client is told the length of what is there. */
    private Optional<BlobBody> whole(FoundBlob blob, Optional<ByteRange> range) {
        Optional<BlobBody> body = blobs.read(blob.key(), range);
        long wanted = range.map(ByteRange::length).orElse(blob.size());
        body.ifPresent(found -> demand(found, wanted));
        return body;
    }

    private static void demand(BlobBody body, long wanted) {
        long length =
                switch (body) {
                    case BlobBody.Stream stream -> stream.length();
                    case BlobBody.Bytes whole -> whole.bytes().length;
                    // Sending fails where a file ends before its region does.
                    case BlobBody.FileRegion _, BlobBody.Redirect _ -> wanted;
                };
        if (length != wanted) {
            if (body instanceof BlobBody.Stream stream) {
                close(stream);
            }
            throw new StoreFailure("%d bytes are there instead of %d".formatted(length, wanted));
        }
    }

    private static void close(BlobBody.Stream stream) {
        try {
            stream.bytes().close();
        } catch (IOException e) {
            LOG.debugf("A download was not closed: %s", e.getMessage());
        }
    }

    private static FoundBlob found(BlobRow row) {
        return new FoundBlob(row.digest(), row.size(), row.key());
    }

    private static FoundManifest found(ManifestRow row) {
        return new FoundManifest(row.digest(), row.mediaType(), row.size(), row.payload());
    }

    private ManifestRow head(Grant grant, Reference reference) {
        return lookUps.head(grant.scope(), reference).orElseThrow(() -> unknown(grant, reference));
    }

    private LinkStore.Visible visible(Grant grant, Digest digest) {
        return lookUps.blob(grant.scope(), digest)
                .orElseThrow(() -> repositories.absent(grant, new BlobUnknown(digest)))
                .blob()
                .orElseThrow(() -> new BlobUnknown(digest));
    }

    private RuntimeException unknown(Grant grant, Reference reference) {
        return repositories.absent(grant, new ManifestUnknown(reference.toString()));
    }
}
