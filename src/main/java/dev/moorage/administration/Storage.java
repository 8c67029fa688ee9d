package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.ReclaimedStore;
import dev.moorage.metadata.StorageDayStore;
import dev.moorage.metadata.StorageFigure;
import dev.moorage.metadata.StorageReportStore;
import dev.moorage.metadata.StorageReportStore.Last;
import dev.moorage.metadata.StorageReportStore.Pace;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UsageReportStore;
import dev.moorage.metadata.UsageReportStore.Kept;
import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.ReclaimedDay;
import dev.moorage.name.RemovedDay;
import dev.moorage.name.StorageDay;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Says how the bytes of organizations, and of the registry as a whole, are kept, and what went.
 *
 * <p>What an organization pays for comes from the ledger and is exact; how it is kept comes from the last report that
 * housekeeping has made. Who reads an old one lets the next one be made.
 */
@ApplicationScoped
public class Storage {

    /** How often reports are made: those that are read once a minute, if they take no more than a twentieth of the time. */
    public static final Pace PACE = new Pace(Duration.ofHours(6), Duration.ofMinutes(1), 20);

    /** Of how many days it is told what went. */
    public static final int DAYS = 30;

    /** For how many days it is known what was kept. */
    public static final int DAYS_KEPT = 400;

    private final Management management;
    private final Transactions transactions;
    private final StorageReportStore reports;
    private final ReclaimedStore reclaimed;
    private final UsageReportStore usage;
    private final StorageDayStore days;

    Storage(
            Management management,
            Transactions transactions,
            StorageReportStore reports,
            ReclaimedStore reclaimed,
            UsageReportStore usage,
            StorageDayStore days) {
        this.management = management;
        this.transactions = transactions;
        this.reports = reports;
        this.reclaimed = reclaimed;
        this.usage = usage;
        this.days = days;
    }

    /**
     * How blobs are kept, each in one of these ways, the first that is true.
     *
     * @param live a live manifest of a live repository needs it
     * @param held an undo would show it again, or a manifest that needs it
     * @param leased nothing needs it, but it was pushed, mounted or shown to a pusher lately
     * @param reclaimable nothing keeps it, and the collection will take it
     */
    public record Blobs(Amount live, Amount held, Amount leased, Amount reclaimable) {}

    /** How manifests are kept, each of a repository for itself: as {@link Blobs}. */
    public record Manifests(Amount live, Amount held, Amount reclaimable) {}

    /**
     * What several repositories link.
     *
     * @param items how many blobs
     * @param bytes theirs, each counted once
     * @param saved what they would be more if each repository kept its own
     */
    public record Shared(long items, long bytes, long saved) {}

    /**
     * How the things of an organization are kept.
     *
     * @param computedAt when the report was finished
     * @param tookSeconds how long its figures were counted before that
     * @param uploads those that are open, and the bytes that have come
     */
    public record Report(
            Instant computedAt, long tookSeconds, Blobs blobs, Manifests manifests, Shared shared, Amount uploads) {}

    /**
     * How the things of an organization are kept, and what went.
     *
     * @param bytes what counts against the quota now
     * @param blobs distinct blobs now, however they are kept
     * @param manifests manifests now
     * @param report the last one; empty where there is none yet
     * @param reclaimed what came to count no longer, by day (UTC), the newest first
     * @param days what counted against the quota at the last report of each day, the newest first
     */
    public record OrganizationStorage(
            long bytes,
            Amount blobs,
            Amount manifests,
            Optional<Report> report,
            List<ReclaimedDay> reclaimed,
            List<StorageDay> days) {

        /** Keeps its own copies. */
        public OrganizationStorage {
            reclaimed = List.copyOf(reclaimed);
            days = List.copyOf(days);
        }
    }

    /**
     * How the things of all organizations are kept: a blob of several of them once.
     *
     * @param tombstones objects of the store that no blob names any more and that will go
     */
    public record RegistryReport(
            Instant computedAt,
            long tookSeconds,
            Blobs blobs,
            Manifests manifests,
            Shared shared,
            Amount uploads,
            Amount tombstones) {}

    /** How the things of the registry are kept, and which objects went from its store by day (UTC), the newest first. */
    public record RegistryStorage(Optional<RegistryReport> report, List<RemovedDay> removed) {

        /** Keeps its own copy. */
        public RegistryStorage {
            removed = List.copyOf(removed);
        }
    }

    /** How the things of an organization are kept, for whoever may pull all of it. */
    public OrganizationStorage organization(Grant grant, OrganizationName name) {
        record Found(
                OrganizationId id,
                Kept kept,
                Optional<Last> last,
                List<ReclaimedDay> reclaimed,
                List<StorageDay> days) {}
        Found found = management.read(grant, (tx, powers) -> {
            OrganizationId id = readable(tx, powers, name);
            return new Found(
                    id,
                    usage.organization(tx, id),
                    reports.last(tx, id, PACE),
                    reclaimed.of(tx, id, DAYS),
                    days.of(tx, id, DAYS_KEPT));
        });
        if (found.last().filter(Last::isOld).isPresent()) {
            transactions.run(Durability.PROGRAM_END, tx -> reports.hasten(tx, found.id()));
        }
        Kept kept = found.kept();
        return new OrganizationStorage(
                kept.blobs().bytes() + kept.manifests().bytes(),
                kept.blobs(),
                kept.manifests(),
                found.last().map(Storage::report),
                found.reclaimed(),
                found.days());
    }

    /** What an organization kept in the last so many days, the newest first, for whoever may pull all of it. */
    public List<StorageDay> days(Grant grant, OrganizationName name, int count) {
        return management.read(grant, (tx, powers) -> days.of(tx, readable(tx, powers, name), count));
    }

    private OrganizationId readable(Transaction transaction, Powers powers, OrganizationName name) {
        OrganizationId id =
                management.seen(transaction, powers, name, Lock.NONE).id();
        Management.demand(powers.over(name, Action.PULL));
        return id;
    }

    /** How the things of the registry are kept; for its administrators. */
    public RegistryStorage registry(Grant grant) {
        record Found(Optional<Last> last, List<RemovedDay> removed) {}
        Found found = management.read(grant, (tx, powers) -> {
            Management.demand(powers.everywhere(Action.ADMINISTER));
            return new Found(reports.last(tx, PACE), reclaimed.ofStore(tx, DAYS));
        });
        if (found.last().filter(Last::isOld).isPresent()) {
            transactions.run(Durability.PROGRAM_END, reports::hasten);
        }
        return new RegistryStorage(found.last().map(Storage::registryReport), found.removed());
    }

    private static Report report(Last last) {
        return new Report(
                last.computedAt(),
                last.took().toSeconds(),
                blobs(last),
                manifests(last),
                shared(last),
                of(last, StorageFigure.UPLOADS));
    }

    private static RegistryReport registryReport(Last last) {
        return new RegistryReport(
                last.computedAt(),
                last.took().toSeconds(),
                blobs(last),
                manifests(last),
                shared(last),
                of(last, StorageFigure.UPLOADS),
                of(last, StorageFigure.TOMBSTONES));
    }

    private static Blobs blobs(Last last) {
        return new Blobs(
                of(last, StorageFigure.BLOBS_LIVE),
                of(last, StorageFigure.BLOBS_HELD),
                of(last, StorageFigure.BLOBS_LEASED),
                of(last, StorageFigure.BLOBS_RECLAIMABLE));
    }

    private static Manifests manifests(Last last) {
        Amount live = of(last, StorageFigure.MANIFESTS_LIVE);
        return new Manifests(
                // It is a difference, between whose two sides something may have gone.
                new Amount(Math.max(0, live.items()), Math.max(0, live.bytes())),
                of(last, StorageFigure.MANIFESTS_HELD),
                of(last, StorageFigure.MANIFESTS_RECLAIMABLE));
    }

    private static Shared shared(Last last) {
        Amount shared = of(last, StorageFigure.SHARED);
        return new Shared(
                shared.items(), shared.bytes(), of(last, StorageFigure.SAVED).bytes());
    }

    private static Amount of(Last last, StorageFigure figure) {
        return last.figures().getOrDefault(figure, new Amount(0, 0));
    }
}
