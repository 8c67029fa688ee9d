package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.RemovalStore;
import dev.moorage.metadata.RepositoryRemovalStore;
import dev.moorage.metadata.RetentionRemovalStore;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.ReviewStore.Because;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes deleted repositories away that nothing holds: tags, references, manifests, links, in pieces of a transaction each,
 * then what uploads are open, then the row.
 *
 * <p>From the first piece on the row says that it cannot be brought back.
 */
@ApplicationScoped
class RepositoryCollector {

    private final RepositoryRemovalStore repositories;
    private final RemovalStore removals;
    private final ReviewStore reviews;
    private final UsageStore usage;
    private final RetentionRemovalStore runs;
    private final MoorageConfig config;

    RepositoryCollector(
            RepositoryRemovalStore repositories,
            RemovalStore removals,
            ReviewStore reviews,
            UsageStore usage,
            RetentionRemovalStore runs,
            MoorageConfig config) {
        this.repositories = repositories;
        this.removals = removals;
        this.reviews = reviews;
        this.usage = usage;
        this.runs = runs;
        this.config = config;
    }

    Outcome collect(Transaction transaction, RepositoryKey repository) {
        Optional<Boolean> deleted = repositories.lock(transaction, repository);
        if (deleted.isEmpty() || !deleted.get()) {
            return new Outcome.Kept();
        }
        // In a statement of its own, behind the lock: it sees every hold that was committed meanwhile.
        Optional<OffsetDateTime> held = repositories.heldUntil(transaction, repository);
        if (held.isPresent()) {
            return new Outcome.Later(held.get());
        }
        repositories.begin(transaction, repository);
        int batch = config.collection().batch();
        if (repositories.removeTags(transaction, repository, batch) > 0
                || repositories.removeReferences(transaction, repository, batch) > 0
                || removeManifests(transaction, repository, batch)
                || removeLinks(transaction, repository, batch)
                || runs.remove(transaction, repository, batch)) {
            return new Outcome.Piece();
        }
        return end(transaction, repository);
    }

    private boolean removeManifests(Transaction transaction, RepositoryKey repository, int batch) {
        List<Integer> sizes = repositories.removeManifests(transaction, repository, batch);
        if (!sizes.isEmpty()) {
            usage.manifestsRemoved(
                    transaction,
                    repository,
                    sizes.size(),
                    sizes.stream().mapToLong(Integer::longValue).sum());
        }
        return !sizes.isEmpty();
    }

    private boolean removeLinks(Transaction transaction, RepositoryKey repository, int batch) {
        List<BlobRow> links = repositories.lockLinks(transaction, repository, batch);
        List<Digest> last = new ArrayList<>();
        for (BlobRow blob : links) {
            removals.removeLink(transaction, repository, blob.digest());
            if (usage.linkRemoved(transaction, repository, blob.digest(), blob.size())) {
                last.add(blob.digest());
            }
        }
        reviews.enqueueBlobs(
                transaction,
                last,
                Because.LINK_GONE,
                config.collection().delay().linkGone());
        return !links.isEmpty();
    }

    /** The row waits for those who end uploads and fold the ledger: they need it. */
    private Outcome end(Transaction transaction, RepositoryKey repository) {
        if (repositories.endUploads(transaction, repository) || repositories.anyUnfolded(transaction, repository)) {
            return removals.share(transaction, repository)
                    .<Outcome>map(home -> new Outcome.Later(home.soon()))
                    .orElseGet(Outcome.Gone::new);
        }
        repositories.remove(transaction, repository);
        return new Outcome.Gone();
    }
}
