package dev.moorage.registry;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Event;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.QuotaStore;
import dev.moorage.metadata.QuotaStore.Limited;
import dev.moorage.metadata.RepositoryHidingStore;
import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Tag;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Hides a repository with all that is in it, and shows it again as it was.
 *
 * <p>Nothing in it is touched: whoever finds it by its name, or by the id in a token, finds nothing from the commit on. All
 * who write in it share its row, so they have ended before it is hidden.
 */
@Singleton
public class RepositoryHiding {

    private static final int NAMED = 10;

    private final RepositoryHidingStore repositories;
    private final QuotaStore quotas;
    private final HistoryStore history;
    private final MoorageConfig config;

    RepositoryHiding(
            RepositoryHidingStore repositories, QuotaStore quotas, HistoryStore history, MoorageConfig config) {
        this.repositories = repositories;
        this.quotas = quotas;
        this.history = history;
        this.config = config;
    }

    /** Hides a repository, and answers what stands against it. */
    public List<Obstacle> hide(
            Transaction transaction,
            RepositoryKey repository,
            Immutability immutability,
            Origin origin,
            Optional<Long> undoes) {
        Optional<Presence> presence = repositories.lock(transaction, repository);
        if (!presence.equals(Optional.of(Presence.SHOWN))) {
            return List.of(Obstacle.of(Obstacle.Kind.REPOSITORY_DELETED, "the repository is deleted already"));
        }
        // In a statement after the lock: no tag and no rule is made from here on.
        List<Tag> kept =
                switch (immutability) {
                    case ENFORCED -> repositories.immutableTags(transaction, repository, NAMED);
                    case LIFTED -> List.of();
                };
        if (!kept.isEmpty()) {
            return kept.stream()
                    .map(tag -> Obstacle.of(
                            Obstacle.Kind.TAG_IMMUTABLE,
                            tag,
                            Optional.empty(),
                            Optional.empty(),
                            "a rule keeps the tag %s on its manifest".formatted(tag)))
                    .toList();
        }
        repositories.hide(transaction, repository);
        long event = append(transaction, repository, origin, Kind.REPOSITORY_DELETED, undoes);
        history.hold(transaction, repository, event, config.undo().window());
        return List.of();
    }

    /** Shows a hidden repository under its name, and answers what stands against it. */
    public List<Obstacle> show(
            Transaction transaction,
            RepositoryKey repository,
            RepositoryName name,
            Origin origin,
            Optional<Long> undoes) {
        // Before the repository's row, as whoever makes one does.
        Optional<Limited> limited = quotas.find(transaction, name.organization())
                .filter(organization -> organization.quota().repositories().isPresent());
        limited.ifPresent(organization -> quotas.lockRepositories(transaction, organization.id()));
        if (!repositories.shareOrganization(transaction, repository.organization())) {
            return List.of(Obstacle.of(Obstacle.Kind.ORGANIZATION_DELETED, "the organization is deleted"));
        }
        Optional<Presence> presence = repositories.lock(transaction, repository);
        if (presence.isEmpty()) {
            return List.of(Obstacle.of(
                    Obstacle.Kind.REPOSITORY_GONE, "the repository is gone for good: it was not undone in time"));
        }
        if (presence.get() == Presence.SHOWN) {
            return List.of(
                    Obstacle.of(Obstacle.Kind.REPOSITORY_RESTORED_SINCE, "the repository is there again already"));
        }
        if (limited.filter(organization -> isFull(transaction, organization)).isPresent()) {
            return List.of(Obstacle.of(
                    Obstacle.Kind.QUOTA, "the organization has all the repositories that its quota allows"));
        }
        if (repositories.isTaken(transaction, name) || !repositories.show(transaction, repository)) {
            return List.of(Obstacle.of(
                    Obstacle.Kind.NAME_TAKEN, "a repository of the name %s was made since".formatted(name)));
        }
        append(transaction, repository, origin, Kind.REPOSITORY_RESTORED, undoes);
        history.endHolds(transaction, repository);
        return List.of();
    }

    private boolean isFull(Transaction transaction, Limited organization) {
        return organization
                .quota()
                .repositories()
                .filter(limit -> quotas.repositories(transaction, organization.id()) >= limit)
                .isPresent();
    }

    private long append(
            Transaction transaction, RepositoryKey repository, Origin origin, Kind kind, Optional<Long> undoes) {
        return history.append(
                transaction,
                repository,
                origin,
                new Event(kind, Optional.empty(), Optional.empty(), Optional.empty(), undoes));
    }
}
