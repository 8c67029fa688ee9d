package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.LeftObject;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Takes rows of blobs away that no repository links, and condemns their objects.
 *
 * <p>Row before object: an orphan object is removed from its tombstone, an orphan row is a broken pull. Whoever pushes the
 * digest again makes another row and another object.
 */
@ApplicationScoped
class BlobCollector {

    private final BlobRowStore blobs;
    private final TombstoneStore tombstones;
    private final MoorageConfig config;

    BlobCollector(BlobRowStore blobs, TombstoneStore tombstones, MoorageConfig config) {
        this.blobs = blobs;
        this.tombstones = tombstones;
        this.config = config;
    }

    Outcome collect(Transaction transaction, Digest digest) {
        if (blobs.linked(transaction, digest)) {
            return new Outcome.Kept();
        }
        Optional<BlobRow> blob = blobs.lock(transaction, digest);
        // In a statement of its own, behind the lock: it sees every link that was committed meanwhile.
        if (blob.isEmpty() || blobs.linked(transaction, digest)) {
            return new Outcome.Kept();
        }
        blobs.remove(transaction, digest);
        tombstones.condemn(
                transaction,
                new LeftObject(blob.get().key(), blob.get().size()),
                config.collection().tombstoneDelay(),
                "no repository shows it");
        return new Outcome.Gone();
    }
}
