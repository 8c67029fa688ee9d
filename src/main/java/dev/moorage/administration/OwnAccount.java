package dev.moorage.administration;

import dev.moorage.access.Holding;
import java.util.List;

/**
 * Who the caller is and what he holds.
 *
 * @param roles the roles that he holds, of his own and of his teams
 */
public record OwnAccount(String name, boolean administrator, List<Held> roles) {

    /** Keeps its own copy of the roles. */
    public OwnAccount {
        roles = List.copyOf(roles);
    }

    /** A role on all repositories whose names begin with a prefix. */
    public record Held(String prefix, String role) {
        static Held of(Holding holding) {
            return new Held(holding.prefix().value(), holding.role().text());
        }
    }
}
