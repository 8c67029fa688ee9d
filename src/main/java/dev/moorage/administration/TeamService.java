package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.GrantListStore;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.TeamStore;
import dev.moorage.metadata.TeamStore.Row;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Function;

/** Makes teams and says who is in them, for owners of their organization. */
@ApplicationScoped
public class TeamService {

    private final Management management;
    private final TeamStore teams;
    private final GrantStore grants;
    private final GrantListStore list;

    TeamService(Management management, TeamStore teams, GrantStore grants, GrantListStore list) {
        this.management = management;
        this.teams = teams;
        this.grants = grants;
        this.list = list;
    }

    /** The organization's teams. */
    public Listing<Team> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        List<Row> rows = management.read(
                grant,
                (tx, powers) ->
                        teams.page(tx, management.owned(tx, powers, organization), asked.after(), asked.rows()));
        return Listing.of(rows, asked, Team::of, Row::name);
    }

    /** Makes a team. */
    public Team create(Grant grant, OrganizationName organization, String name) {
        Texts.name(name);
        return management.change(
                grant, AuditSubject.of(AuditAction.TEAM_CREATE, organization, name), (tx, powers, _) -> teams.insert(
                                tx, management.ownedForChange(tx, powers, organization), name)
                        .map(Team::of)
                        .orElseThrow(() -> new Conflict("there is a team " + name)));
    }

    /** A team. */
    public Team get(Grant grant, OrganizationName organization, String name) {
        return management.read(
                grant, (tx, powers) -> Team.of(team(tx, management.owned(tx, powers, organization), name)));
    }

    /** Deletes a team with its roles; the organization keeps an owner. */
    public void delete(Grant grant, OrganizationName organization, String name) {
        management.change(grant, AuditSubject.of(AuditAction.TEAM_DELETE, organization, name), (tx, powers, audit) -> {
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row team = team(tx, id, name);
            management.keepingAnOwner(tx, id, () -> {
                List<GrantListStore.Row> held = list.ofTeam(tx, id, team.id().value());
                audit.with("roles", held.size());
                held.forEach(row -> grants.revoke(tx, id, row.id()));
                teams.delete(tx, id, team.id());
            });
            return true;
        });
    }

    /** The names of a team's members. */
    public Listing<String> members(Grant grant, OrganizationName organization, String name, Listing.Asked asked) {
        List<String> rows = management.read(grant, (tx, powers) -> {
            OrganizationId id = management.owned(tx, powers, organization);
            return teams.members(tx, id, team(tx, id, name).id(), asked.after(), asked.rows());
        });
        return Listing.of(rows, asked, Function.identity(), Function.identity());
    }

    /** Makes an account a member of a team; one that is already stays it. */
    public void add(Grant grant, OrganizationName organization, String name, String account) {
        management.change(grant, AuditSubject.of(AuditAction.TEAM_ADD, organization, name), (tx, powers, audit) -> {
            audit.with("account", account);
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row team = team(tx, id, name);
            teams.add(tx, id, team.id(), management.account(tx, account).id());
            return true;
        });
    }

    /** Takes an account out of a team; the organization keeps an owner. */
    public void remove(Grant grant, OrganizationName organization, String name, String account) {
        management.change(grant, AuditSubject.of(AuditAction.TEAM_REMOVE, organization, name), (tx, powers, audit) -> {
            audit.with("account", account);
            OrganizationId id = management.ownedForChange(tx, powers, organization);
            Row team = team(tx, id, name);
            management.keepingAnOwner(tx, id, () -> {
                if (!teams.remove(
                        tx, id, team.id(), management.account(tx, account).id())) {
                    throw new NotFound("member", account);
                }
            });
            return true;
        });
    }

    private Row team(Transaction transaction, OrganizationId organization, String name) {
        return Texts.found("team", name, text -> teams.find(transaction, organization, text));
    }
}
