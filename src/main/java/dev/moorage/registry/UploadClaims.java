package dev.moorage.registry;

import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadStore;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.UploadId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes an upload session for one request.
 *
 * <p>Where another request holds it, this waits up to 12 s: longer than a lease, so that the lease of a dead holder lapses
 * meanwhile. A holder that lives and moves keeps the session.
 */
@ApplicationScoped
class UploadClaims {

    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(12);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Transactions transactions;
    private final UploadStore store;

    UploadClaims(Transactions transactions, UploadStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    UploadRow take(RepositoryName repository, UploadId id) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (true) {
            // Committed to the disk: an epoch that a failed database forgot could be taken twice.
            Optional<UploadRow> taken = transactions.call(Durability.POWER_CUT, tx -> store.take(tx, repository, id));
            if (taken.isPresent()) {
                return taken.get();
            }
            UploadRow present =
                    transactions.read(tx -> store.find(tx, repository, id)).orElseThrow(UploadClaims::unknown);
            if (System.nanoTime() > deadline) {
                throw UploadService.outOfPlace("another request is writing to this upload", present);
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    static UploadUnknown unknown() {
        return new UploadUnknown("no such upload in this repository");
    }
}
