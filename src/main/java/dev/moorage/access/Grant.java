package dev.moorage.access;

import dev.moorage.name.RepositoryName;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The proof that a caller may do something, without which no use case can be called: only this room makes one.
 *
 * <p>Immutable and good for one request.
 */
public final class Grant {

    private final Caller caller;
    private final Optional<RepositoryName> repository;
    private final Set<Action> actions;

    Grant(Caller caller, Optional<RepositoryName> repository, Set<Action> actions) {
        this.caller = caller;
        this.repository = repository;
        this.actions = actions.isEmpty() ? EnumSet.noneOf(Action.class) : EnumSet.copyOf(actions);
    }

    /** The registry itself at work, for a reason that the history can tell. */
    public static Grant system(String reason) {
        return new Grant(new Caller("system: " + reason, "", ""), Optional.empty(), EnumSet.allOf(Action.class));
    }

    /** Who asked. */
    public Caller caller() {
        return caller;
    }

    /** The repository that the grant is for. */
    public RepositoryName repository() {
        return repository.orElseThrow(() -> new IllegalStateException("the grant is for no single repository"));
    }

    /** Whether the caller may do this to the repository. */
    public boolean allows(Action action) {
        return actions.contains(action);
    }

    /** Whether the caller may pull from every repository, as everybody may in open mode. */
    public boolean pullsEverywhere() {
        return true;
    }
}
