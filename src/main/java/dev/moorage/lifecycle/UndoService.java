package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.administration.Management;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Forbidden;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RetentionRunStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Obstacle;
import dev.moorage.registry.Origins;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Undoes what a request did, as long as what it took is there: an undo is a request as others, and can be undone itself.
 *
 * <p>Who may do the opposite of something may undo it: a push lets a tag name something, a deletion takes a tag away, hides
 * and restores, an owner deletes repositories and organizations and brings them back.
 */
@ApplicationScoped
public class UndoService {

    /** How many things that a run of retention did are undone at once at most; more are undone in the background. */
    static final int MOST_OF_RUN = 500;

    private final Management management;
    private final EventStore events;
    private final RetentionRunStore runs;
    private final GroupReversal reversal;
    private final Origins origins;

    UndoService(
            Management management, EventStore events, RetentionRunStore runs, GroupReversal reversal, Origins origins) {
        this.management = management;
        this.events = events;
        this.runs = runs;
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
     * What an undo would do.
     *
     * @param undone the events that it would undo, in the order in which they happened
     * @param events what it would do, in the order in which that would happen; nothing where something stands against it
     * @param refusal why it would be refused
     * @param conflicts everything that stands against it by now, each with its {@code kind} and a {@code detail}
     */
    public record Preview(
            List<RecordedEvent> undone,
            List<RecordedEvent> events,
            Optional<String> refusal,
            List<Map<String, Object>> conflicts) {

        /** Keeps its own copies. */
        public Preview {
            undone = List.copyOf(undone);
            events = List.copyOf(events);
            conflicts = List.copyOf(conflicts);
        }
    }

    /** What is to be undone, and how. */
    private record Undoing(List<EventStore.Row> events, Function<Origin, List<EventStore.Row>> work) {}

    /**
     * Undoes all that the request of an event did in a repository, or nothing.
     *
     * <p>409 with everything that stands against it, 403 where a rule keeps a tag.
     */
    public Undone undo(Grant grant, RepositoryName name, String reference, Optional<String> why) {
        Origin origin = origins.of(grant).because(Reason.of("why", why));
        AuditSubject subject = AuditSubject.of(AuditAction.HISTORY_UNDO, name.organization(), reference);
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("repository", name.value()).with("why", why);
            return new Undone(
                    recorded(undoing(tx, powers, name, reference).work().apply(origin)));
        });
    }

    /**
     * Undoes all that the request of an event did in an organization, also to repositories that are deleted, or to itself.
     *
     * <p>Who holds a part of it undoes what was done there; of a request that did more he does not hear that it was.
     */
    public Undone undo(Grant grant, OrganizationName name, String reference, Optional<String> why) {
        Origin origin = origins.of(grant).because(Reason.of("why", why));
        AuditSubject subject = AuditSubject.of(AuditAction.HISTORY_UNDO, name, reference);
        return management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("why", why);
            return new Undone(
                    recorded(undoing(tx, powers, name, reference).work().apply(origin)));
        });
    }

    /** What {@link #undo(Grant, RepositoryName, String, Optional)} would do now: it is done, and nothing of it stays. */
    public Preview preview(Grant grant, RepositoryName name, String reference) {
        return management.rehearse(grant, (tx, powers) -> preview(grant, undoing(tx, powers, name, reference)));
    }

    /** What {@link #undo(Grant, OrganizationName, String, Optional)} would do now: it is done, and nothing of it stays. */
    public Preview preview(Grant grant, OrganizationName name, String reference) {
        return management.rehearse(grant, (tx, powers) -> preview(grant, undoing(tx, powers, name, reference)));
    }

    private Preview preview(Grant grant, Undoing undoing) {
        List<RecordedEvent> undone = recorded(undoing.events());
        try {
            List<EventStore.Row> made = undoing.work().apply(origins.of(grant));
            return new Preview(undone, recorded(made), Optional.empty(), List.of());
        } catch (Forbidden refusal) {
            return new Preview(undone, List.of(), Optional.of(refusal.getMessage()), List.of());
        } catch (Conflict conflict) {
            return new Preview(undone, List.of(), Optional.of(conflict.getMessage()), Refusals.conflicts(conflict));
        }
    }

    private Undoing undoing(Transaction tx, Powers powers, RepositoryName name, String reference) {
        RepositoryKey key = management.met(tx, powers, name);
        Management.demand(powers.over(name, Optional.empty(), Action.PULL));
        UUID group = group(reference, event -> events.groupOf(tx, key, event));
        runOfMany(tx, key.organization(), Optional.of(key.repository()), group).ifPresent(UndoService::refuse);
        List<EventStore.Row> undone = events.ofGroup(tx, key, group);
        return new Undoing(undone, origin -> {
            GroupReversal.demand(powers, name.organization(), undone);
            reversal.apply(tx, key.organization(), undone, origin);
            // Behind the locks, which may have been waited for: who had them may have taken just this from the caller.
            GroupReversal.demand(management.again(tx, powers), name.organization(), undone);
            return events.ofGroup(tx, key, origin.group());
        });
    }

    private Undoing undoing(Transaction tx, Powers powers, OrganizationName name, String reference) {
        Management.Met met = management.met(tx, powers, name);
        OrganizationId id = met.id();
        UUID group = group(reference, event -> events.groupOf(tx, id, event));
        Optional<UUID> large = runOfMany(tx, id, Optional.empty(), group);
        if (large.isPresent()
                && Powers.refusal(met.powers().over(name, Action.PULL)).isPresent()) {
            throw new NotFound("event", reference);
        }
        large.ifPresent(UndoService::refuse);
        List<EventStore.Row> undone = events.ofGroup(tx, id, group);
        if (!sees(met.powers(), name, undone)) {
            throw new NotFound("event", reference);
        }
        return new Undoing(undone, origin -> {
            GroupReversal.demand(met.powers(), name, undone);
            demandLive(met, undone);
            reversal.apply(tx, id, undone, origin);
            // Behind the locks as above; the organization itself may have come or gone by this.
            Powers now = management.met(tx, management.again(tx, powers), name).powers();
            GroupReversal.demand(now, name, undone);
            return events.ofGroup(tx, id, origin.group());
        });
    }

    private static void demandLive(Management.Met met, List<EventStore.Row> undone) {
        if (met.state() == Management.State.DELETED
                && undone.stream().anyMatch(event -> event.repository().isPresent())) {
            Refusals.demandNone(List.of(new Refusals.In(
                    Optional.empty(),
                    List.of(Obstacle.of(
                            Obstacle.Kind.ORGANIZATION_DELETED,
                            "the organization is deleted itself; undo that first")))));
        }
    }

    private static boolean sees(Powers powers, OrganizationName organization, List<EventStore.Row> events) {
        return Powers.refusal(powers.over(organization, Action.PULL)).isEmpty()
                || events.stream().allMatch(event -> event.name()
                        .filter(name -> Powers.refusal(powers.over(name, Optional.empty(), Action.PULL))
                                .isEmpty())
                        .isPresent());
    }

    /** The run of retention that did more than one transaction should do. */
    private Optional<UUID> runOfMany(
            Transaction transaction, OrganizationId organization, Optional<RepositoryId> only, UUID group) {
        return runs.ofGroup(transaction, organization, group)
                .filter(_ -> events.moreOfGroup(transaction, organization, only, group, MOST_OF_RUN));
    }

    private static void refuse(UUID run) {
        throw new Conflict(
                "a run of retention did more than " + MOST_OF_RUN + " things; undo the run",
                Map.of("run", run.toString()));
    }

    private static UUID group(String reference, Function<UUID, Optional<UUID>> look) {
        return EventService.reference(reference).flatMap(look).orElseThrow(() -> new NotFound("event", reference));
    }

    private static List<RecordedEvent> recorded(List<EventStore.Row> rows) {
        return rows.stream().map(RecordedEvent::of).toList();
    }
}
