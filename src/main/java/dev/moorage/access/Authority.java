package dev.moorage.access;

import dev.moorage.error.RegistryException.Unauthorized;
import dev.moorage.metadata.GuardStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Reads what a caller of the management API may do, in the transaction that does it. */
@ApplicationScoped
public class Authority {

    private final Standings standings;
    private final GuardStore guards;

    Authority(Standings standings, GuardStore guards) {
        this.standings = standings;
        this.guards = guards;
    }

    /** What the holder of a grant may do now; 401 where his credential was revoked since he showed it. */
    public Powers of(Transaction transaction, Grant grant) {
        if (grant.pullsEverywhere()) {
            return new Powers(grant, Optional.empty());
        }
        if (!guards.holds(transaction, grant.guard())) {
            throw new Unauthorized("Basic realm=\"moorage\", charset=\"UTF-8\"");
        }
        return new Powers(grant, Optional.of(standings.of(transaction, grant.principal(), grant.limit())));
    }

    /**
     * What the caller may do now, read anew: in a statement behind a lock it sees what those who had the lock before have
     * committed, and he may have been one of those from whom they took something. 401 as above.
     */
    public Powers again(Transaction transaction, Powers before) {
        return of(transaction, before.grant());
    }

    /**
     * What the caller could do in an organization that was deleted, and can again when it is brought back: for nothing else
     * than that.
     */
    public Powers ofDeleted(Transaction transaction, Powers present, OrganizationName organization) {
        Grant grant = present.grant();
        return grant.pullsEverywhere()
                ? present
                : new Powers(
                        grant,
                        Optional.of(standings.ofDeleted(transaction, grant.principal(), grant.limit(), organization)));
    }
}
