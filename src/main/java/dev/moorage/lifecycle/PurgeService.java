package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.administration.Management;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.lifecycle.Purging.Gone;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.PurgeStore;
import dev.moorage.metadata.PurgeStore.Elsewhere;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.Visibility;
import dev.moorage.registry.Origins;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Takes a manifest or a blob out of a repository at once and for good, because it holds what nobody may see: no window, no
 * undo, no delay.
 *
 * <p>Nothing is told of other organizations by the answer, and by its time no more than two short statements in the database
 * tell: whether bytes go from the store depends on them, so that is done when the answer is made.
 */
@ApplicationScoped
public class PurgeService {

    private static final Logger LOG = Logger.getLogger(PurgeService.class);
    private static final Grant SWEEP = Grant.system("purge");
    private static final int MOST_ELSEWHERE = 1000;

    private final Management management;
    private final RepositoryStore repositories;
    private final Purging purging;
    private final PurgeStore rows;
    private final TombstoneSweeper tombstones;
    private final Origins origins;

    PurgeService(
            Management management,
            RepositoryStore repositories,
            Purging purging,
            PurgeStore rows,
            TombstoneSweeper tombstones,
            Origins origins) {
        this.management = management;
        this.repositories = repositories;
        this.purging = purging;
        this.rows = rows;
        this.tombstones = tombstones;
        this.origins = origins;
    }

    /**
     * What went, and where it still is.
     *
     * @param tags the tags that went with the manifest
     * @param manifests the manifest that went
     * @param blobs the blobs that went
     * @param kept the blobs of the manifest that stay, because other manifests of the repository reference them
     * @param elsewhere other repositories of the organization that still hold something of it, as far as the caller may pull
     *     from them
     * @param more whether there are more of those than were looked at
     */
    public record Purged(
            List<String> tags,
            List<String> manifests,
            List<String> blobs,
            List<StillNeeded> kept,
            List<Holding> elsewhere,
            boolean more) {

        /** Keeps its own copies. */
        public Purged {
            tags = List.copyOf(tags);
            manifests = List.copyOf(manifests);
            blobs = List.copyOf(blobs);
            kept = List.copyOf(kept);
            elsewhere = List.copyOf(elsewhere);
        }
    }

    /**
     * A blob that stays in the repository.
     *
     * @param digest which
     * @param manifests up to ten manifests that reference it, live or deleted
     */
    public record StillNeeded(String digest, List<String> manifests) {

        /** Keeps its own copy. */
        public StillNeeded {
            manifests = List.copyOf(manifests);
        }
    }

    /**
     * Something that another repository still holds.
     *
     * @param repository its name
     * @param digest what
     * @param state {@code live}, or {@code deleted} where it is only held for undo
     */
    public record Holding(String repository, String digest, String state) {}

    /**
     * Purges a manifest with the tags on it and with the blobs that nothing else in the repository references, or a blob that
     * nothing there references.
     *
     * <p>For owners. 409 with the manifests that reference it, which are to be purged first; 403 where a rule keeps a tag.
     */
    public Purged purge(Grant grant, RepositoryName name, Digest digest, String reason) {
        Origin origin = origins.of(grant).because(Optional.of(Reason.of("reason", reason)));
        Optional<Purged> purged = Optional.empty();
        while (purged.isEmpty()) {
            purged = attempt(grant, name, digest, origin);
        }
        Thread.ofVirtual().name("purge").start(this::sweep);
        return purged.get();
    }

    /** Purges it; empty where a push came between, and nothing was done. */
    private Optional<Purged> attempt(Grant grant, RepositoryName name, Digest digest, Origin origin) {
        AuditSubject subject = AuditSubject.of(AuditAction.CONTENT_PURGE, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("digest", digest.toString()).with("reason", origin.why());
            RepositoryKey seen = management
                    .seen(tx, powers, name, RepositoryListStore.Lock.NONE)
                    .key();
            Management.demand(powers.over(name, Optional.empty(), Action.ADMINISTER));
            RepositoryKey key = repositories
                    .keep(tx, seen)
                    .map(RepositoryStore.Kept::key)
                    .orElseThrow(() -> new NotFound("repository", name.value()));
            Optional<Gone> gone = gone(purging.purge(tx, key, digest, origin), digest);
            // Behind the locks, which may have been waited for: it cannot be undone.
            Powers now = management.again(tx, powers);
            Management.demand(now.over(name, Optional.empty(), Action.ADMINISTER));
            if (gone.isEmpty()) {
                audit.nothingDone();
            }
            return gone.map(things -> answer(tx, now, key, things));
        });
    }

    private static Optional<Gone> gone(Purging.Outcome outcome, Digest digest) {
        return switch (outcome) {
            case Gone gone -> Optional.of(gone);
            case Purging.Overtaken _ -> Optional.empty();
            case Purging.Needed(List<Digest> by) ->
                throw new Conflict(
                        "manifests of the repository reference it, deleted ones too: purge those first",
                        Map.of("manifests", by.stream().map(Digest::toString).toList()));
            case Purging.Absent _ -> throw new NotFound("manifest or blob", digest.toString());
        };
    }

    private Purged answer(Transaction transaction, Powers powers, RepositoryKey key, Gone gone) {
        List<Digest> all = new ArrayList<>(gone.manifests());
        all.addAll(gone.blobs());
        gone.kept().forEach(blob -> all.add(blob.digest()));
        List<Elsewhere> elsewhere = rows.elsewhere(transaction, key, all, MOST_ELSEWHERE + 1);
        return new Purged(
                gone.tags().stream().map(Tag::value).toList(),
                gone.manifests().stream().map(Digest::toString).toList(),
                gone.blobs().stream().map(Digest::toString).toList(),
                gone.kept().stream()
                        .map(blob -> new StillNeeded(
                                blob.digest().toString(),
                                blob.by().stream().map(Digest::toString).toList()))
                        .toList(),
                elsewhere.stream()
                        .limit(MOST_ELSEWHERE)
                        .filter(one -> mayPull(powers, one))
                        .map(one -> new Holding(
                                one.repository().value(),
                                one.digest().toString(),
                                one.presence() == Presence.SHOWN ? "live" : "deleted"))
                        .toList(),
                elsewhere.size() > MOST_ELSEWHERE);
    }

    private static boolean mayPull(Powers powers, Elsewhere one) {
        Optional<Visibility> visibility = Optional.of(one.visibility()).filter(_ -> one.presence() == Presence.SHOWN);
        return Powers.refusal(powers.over(one.repository(), visibility, Action.PULL))
                .isEmpty();
    }

    /** Where it fails, the tombstones stay for housekeeping. */
    private void sweep() {
        try {
            tombstones.sweep(SWEEP);
        } catch (RuntimeException e) {
            LOG.warnf("The objects of a purge stay for the next housekeeping: %s", e.getMessage());
        }
    }
}
