package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.metadata.LargestStore;
import dev.moorage.metadata.LargestStore.Keeper;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.name.Amount;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Says who keeps most; at most {@value LargestStore#COMPARED} are compared. */
@ApplicationScoped
public class Largest {

    /** How many are told of. */
    public static final int TOLD = 20;

    private final Management management;
    private final LargestStore largest;

    Largest(Management management, LargestStore largest) {
        this.management = management;
        this.largest = largest;
    }

    /**
     * Who keeps something, and what.
     *
     * @param name of an organization or a repository
     * @param blobs of a repository those that it shows or holds for undo, of an organization each once
     * @param manifests live, or held for undo
     */
    public record Use(String name, Amount blobs, Amount manifests) {

        /** The bytes of both. */
        public long bytes() {
            return blobs.bytes() + manifests.bytes();
        }
    }

    /** The repositories of an organization that keep most, the largest first, for whoever may pull all of it. */
    public List<Use> repositories(Grant grant, OrganizationName name) {
        return management.read(grant, (tx, powers) -> {
            OrganizationId id = management.seen(tx, powers, name, Lock.NONE).id();
            Management.demand(powers.over(name, Action.PULL));
            return uses(largest.repositories(tx, id, TOLD));
        });
    }

    /** The organizations that keep most, the largest first; for administrators of the registry. */
    public List<Use> organizations(Grant grant) {
        return management.read(grant, (tx, powers) -> {
            Management.demand(powers.everywhere(Action.ADMINISTER));
            return uses(largest.organizations(tx, TOLD));
        });
    }

    private static List<Use> uses(List<Keeper> keepers) {
        return keepers.stream()
                .map(keeper -> new Use(keeper.name(), keeper.blobs(), keeper.manifests()))
                .toList();
    }
}
