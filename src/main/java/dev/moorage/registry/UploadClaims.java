package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadStore;
import dev.moorage.name.UploadId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes an upload session for one request.
 *
 * <p>Where another request holds it, this waits longer than a lease, so that the lease of a dead holder lapses meanwhile. A holder that lives and moves keeps the session.
 */
@ApplicationScoped
class UploadClaims {

    private final Transactions transactions;
    private final Repositories repositories;
    private final UploadStore store;
    private final UploadTimes times;

    @Inject
    UploadClaims(Transactions transactions, Repositories repositories, UploadStore store) {
        this(transactions, repositories, store, UploadTimes.STANDARD);
    }

    UploadClaims(Transactions transactions, Repositories repositories, UploadStore store, UploadTimes times) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.store = store;
        this.times = times;
    }

    /** How often whoever has taken a session renews its lease. */
    Duration renewal() {
        return times.renewal();
    }

    UploadRow take(Grant grant, UploadId id) {
        long deadline = System.nanoTime() + times.patience().toNanos();
        while (true) {
            // Committed to the disk: an epoch that a failed database forgot could be taken twice.
            Optional<UploadRow> taken =
                    transactions.call(Durability.POWER_CUT, tx -> store.take(tx, grant.scope(), id));
            if (taken.isPresent()) {
                return taken.get();
            }
            UploadRow present =
                    transactions.read(tx -> store.find(tx, grant.scope(), id).orElseThrow(() -> unknown(tx, grant)));
            if (System.nanoTime() > deadline) {
                throw UploadService.outOfPlace("another request is writing to this upload", present);
            }
            LockSupport.parkNanos(times.retry().toNanos());
        }
    }

    /** What to answer where the repository has no such session: 401 where the grant counts no more. */
    RegistryException unknown(Transaction transaction, Grant grant) {
        repositories.demand(transaction, grant);
        return new UploadUnknown("no such upload in this repository");
    }
}
