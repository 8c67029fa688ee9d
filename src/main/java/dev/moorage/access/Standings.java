package dev.moorage.access;

import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.GrantStore.Held;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryPrefix;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads from the database what somebody holds. */
@ApplicationScoped
public class Standings {

    private final GrantStore grants;

    Standings(GrantStore grants) {
        this.grants = grants;
    }

    /** The standing of somebody in some organizations. */
    Standing of(Transaction transaction, Principal principal, Limit limit, Collection<OrganizationName> organizations) {
        return new Standing(
                principal,
                limit,
                switch (principal) {
                    case Principal.Account account -> holdings(grants.of(transaction, account.id(), organizations));
                    default -> held(transaction, principal);
                });
    }

    /** The standing of somebody everywhere. */
    Standing of(Transaction transaction, Principal principal, Limit limit) {
        return new Standing(principal, limit, held(transaction, principal));
    }

    /** The standing that somebody had in an organization that was deleted; its robots and jobs were deleted with it. */
    Standing ofDeleted(Transaction transaction, Principal principal, Limit limit, OrganizationName organization) {
        return new Standing(
                principal,
                limit,
                principal instanceof Principal.Account account
                        ? holdings(grants.ofDeleted(transaction, account.id(), organization))
                        : List.of());
    }

    /** From where the holder of a grant may pull now. */
    public Reach reach(Transaction transaction, Grant grant) {
        if (grant.pullsEverywhere()) {
            return new Reach.Everywhere();
        }
        Limit limit = grant.limit();
        if (!limit.actions().contains(Action.PULL)) {
            return new Reach.Within(List.of());
        }
        if (grant.principal() instanceof Principal.Account account && account.administrator()) {
            return limit.prefix().equals(RepositoryPrefix.ALL)
                    ? new Reach.Everywhere()
                    : new Reach.Within(List.of(limit.prefix()));
        }
        return new Reach.Within(held(transaction, grant.principal()).stream()
                .filter(holding -> Action.PULL.heldBy(holding.role()))
                .flatMap(holding -> common(holding.prefix(), limit.prefix()).stream())
                .toList());
    }

    /** The smaller of two prefixes, where one lies in the other. */
    private static Optional<RepositoryPrefix> common(RepositoryPrefix one, RepositoryPrefix other) {
        if (one.covers(other)) {
            return Optional.of(other);
        }
        return other.covers(one) ? Optional.of(one) : Optional.empty();
    }

    private List<Holding> held(Transaction transaction, Principal principal) {
        return switch (principal) {
            // The other token server names what it allows; all that it does not name is public.
            case Principal.Anonymous _, Principal.External _ -> List.of();
            case Principal.Account account -> holdings(grants.of(transaction, account.id()));
            case Principal.Robot robot -> holdings(grants.of(transaction, robot.organization(), robot.id()));
            case Principal.Job job -> holdings(grants.of(transaction, job.organization(), job.id()));
        };
    }

    private static List<Holding> holdings(List<Held> rows) {
        return rows.stream()
                .map(row -> new Holding(row.prefix(), row.role(), row.epoch()))
                .toList();
    }
}
