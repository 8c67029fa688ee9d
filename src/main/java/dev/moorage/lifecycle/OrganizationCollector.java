package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.OrganizationRemovalStore;
import dev.moorage.metadata.OrganizationRemovalStore.Deleted;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Takes organizations away that were deleted with all that is in them, when their window is over: their repositories by the
 * queue, then who held what in them, what was set and what happened, in pieces of a transaction each, then the row.
 *
 * <p>From the first piece on the row says that it cannot be brought back; its name is free when the row is gone.
 */
@ApplicationScoped
class OrganizationCollector {

    private final OrganizationRemovalStore organizations;
    private final ReviewStore reviews;
    private final MoorageConfig config;

    OrganizationCollector(OrganizationRemovalStore organizations, ReviewStore reviews, MoorageConfig config) {
        this.organizations = organizations;
        this.reviews = reviews;
        this.config = config;
    }

    Outcome collect(Transaction transaction, OrganizationId organization) {
        Optional<Deleted> deleted = organizations.lock(transaction, organization);
        if (deleted.isEmpty()) {
            return new Outcome.Kept();
        }
        if (deleted.get().held().isPresent()) {
            return new Outcome.Later(deleted.get().held().get());
        }
        organizations.begin(transaction, organization);
        int batch = config.collection().batch();
        List<RepositoryId> hidden = organizations.hideRepositories(transaction, organization, batch);
        if (!hidden.isEmpty()) {
            reviews.enqueue(transaction, organization, hidden);
            return new Outcome.Piece();
        }
        if (organizations.endHolds(transaction, organization, batch) > 0) {
            return new Outcome.Piece();
        }
        List<RepositoryId> left = organizations.repositories(transaction, organization, batch);
        if (!left.isEmpty()) {
            // Those too that were deleted one by one before, and were held until just now.
            reviews.enqueue(transaction, organization, left);
            return new Outcome.Later(deleted.get().soon());
        }
        if (organizations.anyUnfolded(transaction, organization)) {
            return new Outcome.Later(deleted.get().soon());
        }
        if (organizations.removeRows(transaction, organization, batch)) {
            return new Outcome.Piece();
        }
        organizations.remove(transaction, organization);
        return new Outcome.Gone();
    }
}
