package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.TombstoneStore.Due;
import dev.moorage.metadata.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Removes objects whose tombstones are due.
 *
 * <p>An attempt is counted and put off before the object is touched, so a worker that dies leaves the tombstone to the next
 * one; the removal of an absent object is a success. An object that cannot be removed is tried again ever more rarely, at
 * least once a day, and does not hold up others.
 */
@ApplicationScoped
public class TombstoneSweeper {

    private static final Logger LOG = Logger.getLogger(TombstoneSweeper.class);
    private static final int BATCH = 100;
    private static final int ALARMING_ATTEMPTS = 10;

    private final Transactions transactions;
    private final TombstoneStore tombstones;
    private final BlobStore blobs;
    private final StoreMarker marker;

    TombstoneSweeper(Transactions transactions, TombstoneStore tombstones, BlobStore blobs, StoreMarker marker) {
        this.transactions = transactions;
        this.tombstones = tombstones;
        this.blobs = blobs;
        this.marker = marker;
    }

    /** Removes all objects whose time has come, and answers how many went; none where the store may not be this database's. */
    public int sweep(Grant grant) {
        if (!marker.allowsRemoval()) {
            return 0;
        }
        int removed = 0;
        List<Due> batch;
        do {
            batch = transactions.call(Durability.POWER_CUT, tx -> tombstones.takeDue(tx, BATCH));
            removed += (int) batch.stream().filter(this::remove).count();
        } while (batch.size() == BATCH);
        if (removed > 0) {
            LOG.infof("%s: removed %d objects", grant.caller().account(), removed);
        }
        return removed;
    }

    private boolean remove(Due due) {
        try {
            // First what was begun: ended late, it would become the object.
            due.multipart()
                    .ifPresent(id -> blobs.abandon(due.key(), Optional.of(id).filter(text -> !text.isEmpty())));
            blobs.delete(due.key());
        } catch (StoreFailure e) {
            LOG.logf(
                    due.attempts() >= ALARMING_ATTEMPTS ? Logger.Level.ERROR : Logger.Level.WARN,
                    "The object %s cannot be removed, attempt %d: %s",
                    due.key(),
                    due.attempts(),
                    e.getMessage());
            WorkMeter.notRemoved();
            return false;
        }
        // Object before tombstone: an object without a row would stay for ever.
        transactions.run(Durability.PROGRAM_END, tx -> tombstones.forget(tx, due.key()));
        WorkMeter.removed(due.size());
        return true;
    }
}
