package dev.moorage.access;

import dev.moorage.access.Decision.Ground;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.RepositoryId;
import dev.moorage.name.RepositoryName;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a token allows on one repository, or on all of them.
 *
 * @param name the repository; empty for all
 * @param actions what may be done
 * @param ground what that rests on
 * @param organization the organization that the name lay in when the token was made
 * @param repository the repository of the name then; empty where there was none
 * @param epoch the account's in that organization then; empty where it does not rest on an account's role there
 */
record TokenEntry(
        Optional<RepositoryName> name,
        Set<Action> actions,
        Ground ground,
        Optional<OrganizationId> organization,
        Optional<RepositoryId> repository,
        Optional<Long> epoch) {

    TokenEntry {
        actions = actions.isEmpty() ? EnumSet.noneOf(Action.class) : EnumSet.copyOf(actions);
    }

    /** What rests on nobody's roles in an organization. */
    TokenEntry(Optional<RepositoryName> name, Set<Action> actions, Ground ground) {
        this(name, actions, ground, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether it is about a repository. */
    boolean covers(RepositoryName asked) {
        return name.map(asked::equals).orElse(true);
    }
}
