package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Audit;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.administration.Management;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.lifecycle.RestorePlans.Plan;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.RepositoryStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Obstacle;
import dev.moorage.registry.Origins;
import dev.moorage.registry.Reversal;
import dev.moorage.registry.Wish;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets tags name what they named at a point in time within the window of undo, all of them or none.
 *
 * <p>What is there is found out from the history, and brought back as by an undo: in one request, which one undo undoes.
 */
@ApplicationScoped
public class RestoreService {

    private final Management management;
    private final OrganizationStore organizations;
    private final RepositoryStore repositories;
    private final EventStore events;
    private final RestorePlans plans;
    private final Reversal reversal;
    private final Origins origins;
    private final MoorageConfig config;

    RestoreService(
            Management management,
            OrganizationStore organizations,
            RepositoryStore repositories,
            EventStore events,
            RestorePlans plans,
            Reversal reversal,
            Origins origins,
            MoorageConfig config) {
        this.management = management;
        this.organizations = organizations;
        this.repositories = repositories;
        this.events = events;
        this.plans = plans;
        this.reversal = reversal;
        this.origins = origins;
        this.config = config;
    }

    /** Whether something is done or only told. */
    public enum Mode {
        PREVIEW,
        CARRY_OUT
    }

    /**
     * What is to be restored.
     *
     * @param at the point in time
     * @param tags which tags; empty for all
     * @param mode whether it is done
     * @param why the reason, for the history
     */
    public record Asked(Instant at, List<TagPattern> tags, Mode mode, Optional<String> why) {

        /** Keeps its own copy of the patterns. */
        public Asked {
            tags = List.copyOf(tags);
        }

        boolean isAbout(Tag tag) {
            return tags.isEmpty() || tags.stream().anyMatch(pattern -> pattern.matches(tag));
        }
    }

    /**
     * What becomes, or became, of the tags that do not name what they did.
     *
     * @param tags one entry for each, by repository and name
     * @param conflicts everything that stands against it; nothing where it was carried out
     */
    public record Restored(List<RestoredTag> tags, List<Map<String, Object>> conflicts) {

        /** Keeps its own copies. */
        public Restored {
            tags = List.copyOf(tags);
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * A tag.
     *
     * @param repository where
     * @param tag which
     * @param now what it names before the restore; empty where it is not there
     * @param then what it named; empty where it was not there
     */
    public record RestoredTag(String repository, String tag, Optional<String> now, Optional<String> then) {}

    /** Restores tags of a repository, for whoever may push and delete there. */
    public Restored restore(Grant grant, RepositoryName name, Asked asked) {
        Origin origin = origins.of(grant).because(Reason.of("why", asked.why()));
        AuditSubject subject = AuditSubject.of(AuditAction.HISTORY_RESTORE, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            tell(audit, asked);
            RepositoryKey key = management
                    .seen(tx, powers, name, RepositoryListStore.Lock.NONE)
                    .key();
            demand(powers, name);
            demandWithin(tx, key.organization(), asked.at());
            Restored restored = restore(tx, List.of(new EventStore.Touched(key, name)), asked, origin);
            // Behind the locks, which may have been waited for.
            demand(management.again(tx, powers), name);
            return restored;
        });
    }

    /** Restores tags of all repositories of an organization that are there, for whoever may push and delete in all of it. */
    public Restored restore(Grant grant, OrganizationName name, Asked asked) {
        Origin origin = origins.of(grant).because(Reason.of("why", asked.why()));
        AuditSubject subject = AuditSubject.of(AuditAction.HISTORY_RESTORE, name);
        return management.change(grant, subject, (tx, powers, audit) -> {
            tell(audit, asked);
            OrganizationId id = management
                    .seen(tx, powers, name, OrganizationStore.Lock.NONE)
                    .id();
            demand(powers, name);
            demandWithin(tx, id, asked.at());
            Restored restored = restore(tx, events.touchedSince(tx, id, asked.at()), asked, origin);
            demand(management.again(tx, powers), name);
            return restored;
        });
    }

    private static void tell(Audit audit, Asked asked) {
        audit.with("at", asked.at().toString())
                .with("tags", asked.tags().stream().map(TagPattern::value).toList())
                .with("preview", asked.mode() == Mode.PREVIEW)
                .with("why", asked.why());
    }

    /** It moves tags as a push does, and takes them away and shows what is hidden as a deletion and its undo do. */
    private static void demand(Powers powers, RepositoryName name) {
        Management.demand(powers.over(name, Optional.empty(), Action.PUSH));
        Management.demand(powers.over(name, Optional.empty(), Action.DELETE));
    }

    private static void demand(Powers powers, OrganizationName name) {
        Management.demand(powers.over(name, Action.PUSH));
        Management.demand(powers.over(name, Action.DELETE));
    }

    private void demandWithin(Transaction transaction, OrganizationId organization, Instant at) {
        if (!organizations.isWithinWindow(
                transaction, organization, at, config.undo().window())) {
            throw new Invalid("at", "at lies within the window of undo, and not in the future");
        }
    }

    /** Repositories come in the order of their ids, and are locked so. */
    private Restored restore(Transaction transaction, List<EventStore.Touched> touched, Asked asked, Origin origin) {
        List<RestoredTag> tags = new ArrayList<>();
        List<Refusals.In> against = new ArrayList<>();
        for (EventStore.Touched one : touched) {
            List<Obstacle> obstacles = repositories
                    .keep(transaction, one.key())
                    .map(kept -> restore(transaction, kept.key(), one.name(), asked, origin, tags))
                    .orElseGet(() -> List.of(Obstacle.of(
                            Obstacle.Kind.REPOSITORY_DELETED, "the repository was deleted; undo that first")));
            against.add(new Refusals.In(Optional.of(one.name()), obstacles));
        }
        if (asked.mode() == Mode.CARRY_OUT) {
            Refusals.demandNone(against);
        }
        tags.sort(Comparator.comparing(RestoredTag::repository).thenComparing(RestoredTag::tag));
        return new Restored(tags, Refusals.described(against));
    }

    private List<Obstacle> restore(
            Transaction transaction,
            RepositoryKey key,
            RepositoryName name,
            Asked asked,
            Origin origin,
            List<RestoredTag> tags) {
        Plan plan = plans.of(transaction, key, asked);
        plan.tags().forEach(wish -> tags.add(restored(name, wish)));
        return switch (asked.mode()) {
            case PREVIEW -> reversal.check(transaction, key, plan.wishes(), origin);
            case CARRY_OUT -> reversal.apply(transaction, key, plan.wishes(), origin);
        };
    }

    private static RestoredTag restored(RepositoryName name, Wish.TagNames wish) {
        return new RestoredTag(
                name.value(),
                wish.tag().value(),
                wish.now().map(Digest::toString),
                wish.then().map(Digest::toString));
    }
}
