package dev.moorage.lifecycle;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.administration.Management;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.RepositoryHidingStore;
import dev.moorage.metadata.RepositoryListStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.Immutability;
import dev.moorage.registry.Origins;
import dev.moorage.registry.RepositoryHiding;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Deletes repositories, which their owners do: hidden at once, and held for undo with all that is in them. */
@ApplicationScoped
public class RepositoryDeletionService {

    private final Management management;
    private final Transactions transactions;
    private final RepositoryHidingStore repositories;
    private final RepositoryHiding hiding;
    private final Origins origins;

    RepositoryDeletionService(
            Management management,
            Transactions transactions,
            RepositoryHidingStore repositories,
            RepositoryHiding hiding,
            Origins origins) {
        this.management = management;
        this.transactions = transactions;
        this.repositories = repositories;
        this.hiding = hiding;
        this.origins = origins;
    }

    /**
     * Deletes a repository; its name can be used again at once, for another one.
     *
     * <p>403 where a rule keeps one of its tags, unless the owner says that this does not matter.
     */
    public void delete(Grant grant, RepositoryName name, Immutability immutability, Optional<String> why) {
        Origin origin = origins.of(grant).because(Reason.of("why", why));
        AuditSubject subject = AuditSubject.of(AuditAction.REPOSITORY_DELETE, name);
        RepositoryKey deleted = management.change(grant, subject, (tx, powers, audit) -> {
            audit.with("immutableTags", immutability == Immutability.LIFTED ? "deleted too" : "kept")
                    .with("why", why);
            RepositoryKey key = management
                    .seen(tx, powers, name, RepositoryListStore.Lock.NONE)
                    .key();
            Management.demand(powers.over(name, Optional.empty(), Action.ADMINISTER));
            Refusals.demandNone(List.of(
                    new Refusals.In(Optional.of(name), hiding.hide(tx, key, immutability, origin, Optional.empty()))));
            // Behind the lock, which pushes under way may have had for long.
            Management.demand(management.again(tx, powers).over(name, Optional.empty(), Action.ADMINISTER));
            return key;
        });
        // By itself: a request that holds an upload's row may wait for the repository's, and is not waited for here.
        transactions.run(Durability.PROGRAM_END, tx -> repositories.endUploads(tx, deleted));
    }
}
