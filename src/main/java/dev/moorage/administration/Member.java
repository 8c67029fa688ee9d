package dev.moorage.administration;

import dev.moorage.metadata.GrantListStore;
import dev.moorage.name.Role;
import java.util.Optional;

/**
 * An account with a role in an organization, of its own or of a team, as the management API shows it.
 *
 * @param role its own role on the whole organization; empty where it has roles on parts or in teams only
 */
public record Member(String account, Optional<String> role) {

    static Member of(GrantListStore.Member row) {
        return new Member(row.account(), row.role().map(Role::text));
    }
}
