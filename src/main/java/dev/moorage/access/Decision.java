package dev.moorage.access;

import dev.moorage.name.RepositoryName;
import dev.moorage.name.Visibility;
import java.util.Optional;

/** Whether somebody may do something, and why: every decision of the secured mode is made here. */
public sealed interface Decision {

    /** A sentence for the person who asks why. */
    String because();

    /** He may. */
    record Granted(Ground ground, String because) implements Decision {}

    /** He may not. */
    record Denied(String because) implements Decision {}

    /** What a grant rests on, and so what ends it. */
    enum Ground {
        /** A role, or the administrator's flag. */
        PRINCIPAL,
        /** The repository is public. */
        PUBLIC
    }

    /**
     * Decides.
     *
     * @param visibility the repository's; empty where there is no such repository, which may then be made by a push
     */
    static Decision of(Standing standing, RepositoryName repository, Optional<Visibility> visibility, Action action) {
        if (!standing.limit().allows(repository, action)) {
            return new Denied("the token that was shown is not for this");
        }
        if (standing.principal() instanceof Principal.Account account && account.administrator()) {
            return new Granted(Ground.PRINCIPAL, account.name() + " is an administrator");
        }
        Optional<Holding> holding = standing.holdings().stream()
                .filter(held -> held.prefix().covers(repository) && action.heldBy(held.role()))
                .findFirst();
        if (holding.isPresent()) {
            return new Granted(
                    Ground.PRINCIPAL,
                    "%s is %s of %s"
                            .formatted(
                                    standing.principal().name(),
                                    holding.get().role().text(),
                                    holding.get().prefix()));
        }
        if (action == Action.PULL && visibility.equals(Optional.of(Visibility.PUBLIC))) {
            return new Granted(Ground.PUBLIC, repository + " is public");
        }
        return new Denied("%s has no role on %s that may %s"
                .formatted(standing.principal().name(), repository, action.text()));
    }
}
