package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.administration.Storage;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.StorageDayStore;
import dev.moorage.metadata.StorageReportStore;
import dev.moorage.metadata.StorageWalk;
import dev.moorage.metadata.StorageWalk.Slice;
import dev.moorage.metadata.StorageWalkStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.OrganizationId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Makes the reports of storage that are due, each in slices of a transaction, and locks nothing that a push or pull needs.
 *
 * <p>How far a report has got is a row, written with each slice: any replica goes on with it when the one that began has
 * died, and several may make several reports at once. One that fails is tried again ever more rarely, at least once a day.
 */
@ApplicationScoped
public class StorageReporter {

    private static final Logger LOG = Logger.getLogger(StorageReporter.class);
    private static final int ENTERED_AT_ONCE = 1000;
    private static final int BATCH = 100;
    /** How many days are forgotten with a report: more than come between two of them, as one is made each day. */
    private static final int FORGOTTEN_AT_ONCE = 30;

    private final Transactions transactions;
    private final StorageReportStore reports;
    private final StorageWalkStore counts;
    private final StorageDayStore days;
    private final Duration lease;
    private final int slice;

    StorageReporter(
            Transactions transactions,
            StorageReportStore reports,
            StorageWalkStore counts,
            StorageDayStore days,
            MoorageConfig config) {
        this.transactions = transactions;
        this.reports = reports;
        this.counts = counts;
        this.days = days;
        this.lease = config.collection().linkDelay();
        this.slice = config.collection().batch();
    }

    /** Brings every report that is due to its end, and answers how many were finished. */
    public int report(Grant grant) {
        while (transactions.call(Durability.PROGRAM_END, tx -> reports.enter(tx, ENTERED_AT_ONCE)) == ENTERED_AT_ONCE) {
            // The next ones.
        }
        int finished = 0;
        int made;
        do {
            List<Long> due = transactions.read(tx -> reports.due(tx, BATCH));
            made = due.stream().mapToInt(this::make).sum();
            finished += made;
            // Where none of them was finished here, others are at them.
        } while (made > 0);
        if (finished > 0) {
            LOG.debugf("%s: finished %d reports of storage", grant.caller().account(), finished);
        }
        return finished;
    }

    /** Answers 1 where the report is finished. */
    private int make(long report) {
        try {
            Step step;
            do {
                step = transactions.call(Durability.PROGRAM_END, tx -> step(tx, report));
            } while (step == Step.ON);
            return step == Step.FINISHED ? 1 : 0;
        } catch (Unavailable e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warnf("A report of storage fails: %s", e.getMessage());
            transactions.run(Durability.PROGRAM_END, tx -> reports.postpone(tx, report));
            return 0;
        }
    }

    /** What came of a transaction. */
    enum Step {
        ON,
        FINISHED,
        TAKEN_BY_ANOTHER
    }

    /** Counts one slice, or the ends of several stages that have no more than one. */
    Step step(Transaction transaction, long report) {
        Optional<StorageWalk> locked = reports.lock(transaction, report);
        if (locked.isEmpty()) {
            return Step.TAKEN_BY_ANOTHER;
        }
        StorageWalk walk = locked.get();
        while (true) {
            Slice counted = count(transaction, walk);
            if (counted.rows() == slice) {
                reports.advance(transaction, walk.at(counted.last()));
                return Step.ON;
            }
            Optional<StorageWalk> next = walk.next();
            if (next.isEmpty()) {
                reports.finish(transaction, walk, Storage.PACE, Storage.DAYS);
                walk.organization().ifPresent(id -> {
                    days.note(transaction, id);
                    days.forget(transaction, id, Storage.DAYS_KEPT, FORGOTTEN_AT_ONCE);
                });
                return Step.FINISHED;
            }
            walk = next.get();
        }
    }

    private Slice count(Transaction transaction, StorageWalk walk) {
        Optional<OrganizationId> organization = walk.organization();
        return switch (walk.stage()) {
            case BLOBS ->
                organization
                        .map(id -> counts.blobs(transaction, id, walk, lease, slice))
                        .orElseGet(() -> counts.blobs(transaction, walk, lease, slice));
            case REPOSITORIES -> counts.repositories(transaction, organization.orElseThrow(), walk, slice);
            case MANIFESTS -> counts.manifests(transaction, organization.orElseThrow(), walk, slice);
            case TOMBSTONES -> counts.tombstones(transaction, walk, slice);
        };
    }
}
