package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.access.Principal;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.error.RegistryException.UploadUnknown;
import dev.moorage.metadata.Gatherings;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadClaimStore;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadStore;
import dev.moorage.name.UploadId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes an upload session for one request.
 *
 * <p>A session is for who began it: to anybody else it is not there, even if he may push to the repository too. No client
 * goes on with what another one's credentials began. Where another request holds it, this waits longer than a lease, so that
 * the lease of a dead holder lapses meanwhile. A holder that lives and moves keeps the session.
 */
@Singleton
class UploadClaims {

    private static final long SECONDS_TO_WAIT = 10;

    private final Transactions transactions;
    private final Repositories repositories;
    private final UploadStore store;
    private final MoorageConfig.Uploads config;
    private final UploadTimes times;
    private final Gatherings<UploadClaimStore.Begin, UploadRow> begins;
    private final Gatherings<UploadClaimStore.Take, UploadRow> takes;

    @Inject
    UploadClaims(
            Transactions transactions,
            Repositories repositories,
            UploadStore store,
            UploadClaimStore claims,
            MoorageConfig config) {
        this(transactions, repositories, store, claims, config, UploadTimes.STANDARD);
    }

    UploadClaims(
            Transactions transactions,
            Repositories repositories,
            UploadStore store,
            UploadClaimStore claims,
            MoorageConfig config,
            UploadTimes times) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.store = store;
        this.config = config.uploads();
        this.times = times;
        this.begins = new Gatherings<>(asked -> transactions.once(
                tx -> claims.begin(tx, asked, this.config.expiry(), this.config.openPerOrganization())));
        this.takes = new Gatherings<>(asked -> transactions.once(tx -> claims.take(tx, asked)));
    }

    /** The session of this identity, as far as it is the caller's own. */
    static UploadStore.Session session(Grant grant, UploadId id) {
        return new UploadStore.Session(id, owner(grant));
    }

    /** A name that is nobody else's: two issuers may say the same of two jobs. */
    private static String owner(Grant grant) {
        return grant.principal() instanceof Principal.Job job
                ? "job:%d:%s".formatted(job.id().value(), job.subject())
                : grant.caller().account();
    }

    /**
     * Makes a session of the caller's; 429 where the organization has as many open as it may: what they hold counts against no
     * quota yet. The limit is passed by no more than begin at the same moment, who do not wait for each other.
     */
    void begin(Transaction transaction, UploadRow upload, Grant grant) {
        int limit = config.openPerOrganization();
        if (store.open(transaction, upload.repository().organization(), limit) >= limit) {
            throw new TooManyRequests(
                    "the organization has %d uploads open, as many as it may".formatted(limit), SECONDS_TO_WAIT);
        }
        store.insert(transaction, upload, owner(grant), config.expiry());
    }

    /**
     * Makes a session of the caller's in a repository that is there and whose organization has no quota, where it has not as many
     * open as it may: in one statement, with all that begin together. Empty where anything else is the case, and nothing was done.
     */
    Optional<UploadRow> begin(Grant grant, UploadStore.Wanted wanted) {
        return begins.of(grant.scope()).ask(new UploadClaimStore.Begin(grant.scope(), wanted, owner(grant)));
    }

    /** How often whoever has taken a session renews its lease. */
    Duration renewal() {
        return times.renewal();
    }

    /** The caller's session. */
    UploadRow find(Grant grant, UploadId id) {
        return transactions.read(
                tx -> store.find(tx, grant.scope(), session(grant, id)).orElseThrow(() -> unknown(tx, grant)));
    }

    /** The caller's session, for this request alone. */
    UploadRow take(Grant grant, UploadId id) {
        long deadline = System.nanoTime() + times.patience().toNanos();
        while (true) {
            // Committed to the disk: an epoch that a failed database forgot could be taken twice.
            Optional<UploadRow> taken =
                    takes.of(grant.scope()).ask(new UploadClaimStore.Take(grant.scope(), session(grant, id)));
            if (taken.isPresent()) {
                return taken.get();
            }
            UploadRow present = find(grant, id);
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
