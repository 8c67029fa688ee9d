package dev.moorage.access;

import dev.moorage.name.RepositoryName;
import dev.moorage.name.RepositoryPrefix;
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
        PUBLIC,
        /** The word of the other token server that the settings name. */
        ISSUER
    }

    /**
     * Decides.
     *
     * @param visibility the repository's; empty where there is no such repository, which may then be made by a push
     */
    static Decision of(Standing standing, RepositoryName repository, Optional<Visibility> visibility, Action action) {
        Decision held = of(standing, new RepositoryPrefix(repository.value()), action);
        return held instanceof Denied
                        && standing.limit().allows(repository, action)
                        && action == Action.PULL
                        && visibility.equals(Optional.of(Visibility.PUBLIC))
                ? new Granted(Ground.PUBLIC, repository + " is public")
                : held;
    }

    private static Decision of(Standing standing, RepositoryPrefix where, Action action) {
        Limit limit = standing.limit();
        if (!limit.actions().contains(action) || !limit.prefix().covers(where)) {
            return new Denied("the token that was shown is not for this");
        }
        if (standing.principal() instanceof Principal.Account account && account.administrator()) {
            return new Granted(Ground.PRINCIPAL, account.name() + " is an administrator");
        }
        return standing.holdings().stream()
                .filter(held -> held.prefix().covers(where) && action.heldBy(held.role()))
                .findFirst()
                .<Decision>map(holding -> new Granted(
                        Ground.PRINCIPAL,
                        "%s is %s of %s"
                                .formatted(
                                        standing.principal().name(),
                                        holding.role().text(),
                                        holding.prefix())))
                .orElseGet(() -> new Denied("%s has no role on %s that may %s"
                        .formatted(standing.principal().name(), where, action.text())));
    }

    /** Decides about what belongs to no organization: accounts, and the organizations themselves. */
    static Decision everywhere(Standing standing, Action action) {
        if (!standing.limit().prefix().equals(RepositoryPrefix.ALL)
                || !standing.limit().actions().contains(action)) {
            return new Denied("the token that was shown is not for this");
        }
        return standing.principal() instanceof Principal.Account account && account.administrator()
                ? new Granted(Ground.PRINCIPAL, account.name() + " is an administrator")
                : new Denied(standing.principal().name() + " is no administrator");
    }
}
