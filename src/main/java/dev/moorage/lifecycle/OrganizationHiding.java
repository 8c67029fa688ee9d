package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Event;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.OrganizationHidingStore;
import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.OrganizationId;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.Obstacle;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Hides an organization with all that is in it, and shows it again as it was.
 *
 * <p>Nothing in it is touched, however much it is: whoever looks for anything in it finds nothing from the commit on. What was
 * on its way then is as if it had been done before, and comes back with the rest.
 */
@ApplicationScoped
class OrganizationHiding {

    private final OrganizationHidingStore organizations;
    private final HistoryStore history;
    private final ReviewStore reviews;
    private final MoorageConfig config;

    OrganizationHiding(
            OrganizationHidingStore organizations, HistoryStore history, ReviewStore reviews, MoorageConfig config) {
        this.organizations = organizations;
        this.history = history;
        this.reviews = reviews;
        this.config = config;
    }

    /** Hides an organization, and answers what stands against it. */
    List<Obstacle> hide(
            Transaction transaction,
            OrganizationId organization,
            Immutability immutability,
            Origin origin,
            Optional<Long> undoes) {
        Optional<Presence> presence = organizations.lock(transaction, organization);
        if (!presence.equals(Optional.of(Presence.SHOWN))) {
            return List.of(Obstacle.of(Obstacle.Kind.ORGANIZATION_DELETED, "the organization is deleted already"));
        }
        boolean ruled =
                switch (immutability) {
                    // Any rule, for it may have very many tags, and which of them a rule keeps takes all of them to
                    // say.
                    case ENFORCED -> organizations.anyRule(transaction, organization);
                    case LIFTED -> false;
                };
        if (ruled) {
            return List.of(Obstacle.of(
                    Obstacle.Kind.TAG_IMMUTABLE, "a rule in the organization keeps tags on their manifests"));
        }
        append(transaction, organization, origin, Kind.ORGANIZATION_DELETED, undoes);
        OffsetDateTime until =
                organizations.hide(transaction, organization, config.undo().window());
        reviews.enqueue(
                transaction, organization, until, config.collection().delay().holdEnded());
        return List.of();
    }

    /** Shows a hidden organization under its name, which nobody else can have taken, and answers what stands against it. */
    List<Obstacle> show(Transaction transaction, OrganizationId organization, Origin origin, Optional<Long> undoes) {
        Optional<Presence> presence = organizations.lock(transaction, organization);
        if (presence.isEmpty()) {
            return List.of(Obstacle.of(
                    Obstacle.Kind.ORGANIZATION_GONE, "the organization is gone for good: it was not undone in time"));
        }
        if (presence.get() == Presence.SHOWN) {
            return List.of(
                    Obstacle.of(Obstacle.Kind.ORGANIZATION_RESTORED_SINCE, "the organization is there again already"));
        }
        organizations.show(transaction, organization);
        append(transaction, organization, origin, Kind.ORGANIZATION_RESTORED, undoes);
        return List.of();
    }

    private void append(
            Transaction transaction, OrganizationId organization, Origin origin, Kind kind, Optional<Long> undoes) {
        history.append(
                transaction,
                organization,
                origin,
                new Event(kind, Optional.empty(), Optional.empty(), Optional.empty(), undoes));
    }
}
