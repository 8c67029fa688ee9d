package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.config.CollectionConfig;
import dev.moorage.config.MoorageConfig;
import dev.moorage.drain.Drain;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.lifecycle.WorkMeter.Result;
import dev.moorage.lifecycle.WorkMeter.Work;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Looks from time to time for work that is due; the work itself is rows, which any replica may take. */
@ApplicationScoped
class Housekeeping {

    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Grant GRANT = Grant.system("housekeeping");
    private static final Grant RETENTION = Grant.system("retention");

    private final UploadReaper uploads;
    private final TombstoneSweeper tombstones;
    private final MultipartSweeper multiparts;
    private final UsageFolder usage;
    private final LinkVisibility links;
    private final GarbageCollector collector;
    private final CollectionConfig collection;
    private final RetentionWorker retention;
    private final StorageReporter storage;
    private final AuditSweeper audit;
    private final Drain drain;

    Housekeeping(
            UploadReaper uploads,
            TombstoneSweeper tombstones,
            MultipartSweeper multiparts,
            UsageFolder usage,
            LinkVisibility links,
            GarbageCollector collector,
            RetentionWorker retention,
            StorageReporter storage,
            AuditSweeper audit,
            Drain drain,
            MoorageConfig config) {
        this.uploads = uploads;
        this.tombstones = tombstones;
        this.multiparts = multiparts;
        this.usage = usage;
        this.links = links;
        this.collector = collector;
        this.collection = config.collection();
        this.retention = retention;
        this.storage = storage;
        this.audit = audit;
        this.drain = drain;
    }

    // Not at the very start: a program that is ended at once has nothing open then.
    @Scheduled(
            every = "${moorage.uploads.reaper-interval}",
            delayed = "${moorage.uploads.reaper-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void keepHouse() {
        count(Work.HOUSE, () -> {
            uploads.reap(GRANT);
            tombstones.sweep(GRANT);
            usage.fold(GRANT);
            links.follow(GRANT);
            audit.sweep(GRANT);
        });
    }

    // By itself: a run may take long, and nothing else waits for it.
    @Scheduled(
            every = "${moorage.uploads.reaper-interval}",
            delayed = "${moorage.uploads.reaper-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void keepPolicies() {
        count(Work.POLICIES, () -> retention.work(RETENTION));
    }

    // By itself, as a report of much takes long too.
    @Scheduled(
            every = "${moorage.uploads.reaper-interval}",
            delayed = "${moorage.uploads.reaper-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void reportStorage() {
        count(Work.STORAGE_REPORT, () -> storage.report(GRANT));
    }

    @Scheduled(
            every = "${moorage.uploads.sweep-interval}",
            delayed = "${moorage.uploads.sweep-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        count(Work.MULTIPARTS, () -> multiparts.sweep(GRANT));
    }

    @Scheduled(
            every = "${moorage.collection.interval}",
            delayed = "${moorage.collection.interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void collect() {
        if (collection.enabled()) {
            count(Work.COLLECTION, () -> collector.collect(GRANT));
        }
    }

    private void count(Work kind, Runnable work) {
        if (drain.begun()) {
            return;
        }
        long begin = System.nanoTime();
        Result result = Result.FAILED;
        try (Drain.Work _ = drain.background()) {
            work.run();
            result = Result.DONE;
        } catch (Unavailable e) {
            result = Result.AWAY;
            // At the end the database goes first, and whoever comes next takes the work up again.
            if (!drain.begun()) {
                LOG.warnf("Housekeeping waits for the database: %s", e.getMessage());
            }
        } finally {
            kind.ran(result, begin);
        }
    }
}
