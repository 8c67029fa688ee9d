package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.OrganizationStore;
import dev.moorage.metadata.OrganizationStore.Contents;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.OrganizationStore.Row;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import dev.moorage.name.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes organizations, which administrators do, and changes them, which their owners do. */
@ApplicationScoped
public class OrganizationService {

    private final Management management;
    private final OrganizationStore organizations;
    private final GrantStore grants;

    OrganizationService(Management management, OrganizationStore organizations, GrantStore grants) {
        this.management = management;
        this.organizations = organizations;
        this.grants = grants;
    }

    /**
     * Makes an organization.
     *
     * @param owner the account that owns it; empty for none yet
     */
    public Organization create(
            Grant grant, OrganizationName name, Visibility defaultVisibility, Optional<String> owner) {
        return management.change(grant, (tx, powers) -> {
            Management.demand(powers.everywhere(Action.ADMINISTER));
            Row made = organizations
                    .insert(tx, name, defaultVisibility)
                    .orElseThrow(() -> new Conflict("there is an organization " + name));
            owner.map(account -> management.account(tx, account))
                    .ifPresent(account ->
                            grants.insert(tx, made.id(), "", Role.OWNER, new GrantStore.Holder.Account(account.id())));
            return Organization.of(made);
        });
    }

    /** The organizations in which the caller holds a role; an administrator's are all. */
    public Listing<Organization> list(Grant grant, Listing.Asked asked) {
        List<Row> rows = management.read(
                grant,
                (tx, powers) -> powers.seesAll()
                        ? organizations.page(tx, asked.after(), asked.rows())
                        : organizations.page(tx, powers.organizations(), asked.after(), asked.rows()));
        return Listing.of(rows, asked, Organization::of, row -> row.name().value());
    }

    /** An organization that the caller sees. */
    public Organization get(Grant grant, OrganizationName name) {
        return management.read(grant, (tx, powers) -> Organization.of(management.seen(tx, powers, name, Lock.NONE)));
    }

    /** Sets the visibility of the repositories that pushes will make. */
    public Organization setDefaultVisibility(Grant grant, OrganizationName name, Visibility visibility) {
        return management.change(grant, (tx, powers) -> {
            organizations.setVisibility(tx, management.ownedForChange(tx, powers, name), visibility);
            return Organization.of(management.seen(tx, powers, name, Lock.NONE));
        });
    }

    /** Deletes an organization that holds nothing, with the roles in it; 409 with what it holds. */
    public void delete(Grant grant, OrganizationName name) {
        management.change(grant, (tx, powers) -> {
            OrganizationId id = management.owned(tx, powers, name, Lock.WHOLE);
            // In a statement after the lock: what somebody was about to make in it is there by now, or never will be.
            Contents held = organizations.contents(tx, id);
            if (!held.equals(new Contents(0, 0, 0, 0))) {
                throw new Conflict(
                        "the organization is not empty",
                        Map.of(
                                "repositories", held.repositories(),
                                "teams", held.teams(),
                                "robots", held.robots(),
                                "trustedIssuers", held.trustedIssuers()));
            }
            organizations.delete(tx, id);
            return true;
        });
    }
}
