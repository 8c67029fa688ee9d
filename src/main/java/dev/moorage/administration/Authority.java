package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Decision;
import dev.moorage.access.Principal;
import dev.moorage.access.Standing;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.NameUnknown;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses who may not, before anything is looked up.
 *
 * <p>Whoever may not even read gets the answer of what does not exist: 404. Whoever may read, and not this: 403.
 */
final class Authority {

    private Authority() {}

    static void demand(Standing standing, OrganizationName organization, Action action) {
        if (Decision.of(standing, organization, action) instanceof Decision.Denied(String because)) {
            throw refusal(
                    Decision.of(standing, organization, Action.PULL) instanceof Decision.Granted,
                    organization.value(),
                    because);
        }
    }

    static void demand(Standing standing, RepositoryName repository, Action action) {
        if (Decision.of(standing, repository, Optional.empty(), action) instanceof Decision.Denied(String because)) {
            throw refusal(
                    Decision.of(standing, repository, Optional.empty(), Action.PULL) instanceof Decision.Granted,
                    repository.value(),
                    because);
        }
    }

    /** What an organization is given is not for itself to say. */
    static void demandAdministrator(Standing standing, OrganizationName organization) {
        demand(standing, organization, Action.ADMINISTER);
        if (!(standing.principal() instanceof Principal.Account account) || !account.administrator()) {
            throw new Denied("an administrator of the registry sets this", Map.of("name", organization.value()));
        }
    }

    private static RegistryException refusal(boolean mayRead, String name, String because) {
        return mayRead ? new Denied(because, Map.of("name", name)) : new NameUnknown(name);
    }
}
