package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Powers;
import dev.moorage.administration.Management;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.Obstacle;
import dev.moorage.registry.RepositoryHiding;
import dev.moorage.registry.Reversal;
import dev.moorage.registry.Wish;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Does the opposite of what one request did, repository by repository in the order of their ids. */
@ApplicationScoped
class GroupReversal {

    private static final Comparator<RepositoryKey> BY_ID =
            Comparator.comparingLong(key -> key.repository().value());

    private final RepositoryStore repositories;
    private final Reversal reversal;
    private final RepositoryHiding hiding;
    private final OrganizationHiding organizations;

    GroupReversal(
            RepositoryStore repositories,
            Reversal reversal,
            RepositoryHiding hiding,
            OrganizationHiding organizations) {
        this.organizations = organizations;
        this.repositories = repositories;
        this.reversal = reversal;
        this.hiding = hiding;
    }

    /** Refuses with 403 what the caller may not do the opposite of. */
    static void demand(Powers powers, OrganizationName organization, List<EventStore.Row> events) {
        for (EventStore.Row event : events) {
            Action opposite = opposite(event.kind());
            if (event.repository().isEmpty()) {
                Management.demand(powers.over(organization, opposite));
            }
            event.name().ifPresent(name -> Management.demand(powers.over(name, Optional.empty(), opposite)));
        }
    }

    /** What one does who does the opposite. */
    private static Action opposite(Kind kind) {
        return switch (kind) {
            case TAG_MOVED, TAG_DELETED -> Action.PUSH;
            case TAG_CREATED, MANIFEST_DELETED, MANIFEST_RESTORED, BLOB_DELETED, BLOB_RESTORED -> Action.DELETE;
            case REPOSITORY_DELETED,
                    REPOSITORY_RESTORED,
                    ORGANIZATION_DELETED,
                    ORGANIZATION_RESTORED,
                    MANIFEST_PURGED,
                    BLOB_PURGED -> Action.ADMINISTER;
        };
    }

    /** Does it; refused with all that stands against it, and then the transaction is given up. */
    void apply(Transaction transaction, OrganizationId organization, List<EventStore.Row> events, Origin origin) {
        List<Refusals.In> against = new ArrayList<>();
        Map<RepositoryKey, List<EventStore.Row>> each = new TreeMap<>(BY_ID);
        events.forEach(event -> event.repository().ifPresent(key -> each.computeIfAbsent(key, _ -> new ArrayList<>())
                .add(event)));
        events.stream()
                .filter(event -> event.repository().isEmpty())
                .map(event -> new Refusals.In(Optional.empty(), whole(transaction, organization, event, origin)))
                .forEach(against::add);
        each.forEach((key, ofOne) -> {
            Optional<RepositoryName> name = ofOne.getFirst().name();
            List<Obstacle> obstacles = name.isPresent()
                    ? apply(transaction, key, name.get(), ofOne, origin)
                    : List.of(Obstacle.of(Obstacle.Kind.REPOSITORY_GONE, "the repository is gone for good"));
            against.add(new Refusals.In(name, obstacles));
        });
        Refusals.demandNone(against);
    }

    private List<Obstacle> whole(
            Transaction transaction, OrganizationId organization, EventStore.Row event, Origin origin) {
        return event.kind() == Kind.ORGANIZATION_DELETED
                ? organizations.show(transaction, organization, origin, Optional.of(event.id()))
                : organizations.hide(transaction, organization, Immutability.ENFORCED, origin, Optional.of(event.id()));
    }

    private List<Obstacle> apply(
            Transaction transaction,
            RepositoryKey key,
            RepositoryName name,
            List<EventStore.Row> events,
            Origin origin) {
        EventStore.Row last = events.getLast();
        return switch (last.kind()) {
            case REPOSITORY_DELETED -> hiding.show(transaction, key, name, origin, Optional.of(last.id()));
            case REPOSITORY_RESTORED ->
                hiding.hide(transaction, key, Immutability.ENFORCED, origin, Optional.of(last.id()));
            // Of no repository.
            case ORGANIZATION_DELETED, ORGANIZATION_RESTORED -> List.of();
            case MANIFEST_PURGED, BLOB_PURGED ->
                List.of(Obstacle.of(Obstacle.Kind.PURGED, "what was purged is gone for good"));
            case TAG_CREATED,
                    TAG_MOVED,
                    TAG_DELETED,
                    MANIFEST_DELETED,
                    MANIFEST_RESTORED,
                    BLOB_DELETED,
                    BLOB_RESTORED ->
                repositories.keep(transaction, key).isPresent()
                        ? reversal.apply(transaction, key, Wish.opposites(events), origin)
                        : List.of(Obstacle.of(
                                Obstacle.Kind.REPOSITORY_DELETED, "the repository is deleted itself; undo that first"));
        };
    }
}
