package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.administration.Management;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Origins;
import dev.moorage.registry.Reversal;
import dev.moorage.registry.Wish;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Undoes what a request did, as long as what it took is there: an undo is a request as others, and can be undone itself.
 *
 * <p>Who may do the opposite of something may undo it: a push lets a tag name something, a deletion takes a tag away, hides
 * and restores.
 */
@ApplicationScoped
public class UndoService {

    private final Management management;
    private final RepositoryStore repositories;
    private final EventStore events;
    private final Reversal reversal;
    private final Origins origins;

    UndoService(
            Management management,
            RepositoryStore repositories,
            EventStore events,
            Reversal reversal,
            Origins origins) {
        this.management = management;
        this.repositories = repositories;
        this.events = events;
        this.reversal = reversal;
        this.origins = origins;
    }

    /**
     * What an undo did.
     *
     * @param events its own events, in the order in which they happened
     */
    public record Undone(List<RecordedEvent> events) {

        /** Keeps its own copy. */
        public Undone {
            events = List.copyOf(events);
        }
    }

    /**
     * Undoes all that the request of an event did in a repository, or nothing.
     *
     * <p>409 with everything that stands against it, 403 where a rule keeps a tag.
     */
    public Undone undo(Grant grant, RepositoryName name, String reference, Optional<String> why) {
        Origin origin = origins.of(grant).because(Reason.of("why", why));
        return management.change(grant, (tx, powers) -> {
            RepositoryKey seen = management
                    .seen(tx, powers, name, RepositoryListStore.Lock.NONE)
                    .key();
            Management.demand(powers.over(name, Optional.empty(), Action.PULL));
            List<EventStore.Row> undone = group(tx, seen, reference);
            demand(powers, name, undone);
            RepositoryKey key = repositories
                    .keep(tx, seen)
                    .map(RepositoryStore.Kept::key)
                    .orElseThrow(() -> new NotFound("repository", name.value()));
            Refusals.demandNone(
                    List.of(new Refusals.In(name, reversal.apply(tx, key, Wish.opposites(undone), origin))));
            return new Undone(events.ofGroup(tx, key, origin.group()).stream()
                    .map(RecordedEvent::of)
                    .toList());
        });
    }

    private List<EventStore.Row> group(Transaction transaction, RepositoryKey key, String reference) {
        UUID group = EventService.reference(reference)
                .flatMap(event -> events.groupOf(transaction, key, event))
                .orElseThrow(() -> new NotFound("event", reference));
        return events.ofGroup(transaction, key, group);
    }

    private static void demand(Powers powers, RepositoryName name, List<EventStore.Row> undone) {
        undone.stream()
                .map(event -> opposite(event))
                .distinct()
                .forEach(action -> Management.demand(powers.over(name, Optional.empty(), action)));
    }

    /** What one does who does the opposite. */
    private static Action opposite(EventStore.Row event) {
        return switch (event.kind()) {
            case TAG_MOVED, TAG_DELETED -> Action.PUSH;
            case TAG_CREATED, MANIFEST_DELETED, MANIFEST_RESTORED, BLOB_DELETED, BLOB_RESTORED -> Action.DELETE;
        };
    }
}
