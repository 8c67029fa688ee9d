package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadStore;
import dev.moorage.metadata.UploadStore.Abandoned;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/** Ends upload sessions whose time is over; any replica may, and several may at once. */
@ApplicationScoped
public class UploadReaper {

    private static final Logger LOG = Logger.getLogger(UploadReaper.class);
    private static final int BATCH = 100;

    private final Transactions transactions;
    private final UploadStore uploads;
    private final TombstoneStore tombstones;
    private final StoreMarker marker;
    private final MoorageConfig.Uploads config;

    UploadReaper(
            Transactions transactions,
            UploadStore uploads,
            TombstoneStore tombstones,
            StoreMarker marker,
            MoorageConfig config) {
        this.transactions = transactions;
        this.uploads = uploads;
        this.tombstones = tombstones;
        this.marker = marker;
        this.config = config.uploads();
    }

    /**
     * Ends all sessions that have expired, each batch in a transaction of its own, and answers how many; none where the store
     * may not be this database's, for what an older state calls a session may be a blob by now.
     */
    public int reap(Grant grant) {
        if (!marker.allowsRemoval()) {
            return 0;
        }
        int ended = 0;
        int batch;
        do {
            batch = transactions.call(Durability.POWER_CUT, tx -> {
                List<Abandoned> expired = uploads.deleteExpired(tx, BATCH);
                expired.forEach(gone -> gone.object()
                        .ifPresent(
                                object -> tombstones.condemn(tx, object, config.removalDelay(), "the upload expired")));
                return (int) expired.stream().map(Abandoned::upload).distinct().count();
            });
            ended += batch;
        } while (batch == BATCH);
        if (ended > 0) {
            LOG.infof("%s: ended %d upload sessions", grant.caller().account(), ended);
        }
        return ended;
    }
}
