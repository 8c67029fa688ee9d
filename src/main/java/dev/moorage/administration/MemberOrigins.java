package dev.moorage.administration;

import dev.moorage.metadata.MemberOriginStore;
import dev.moorage.name.Role;
import java.util.List;
import java.util.Optional;

/**
 * An account with a role in an organization, and where it comes from.
 *
 * @param member the account
 * @param origins its roles and teams, some of each
 */
public record MemberOrigins(Member member, List<Origin> origins) {

    /** Keeps its own copy. */
    public MemberOrigins {
        origins = List.copyOf(origins);
    }

    /**
     * Why an account holds something.
     *
     * @param role what it holds by that; empty for a team without a role
     * @param path where in the organization; empty for all of it
     * @param team by which team; empty for a role of its own
     */
    public record Origin(Optional<String> role, String path, Optional<String> team) {

        static Origin of(MemberOriginStore.Origin origin) {
            return new Origin(origin.role().map(Role::text), origin.path(), origin.team());
        }
    }
}
