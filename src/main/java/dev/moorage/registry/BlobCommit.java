package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.FreshBlobStore;
import dev.moorage.metadata.FreshBlobStore.Ended;
import dev.moorage.metadata.Gatherings;
import dev.moorage.metadata.LeftObject;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadStore;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.registry.ByteQuota.Wanted;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * Makes the object of an upload a blob, or drops it where the digest has a good object already.
 *
 * <p>The store is asked about the present object outside of any transaction; the transaction then acts only if the row
 * still names the object that was asked about.
 */
@Singleton
class BlobCommit {

    private static final Logger LOG = Logger.getLogger(BlobCommit.class);

    private final Transactions transactions;
    private final Repositories repositories;
    private final ByteQuota quota;
    private final BlobRowStore rows;
    private final FreshBlobStore fresh;
    private final LinkStore links;
    private final LinkWriter linkWriter;
    private final TombstoneStore tombstones;
    private final UploadStore uploads;
    private final BlobStore blobs;
    private final Duration removalDelay;
    private final Gatherings<Ended, Boolean> together;

    BlobCommit(
            Transactions transactions,
            Repositories repositories,
            ByteQuota quota,
            BlobRowStore rows,
            FreshBlobStore fresh,
            LinkStore links,
            LinkWriter linkWriter,
            TombstoneStore tombstones,
            UploadStore uploads,
            BlobStore blobs,
            MoorageConfig config) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.quota = quota;
        this.rows = rows;
        this.fresh = fresh;
        this.links = links;
        this.linkWriter = linkWriter;
        this.tombstones = tombstones;
        this.uploads = uploads;
        this.blobs = blobs;
        this.removalDelay = config.uploads().removalDelay();
        this.together = new Gatherings<>(ended -> transactions.once(tx -> fresh.commit(tx, ended, false)).stream()
                .map(done -> Optional.of(done).filter(Boolean::booleanValue))
                .toList());
    }

    /** What the store says of the object that the digest's row names. */
    private sealed interface Present {
        /** There was no row. */
        record Nothing() implements Present {}

        /** The object is there and of the right size. */
        record Good(BlobKey key) implements Present {}

        /** The object is absent or of another size. */
        record Broken(BlobKey key) implements Present {}
    }

    /** Commits; it returns when the blob survives a power cut. 403 where the organization's quota does not hold it. */
    void commit(Grant grant, UploadRow upload, BlobRow mine) {
        boolean done = fresh(new Ended(grant.scope(), upload, mine), grant);
        while (!done) {
            Present present = look(mine.digest(), mine.size());
            done = transactions.call(Durability.POWER_CUT, tx -> commit(tx, grant, upload, mine, present));
        }
    }

    /** Renews the lease of a blob that the repository shows; false where it shows none. */
    boolean renew(Grant grant, Digest digest) {
        return transactions.call(Durability.POWER_CUT, tx -> links.find(tx, grant.scope(), digest)
                .filter(found -> links.renewLease(tx, found.repository(), digest))
                .isPresent());
    }

    /** False where the digest has a row: nearly always it has none, and a statement that finds that out is saved. */
    private boolean fresh(Ended ended, Grant grant) {
        if (ended.upload().quotaBytes().isEmpty()) {
            return together.of(ended.repository()).ask(ended).isPresent();
        }
        return transactions.call(Durability.POWER_CUT, tx -> {
            reserve(tx, grant, ended.upload(), ended.blob());
            return fresh.commit(tx, List.of(ended), true).getFirst();
        });
    }

    private void reserve(Transaction transaction, Grant grant, UploadRow upload, BlobRow mine) {
        quota.reserve(
                transaction,
                repositories.keep(transaction, upload.repository(), grant),
                new Wanted.Blob(mine.digest(), mine.size()));
    }

    private static RegistryException overtaken(UploadRow upload) {
        return UploadService.outOfPlace("another request goes on with this upload", upload);
    }

    private Present look(Digest digest, long size) {
        Optional<BlobRow> row = transactions.read(tx -> rows.find(tx, digest));
        if (row.isEmpty()) {
            return new Present.Nothing();
        }
        BlobKey key = row.get().key();
        try {
            OptionalLong stored = blobs.stat(key);
            boolean good = stored.isPresent() && stored.getAsLong() == size;
            return good ? new Present.Good(key) : new Present.Broken(key);
        } catch (StoreFailure e) {
            LOG.warnf("The object %s cannot be looked at: %s", key, e.getMessage());
            throw new Unavailable("the blob store does not answer");
        }
    }

    /** False where the row has come or changed since the store was asked: the caller looks again. */
    private boolean commit(Transaction transaction, Grant grant, UploadRow upload, BlobRow mine, Present present) {
        reserve(transaction, grant, upload, mine);
        links.lock(transaction, upload.repository(), mine.digest());
        if (!settle(transaction, mine, present)) {
            return false;
        }
        linkWriter.link(transaction, upload.repository(), mine);
        uploads.finish(transaction, upload, mine)
                .orElseThrow(() -> overtaken(upload))
                .forEach(left -> condemn(transaction, left, "the upload became a blob"));
        return true;
    }

    private boolean settle(Transaction transaction, BlobRow mine, Present present) {
        if (rows.insert(transaction, mine)) {
            return true;
        }
        // Never shared first and updated then: two pushers that repair the same blob would wait for each other.
        Optional<BlobRow> row = present instanceof Present.Broken
                ? rows.lock(transaction, mine.digest())
                : rows.share(transaction, mine.digest());
        if (row.isEmpty()) {
            return false;
        }
        BlobKey named = row.get().key();
        return switch (present) {
            case Present.Nothing _ -> false;
            case Present.Good(BlobKey key)
            when key.equals(named) -> {
                condemn(transaction, new LeftObject(mine.key(), mine.size()), "the digest has an object already");
                yield true;
            }
            case Present.Broken(BlobKey key) when key.equals(named) -> replace(transaction, mine, row.get());
            case Present.Good _, Present.Broken _ -> false;
        };
    }

    private boolean replace(Transaction transaction, BlobRow mine, BlobRow broken) {
        if (!rows.move(transaction, mine, broken.key())) {
            return false;
        }
        LOG.errorf(
                "The object %s of blob %s was absent or of another size; a new push has replaced it by %s",
                broken.key(), mine.digest(), mine.key());
        condemn(transaction, new LeftObject(broken.key(), broken.size()), "the object was absent or of another size");
        return true;
    }

    /** Condemns the objects of a session that is no more. */
    void condemn(Transaction transaction, List<UploadStore.Abandoned> abandoned, String why) {
        abandoned.forEach(gone -> gone.object().ifPresent(object -> condemn(transaction, object, why)));
    }

    /** Ends a session that the request holds; false where it is gone or another request holds it. */
    boolean condemnHeld(Transaction transaction, UploadRow upload, String why) {
        List<UploadStore.Abandoned> abandoned = uploads.deleteHeld(transaction, upload);
        condemn(transaction, abandoned, why);
        return !abandoned.isEmpty();
    }

    private void condemn(Transaction transaction, LeftObject object, String why) {
        tombstones.condemn(transaction, object, removalDelay, why);
    }
}
