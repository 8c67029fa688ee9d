package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Decision;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryPrefix;
import jakarta.enterprise.context.ApplicationScoped;

/** Tells what a caller may do, so that a page offers him what he may. */
@ApplicationScoped
public class RightsService {

    private final Management management;

    RightsService(Management management) {
        this.management = management;
    }

    /** Whether the caller administers the registry. */
    public boolean isAdministrator(Grant grant) {
        return management.read(grant, (_, powers) -> may(powers.everywhere(Action.ADMINISTER)));
    }

    /** What the caller may do in an organization that he sees. */
    public Rights in(Grant grant, OrganizationName organization) {
        return management.read(grant, (tx, powers) -> {
            management.seen(tx, powers, organization, Lock.NONE);
            return new Rights(
                    may(powers.everywhere(Action.ADMINISTER)),
                    may(powers.over(organization, Action.ADMINISTER)),
                    !powers.administered(organization).isEmpty(),
                    pushes(powers, organization),
                    may(powers.over(organization, Action.PULL)));
        });
    }

    private static boolean pushes(Powers powers, OrganizationName organization) {
        RepositoryPrefix whole = new RepositoryPrefix(organization.value());
        return may(powers.over(organization, Action.PUSH))
                || powers.holdings().stream()
                        .anyMatch(held -> whole.covers(held.prefix()) && Action.PUSH.heldBy(held.role()));
    }

    private static boolean may(Decision decision) {
        return Powers.refusal(decision).isEmpty();
    }
}
