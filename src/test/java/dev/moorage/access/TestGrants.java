package dev.moorage.access;

import dev.moorage.metadata.GrantStore;
import dev.moorage.name.RepositoryName;
import java.util.Optional;

/** Grants of the open mode for tests of use cases. */
public final class TestGrants {

    private static final Caller CALLER = new Caller("tester", "192.0.2.7", "test/1.0");

    private TestGrants() {}

    /** A grant to do everything to a repository. */
    public static Grant to(String repository) {
        return Grant.open(CALLER, Optional.of(new RepositoryName(repository)));
    }

    /** A grant to list repositories. */
    public static Grant catalog() {
        return Grant.open(CALLER, Optional.empty());
    }

    /** What reads what somebody holds. */
    public static Standings standings() {
        return new Standings(new GrantStore());
    }
}
