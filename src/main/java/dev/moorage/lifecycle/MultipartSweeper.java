package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.blob.Unfinished;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Abandons the multipart uploads of the store that no row knows; any replica may, and several may at once.
 *
 * <p>What is abandoned could never be ended: only a row tells how. Objects that no row names are <em>not</em> removed here.
 * After the restore of an older database they are what was pushed since, and might be all that is left of it; only a person
 * who asks for it ({@code fsck --repair}) condemns them.
 */
@ApplicationScoped
public class MultipartSweeper {

    private static final Logger LOG = Logger.getLogger(MultipartSweeper.class);
    private static final int FAILURES_BORNE = 10;

    private final UnknownMultiparts multiparts;
    private final BlobStore blobs;
    private final StoreMarker marker;

    MultipartSweeper(UnknownMultiparts multiparts, BlobStore blobs, StoreMarker marker) {
        this.multiparts = multiparts;
        this.blobs = blobs;
        this.marker = marker;
    }

    /** Abandons all of them, unless the store may not be this database's, and answers how many; where the store fails, the next call goes on. */
    public int sweep(Grant grant) {
        if (!marker.allowsRemoval()) {
            return 0;
        }
        Sweep sweep = new Sweep();
        try {
            multiparts.each(looked -> {}, sweep::abandon);
        } catch (StoreFailure e) {
            LOG.warnf("The search for multipart uploads that no row knows was broken off: %s", e.getMessage());
        }
        if (sweep.abandoned > 0) {
            LOG.infof("%s: abandoned %d multipart uploads", grant.caller().account(), sweep.abandoned);
        }
        return sweep.abandoned;
    }

    private final class Sweep {
        private int abandoned;
        private int failures;

        /** One that cannot be abandoned does not hold up the others; a store that is away does. */
        void abandon(Unfinished one) {
            try {
                blobs.abandon(one.key(), Optional.of(one.id()));
                abandoned++;
            } catch (StoreFailure e) {
                failures++;
                if (failures > FAILURES_BORNE) {
                    throw e;
                }
                LOG.warnf("A multipart upload of %s cannot be abandoned: %s", one.key(), e.getMessage());
            }
        }
    }
}
