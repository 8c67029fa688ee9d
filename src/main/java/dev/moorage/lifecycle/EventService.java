package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.Listing;
import dev.moorage.administration.Management;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.EventStore;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tells what happened; a role that pulls is enough, and that a repository is public is not. */
@ApplicationScoped
public class EventService {

    private final Management management;
    private final EventStore events;

    EventService(Management management, EventStore events) {
        this.management = management;
        this.events = events;
    }

    /** Events of a repository, the newest first; of one that is deleted to whoever may bring it back. */
    public Listing<RecordedEvent> list(Grant grant, RepositoryName name, Listing.Asked asked) {
        Optional<UUID> after = after(asked);
        return page(
                management.read(grant, (tx, powers) -> {
                    RepositoryKey key = management.met(tx, powers, name);
                    Management.demand(powers.over(name, Optional.empty(), Action.PULL));
                    return events.before(tx, key, after, asked.rows());
                }),
                asked);
    }

    /**
     * Events of an organization and its repositories, those that are deleted too, the newest first; of one that is deleted
     * itself to whoever may bring it back.
     */
    public Listing<RecordedEvent> list(Grant grant, OrganizationName name, Listing.Asked asked) {
        Optional<UUID> after = after(asked);
        return page(
                management.read(grant, (tx, powers) -> {
                    Management.Met met = management.met(tx, powers, name);
                    Management.demand(met.powers().over(name, Action.PULL));
                    return events.before(tx, met.id(), after, asked.rows());
                }),
                asked);
    }

    private static Listing<RecordedEvent> page(List<EventStore.Row> rows, Listing.Asked asked) {
        return Listing.of(rows, asked, RecordedEvent::of, row -> row.reference().toString());
    }

    private static Optional<UUID> after(Listing.Asked asked) {
        if (asked.after().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(reference(asked.after())
                .orElseThrow(() -> new Invalid("after", "after is what next was on the page before")));
    }

    /** Reads what the outside calls an event; empty where the text is no such thing. */
    static Optional<UUID> reference(String text) {
        try {
            UUID reference = UUID.fromString(text);
            return Optional.of(reference).filter(read -> read.toString().equals(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
