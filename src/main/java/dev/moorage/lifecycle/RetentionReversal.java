package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.metadata.RetentionDecisionStore;
import dev.moorage.metadata.RetentionDecisionStore.Conflict;
import dev.moorage.metadata.RetentionDecisionStore.Kind;
import dev.moorage.metadata.RetentionRun;
import dev.moorage.metadata.RetentionRun.Counts;
import dev.moorage.metadata.RetentionRun.Place;
import dev.moorage.metadata.RetentionRun.Progress;
import dev.moorage.metadata.RetentionRun.State;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.registry.Obstacle;
import dev.moorage.registry.Reversal;
import dev.moorage.registry.Wish;
import dev.moorage.registry.Wish.BlobHidden;
import dev.moorage.registry.Wish.BlobShown;
import dev.moorage.registry.Wish.ManifestHidden;
import dev.moorage.registry.Wish.ManifestShown;
import dev.moorage.registry.Wish.TagNames;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The steps of an undo of a run: its events a page at a time, the last one first, so that what others need is there before
 * them and goes after them. A page is put back in one transaction or not at all; then smaller ones are tried, down to the
 * one thing that something stands against, which is left.
 *
 * <p>Events of an undo are in the order of their keys, so what others need may come too early or too late: what was left is
 * tried again as long as a pass through it has come on, and written down when one has not.
 *
 * <p>What is as it was already stands against nothing: an undo may be asked for again when the conflicts are settled.
 */
@ApplicationScoped
class RetentionReversal {

    private static final int PAGE = 50;

    private final Transactions transactions;
    private final EventStore events;
    private final RepositoryStore repositories;
    private final RestoreStore restores;
    private final RetentionDecisionStore decisions;
    private final Reversal reversal;

    RetentionReversal(
            Transactions transactions,
            EventStore events,
            RepositoryStore repositories,
            RestoreStore restores,
            RetentionDecisionStore decisions,
            Reversal reversal) {
        this.transactions = transactions;
        this.events = events;
        this.repositories = repositories;
        this.restores = restores;
        this.decisions = decisions;
        this.reversal = reversal;
    }

    /** Puts back a page of what a run took away, or takes away a page of what an undo put back. */
    RetentionExecutor.Work undo(Grant grant, RetentionRun run) {
        Place place = run.progress().place();
        long before = place.name().isEmpty() ? Long.MAX_VALUE : Long.parseLong(place.name());
        int size = place.deletedInPass() == 0 ? PAGE : place.deletedInPass();
        UndoPass pass = UndoPass.at(place);
        List<EventStore.Row> page = ofOneRepository(transactions.read(tx -> page(tx, run, pass, before, size)));
        if (page.isEmpty()) {
            return _ -> pass.next()
                    .map(again -> run.progress().to(State.UNDOING, again.place("", 0)))
                    .orElseGet(() -> run.progress().to(State.DONE, Place.BEGINNING));
        }
        Place behind = pass.place(Long.toString(page.getLast().id()), Math.min(PAGE, size * 2));
        return tx -> done(tx, run, page, behind);
    }

    /** In a later pass only what this undo has not done yet: what became of the rest since is left alone. */
    private List<EventStore.Row> page(Transaction transaction, RetentionRun run, UndoPass pass, long before, int size) {
        UUID undone = run.undoes().orElseThrow().group();
        return pass.isFirst()
                ? events.ofGroupBefore(
                        transaction, run.scope().organization(), run.scope().repository(), undone, before, size)
                : events.leftOfGroupBefore(
                        transaction,
                        run.scope().organization(),
                        run.scope().repository(),
                        undone,
                        run.origin().group(),
                        before,
                        size);
    }

    private static List<EventStore.Row> ofOneRepository(List<EventStore.Row> page) {
        return page.stream()
                .takeWhile(event -> event.repository().equals(page.getFirst().repository()))
                .toList();
    }

    private Progress done(Transaction transaction, RetentionRun run, List<EventStore.Row> page, Place behind) {
        RepositoryKey key = page.getFirst().repository().orElseThrow();
        if (repositories.keep(transaction, key).isEmpty()) {
            boolean gone = page.getFirst().name().isEmpty();
            Obstacle away = gone
                    ? Obstacle.of(Obstacle.Kind.REPOSITORY_GONE, "the repository is gone for good")
                    : Obstacle.of(
                            Obstacle.Kind.REPOSITORY_DELETED, "the repository is deleted itself; undo that first");
            return left(transaction, run, key, page, List.of(away), behind);
        }
        // In the order in which they happened.
        List<Wish> wishes = open(transaction, key, Wish.opposites(page.reversed()));
        List<Obstacle> against = reversal.apply(transaction, key, wishes, run.origin());
        if (against.isEmpty()) {
            return run.progress()
                    .to(State.UNDOING, wishes.isEmpty() ? behind : UndoPass.cameOn(behind))
                    .with(counted(run.progress().counts(), wishes.size(), 0));
        }
        if (page.size() > 1) {
            Place place = run.progress().place();
            throw new RetentionStep.Refused(
                    _ -> run.progress().to(State.UNDOING, UndoPass.at(place).place(place.name(), page.size() / 2)));
        }
        throw new RetentionStep.Refused(tx -> left(tx, run, key, page, against, behind));
    }

    private Progress left(
            Transaction transaction,
            RetentionRun run,
            RepositoryKey key,
            List<EventStore.Row> page,
            List<Obstacle> against,
            Place behind) {
        return UndoPass.at(behind).isLast()
                ? conflicts(transaction, run, key, page, against).to(State.UNDOING, behind)
                : run.progress().to(State.UNDOING, UndoPass.left(behind));
    }

    /** Those that are not as they are to be; looked at without locks, and what changes then is a conflict. */
    private List<Wish> open(Transaction transaction, RepositoryKey key, List<Wish> wishes) {
        Map<Tag, Digest> tags = restores.tags(
                transaction,
                key,
                wishes.stream().flatMap(wish -> tag(wish).stream()).toList());
        Map<Digest, Presence> manifests = restores.manifests(
                transaction,
                key,
                wishes.stream().flatMap(wish -> manifest(wish).stream()).collect(Collectors.toSet()));
        return wishes.stream().filter(wish -> isOpen(wish, tags, manifests)).toList();
    }

    private static boolean isOpen(Wish wish, Map<Tag, Digest> tags, Map<Digest, Presence> manifests) {
        return switch (wish) {
            case TagNames named -> !named.then().equals(Optional.ofNullable(tags.get(named.tag())));
            case ManifestShown shown -> manifests.get(shown.digest()) != Presence.SHOWN;
            case ManifestHidden hidden -> manifests.get(hidden.digest()) == Presence.SHOWN;
            case BlobShown _, BlobHidden _ -> true;
        };
    }

    private static Optional<Tag> tag(Wish wish) {
        return wish instanceof TagNames named ? Optional.of(named.tag()) : Optional.empty();
    }

    private static Optional<Digest> manifest(Wish wish) {
        return switch (wish) {
            case ManifestShown shown -> Optional.of(shown.digest());
            case ManifestHidden hidden -> Optional.of(hidden.digest());
            case TagNames _, BlobShown _, BlobHidden _ -> Optional.empty();
        };
    }

    private Progress conflicts(
            Transaction transaction,
            RetentionRun run,
            RepositoryKey key,
            List<EventStore.Row> page,
            List<Obstacle> against) {
        String because = against.stream().map(Obstacle::detail).distinct().collect(Collectors.joining("; "));
        String outcome = against.getFirst().kind().text();
        Counts counts = run.progress().counts();
        List<Conflict> conflicts = new ArrayList<>();
        for (EventStore.Row event : page) {
            Optional<Digest> digest = event.from().or(event::to);
            conflicts.add(new Conflict(
                    counts.decisions() + conflicts.size() + 1,
                    event.tag().isPresent() ? Kind.TAG : Kind.MANIFEST,
                    event.tag().map(Tag::value).orElseGet(() -> digest.orElseThrow()
                            .toString()),
                    event.tag().flatMap(_ -> digest),
                    because,
                    outcome));
        }
        decisions.conflicts(transaction, key, run.id(), conflicts);
        return run.progress().with(counted(counts, 0, conflicts.size()));
    }

    private static Counts counted(Counts counts, int undone, int conflicts) {
        return new Counts(
                counts.decisions() + conflicts,
                counts.tags(),
                counts.manifests(),
                counts.blobs(),
                counts.deleted() + undone,
                counts.skipped() + conflicts);
    }
}
