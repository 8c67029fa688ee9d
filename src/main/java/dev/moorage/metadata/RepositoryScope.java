package dev.moorage.metadata;

import dev.moorage.name.RepositoryName;

/**
 * Which repository a statement is about, by name, and what must still be true for the caller's grant to count.
 *
 * @param name the repository's name
 * @param guard what the statement asks beside
 */
public record RepositoryScope(RepositoryName name, Guard guard) {

    /** A scope in which nothing is asked. */
    public static RepositoryScope unguarded(RepositoryName name) {
        return new RepositoryScope(name, Guard.NONE);
    }

    /** The same repository without the guard, for a caller whose grant was looked at in this transaction. */
    public RepositoryScope unguarded() {
        return unguarded(name);
    }
}
