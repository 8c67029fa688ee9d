package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.RemovalStore;
import dev.moorage.metadata.RemovalStore.Home;
import dev.moorage.metadata.RemovalStore.Needs;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.ReviewStore.Because;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes links away that no manifest references, that no pusher was told of for a day, and that nothing holds. */
@ApplicationScoped
class LinkCollector {

    private final RemovalStore removals;
    private final ReviewStore reviews;
    private final UsageStore usage;
    private final MoorageConfig config;

    LinkCollector(RemovalStore removals, ReviewStore reviews, UsageStore usage, MoorageConfig config) {
        this.removals = removals;
        this.reviews = reviews;
        this.usage = usage;
        this.config = config;
    }

    Outcome collect(Transaction transaction, RepositoryKey repository, Digest digest) {
        Optional<Home> home = removals.share(transaction, repository);
        if (home.isEmpty()) {
            return new Outcome.Kept();
        }
        if (home.get().deleted()) {
            return new Outcome.Later(home.get().until());
        }
        Duration delay = config.collection().linkDelay();
        Optional<Needs> before = removals.linkNeeds(transaction, repository, digest, delay);
        if (before.isEmpty() || !before.get().nothing()) {
            return ManifestCollector.kept(before);
        }
        Optional<Long> size = removals.lockLink(transaction, repository, digest);
        if (size.isEmpty()) {
            return new Outcome.Kept();
        }
        // In a statement of its own, behind the lock: it sees every reference and lease that was committed meanwhile.
        Optional<Needs> now = removals.linkNeeds(transaction, repository, digest, delay);
        if (now.isEmpty() || !now.get().nothing()) {
            return ManifestCollector.kept(now);
        }
        remove(transaction, repository, digest, size.get());
        return new Outcome.Gone();
    }

    private void remove(Transaction transaction, RepositoryKey repository, Digest digest, long size) {
        removals.removeLink(transaction, repository, digest);
        if (usage.linkRemoved(transaction, repository, digest, size)) {
            reviews.enqueueBlobs(
                    transaction,
                    List.of(digest),
                    Because.LINK_GONE,
                    config.collection().delay().linkGone());
        }
    }
}
