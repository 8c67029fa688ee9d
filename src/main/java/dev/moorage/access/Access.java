package dev.moorage.access;

import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Optional;

/**
 * Decides what a caller may do.
 *
 * <p>Today there is the open mode only: everybody who reaches the address may do everything, and the address is the
 * machine's own unless the operator says otherwise.
 */
@ApplicationScoped
public class Access {

    private static final String ANONYMOUS = "anonymous";

    /** The account of a caller without credentials. */
    public String anonymous() {
        return ANONYMOUS;
    }

    /** A grant to do something to a repository. */
    public Grant require(Caller caller, RepositoryName repository, Action action) {
        return new Grant(caller, Optional.of(repository), EnumSet.allOf(Action.class));
    }

    /** A grant to list what the caller may pull. */
    public Grant catalog(Caller caller) {
        return new Grant(caller, Optional.empty(), EnumSet.of(Action.PULL));
    }
}
