package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.AccountListStore;
import dev.moorage.metadata.GrantListStore;
import dev.moorage.metadata.GrantListStore.Row;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.TeamStore;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Shows which accounts hold a role in an organization, and lets its owners set and end that. */
@ApplicationScoped
public class MemberService {

    private final Management management;
    private final GrantStore grants;
    private final GrantListStore list;
    private final TeamStore teams;

    MemberService(Management management, GrantStore grants, GrantListStore list, TeamStore teams) {
        this.management = management;
        this.grants = grants;
        this.list = list;
        this.teams = teams;
    }

    /** The accounts that hold a role. */
    public Listing<Member> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        List<GrantListStore.Member> rows = management.read(
                grant,
                (tx, powers) ->
                        list.members(tx, management.owned(tx, powers, organization), asked.number(), asked.rows()));
        return Listing.of(
                rows, asked, Member::of, member -> Long.toString(member.id().value()));
    }

    /** Sets an account's role on the whole organization; the last owner stays one. */
    public Member setRole(Grant grant, OrganizationName organization, String name, Role role) {
        return management.change(
                grant, AuditSubject.of(AuditAction.MEMBER_SET, organization, name), (tx, powers, audit) -> {
                    OrganizationId id = management.ownedForChange(tx, powers, organization);
                    AccountListStore.Row account = management.account(tx, name);
                    Optional<Row> held = list.ofAccount(tx, id, account.id()).stream()
                            .filter(row -> row.path().isEmpty())
                            .findFirst();
                    audit.changed("role", held.map(row -> row.role().text()), Optional.of(role.text()));
                    if (held.filter(row -> row.role() == role).isEmpty()) {
                        management.keepingAnOwner(tx, id, () -> {
                            held.ifPresent(row -> grants.revoke(tx, id, row.id()));
                            grants.insert(tx, id, "", role, new GrantStore.Holder.Account(account.id()));
                        });
                    }
                    return new Member(name, Optional.of(role.text()));
                });
    }

    /** Takes all roles and teams in the organization from an account; the last owner stays. */
    public void remove(Grant grant, OrganizationName organization, String name) {
        management.change(
                grant, AuditSubject.of(AuditAction.MEMBER_REMOVE, organization, name), (tx, powers, audit) -> {
                    OrganizationId id = management.ownedForChange(tx, powers, organization);
                    AccountListStore.Row account = management.account(tx, name);
                    List<Row> held = list.ofAccount(tx, id, account.id());
                    audit.with(
                            "roles", held.stream().map(row -> row.role().text()).toList());
                    management.keepingAnOwner(tx, id, () -> {
                        held.forEach(row -> grants.revoke(tx, id, row.id()));
                        if (teams.leaveAll(tx, id, account.id()) == 0 && held.isEmpty()) {
                            throw new NotFound("member", name);
                        }
                    });
                    return true;
                });
    }
}
