package dev.moorage.access;

import dev.moorage.name.RepositoryName;

/** Grants of the open mode for tests of use cases. */
public final class TestGrants {

    private static final Caller CALLER = new Caller("tester", "192.0.2.7", "test/1.0");

    private TestGrants() {}

    /** A grant to do everything to a repository. */
    public static Grant to(String repository) {
        return new Access().require(CALLER, new RepositoryName(repository), Action.PUSH);
    }

    /** A grant to list repositories. */
    public static Grant catalog() {
        return new Access().catalog(CALLER);
    }
}
