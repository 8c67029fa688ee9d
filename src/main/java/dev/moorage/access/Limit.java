package dev.moorage.access;

import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a credential may be used for at most, whatever its owner may do.
 *
 * @param prefix where
 * @param actions what
 */
public record Limit(RepositoryPrefix prefix, Set<Action> actions) {

    /** No limit beside the owner's own. */
    public static final Limit NONE = new Limit(RepositoryPrefix.ALL, EnumSet.allOf(Action.class));

    /** Keeps its own copy of the actions. */
    public Limit {
        actions = Set.copyOf(actions);
    }

    /** Whether the credential may be used for this. */
    public boolean allows(RepositoryName repository, Action action) {
        return actions.contains(action) && prefix.covers(repository);
    }
}
