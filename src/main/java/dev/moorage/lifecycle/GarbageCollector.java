package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.config.CollectionConfig;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.Candidate;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.LinkScanStore;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.ReviewStore.Due;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Takes away what nothing keeps any more, while pushes and pulls go on; any replica may, and several may at once.
 *
 * <p>Each thing is looked at in a transaction of its own, which may be repeated after the end of the program at any point: an
 * attempt is counted and the next one put off before the thing is touched. Something that cannot be looked at is tried again
 * ever more rarely, at least once a day, and does not hold up others.
 */
@ApplicationScoped
public class GarbageCollector {

    private static final Logger LOG = Logger.getLogger(GarbageCollector.class);
    private static final int ALARMING_ATTEMPTS = 10;
    private static final int FAILURES_BORNE = 3;

    private final Transactions transactions;
    private final ReviewStore reviews;
    private final LinkScanStore scan;
    private final OrganizationCollector organizations;
    private final RepositoryCollector repositories;
    private final ManifestCollector manifests;
    private final LinkCollector links;
    private final BlobCollector blobs;
    private final StoreMarker marker;
    private final CollectionPace pace;
    private final CollectionConfig config;

    GarbageCollector(
            Transactions transactions,
            ReviewStore reviews,
            LinkScanStore scan,
            OrganizationCollector organizations,
            RepositoryCollector repositories,
            ManifestCollector manifests,
            LinkCollector links,
            BlobCollector blobs,
            StoreMarker marker,
            CollectionPace pace,
            MoorageConfig config) {
        this.transactions = transactions;
        this.reviews = reviews;
        this.scan = scan;
        this.organizations = organizations;
        this.repositories = repositories;
        this.manifests = manifests;
        this.links = links;
        this.blobs = blobs;
        this.marker = marker;
        this.pace = pace;
        this.config = config.collection();
    }

    /**
     * Ends what is held no longer, finds what was never needed, and looks at everything that is due; answers how much went.
     * It does nothing where the store may not be this database's.
     */
    public int collect(Grant grant) {
        if (!marker.allowsRemoval()) {
            return 0;
        }
        endHolds();
        findLinks();
        int gone = review();
        if (gone > 0) {
            LOG.infof(
                    "%s: collected %d manifests, links, blobs, repositories and organizations",
                    grant.caller().account(), gone);
        }
        return gone;
    }

    /** Ends the holds whose time is over, and answers how many. */
    int endHolds() {
        int ended = 0;
        int batch;
        do {
            batch = transactions.call(
                    Durability.PROGRAM_END,
                    tx -> reviews.endHolds(tx, config.batch(), config.delay().holdEnded()));
            ended += batch;
        } while (batch == config.batch());
        return ended;
    }

    /** Reads the links that have come of age since the last time, and answers how many. */
    int findLinks() {
        int read = 0;
        int page;
        do {
            page = transactions.call(Durability.PROGRAM_END, this::findSomeLinks);
            read += page;
        } while (page >= config.batch());
        return read;
    }

    private int findSomeLinks(Transaction transaction) {
        return scan.place(transaction)
                .map(place -> scan.readOn(transaction, place, config.batch(), config.linkDelay()))
                .map(page -> {
                    page.last().ifPresent(last -> scan.moveTo(transaction, last));
                    return page.links();
                })
                .orElse(0);
    }

    /** Looks at everything that is due, and answers how much went. */
    int review() {
        int gone = 0;
        int failures = 0;
        List<Due> batch;
        do {
            // Asked before it takes anything: it is nobody else then.
            CollectionPace.Company company = company();
            batch = transactions.call(Durability.PROGRAM_END, tx -> reviews.takeDue(tx, config.batch()));
            for (Due due : batch) {
                if (pace.over()) {
                    return gone;
                }
                long begin = System.nanoTime();
                try {
                    gone += review(due) ? 1 : 0;
                } catch (Unavailable e) {
                    // A database that is away is away for all; one thing that it cannot do must not stop the others.
                    failures++;
                    if (failures > FAILURES_BORNE) {
                        throw e;
                    }
                    complain(due, e);
                } catch (RuntimeException e) {
                    complain(due, e);
                }
                pace.rest(company, Duration.ofNanos(System.nanoTime() - begin));
            }
        } while (!batch.isEmpty());
        return gone;
    }

    private CollectionPace.Company company() {
        return transactions.read(reviews::othersAtWork) ? CollectionPace.Company.OTHERS : CollectionPace.Company.NOBODY;
    }

    private static void complain(Due due, RuntimeException failure) {
        LOG.logf(
                due.attempts() >= ALARMING_ATTEMPTS ? Logger.Level.ERROR : Logger.Level.WARN,
                "The review of %s fails, attempt %d: %s",
                due.candidate(),
                due.attempts(),
                failure.getMessage());
    }

    private boolean review(Due due) {
        // The object goes after its row: only the end of a row must outlive a power cut before that.
        Durability durability =
                due.candidate() instanceof Candidate.Blob ? Durability.POWER_CUT : Durability.PROGRAM_END;
        boolean gone = transactions.call(durability, tx -> {
            if (!reviews.lock(tx, due.id())) {
                return false;
            }
            return settle(tx, due, look(tx, due.candidate()));
        });
        if (gone) {
            WorkMeter.collected(due.candidate());
        }
        return gone;
    }

    private Outcome look(Transaction transaction, Candidate candidate) {
        return switch (candidate) {
            case Candidate.Organization one -> organizations.collect(transaction, one.id());
            case Candidate.Repository one -> repositories.collect(transaction, one.key());
            case Candidate.Manifest one -> manifests.collect(transaction, one.repository(), one.digest());
            case Candidate.Link one -> links.collect(transaction, one.repository(), one.digest());
            case Candidate.Blob one -> blobs.collect(transaction, one.digest());
            case Candidate.Unknown _ -> new Outcome.Left();
        };
    }

    private boolean settle(Transaction transaction, Due due, Outcome outcome) {
        switch (outcome) {
            case Outcome.Gone _, Outcome.Kept _ -> reviews.done(transaction, due.id());
            case Outcome.Later later -> reviews.postpone(transaction, due.id(), Optional.of(later.until()));
            case Outcome.Piece _ -> reviews.postpone(transaction, due.id(), Optional.empty());
            case Outcome.Left _ ->
                LOG.warnf("%s is left to a newer version, attempt %d", due.candidate(), due.attempts());
        }
        return outcome instanceof Outcome.Gone;
    }
}
