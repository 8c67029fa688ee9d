package dev.moorage.administration;

import dev.moorage.access.Action;
import dev.moorage.access.Grant;
import dev.moorage.access.Powers;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.error.AdministrationException.NotFound;
import dev.moorage.metadata.GrantListStore;
import dev.moorage.metadata.GrantListStore.Row;
import dev.moorage.metadata.GrantStore;
import dev.moorage.metadata.OrganizationStore.Lock;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryName;
import dev.moorage.name.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Gives roles and takes them away; who owns a part of an organization decides about that part. */
@ApplicationScoped
public class GrantService {

    private final Management management;
    private final Holders holders;
    private final GrantStore grants;
    private final GrantListStore list;

    GrantService(Management management, Holders holders, GrantStore grants, GrantListStore list) {
        this.management = management;
        this.holders = holders;
        this.grants = grants;
        this.list = list;
    }

    /**
     * A role to give.
     *
     * @param path whole components behind the organization's name; empty for the whole organization
     */
    public record Given(Holder.Kind kind, String name, Role role, String path) {}

    /** The roles in the parts of the organization that the caller owns. */
    public Listing<GivenRole> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        List<Row> rows = management.read(grant, (tx, powers) -> {
            OrganizationId id = owner(tx, powers, organization, Lock.NONE);
            List<String> paths = powers.administered(organization).stream()
                    .map(part -> path(organization, part))
                    .toList();
            return list.page(tx, id, paths, asked.number(), asked.rows());
        });
        return Listing.of(rows, asked, GivenRole::of, row -> Long.toString(row.id()));
    }

    /** Gives a role. */
    public GivenRole give(Grant grant, OrganizationName organization, Given given) {
        RepositoryName part = part(organization, given.path())
                .orElseThrow(() -> new Invalid("path", "path is whole components of a repository's name"));
        String holder = given.kind().text() + ' ' + given.name();
        AuditSubject subject = AuditSubject.of(AuditAction.ROLE_GIVE, organization, holder);
        return management.change(grant, subject, (tx, before, audit) -> {
            audit.with("role", given.role().text()).with("on", part.value());
            OrganizationId id = owner(tx, before, organization, Lock.RIGHTS);
            Powers powers = management.again(tx, before);
            Management.demand(powers.over(part, Optional.empty(), Action.ADMINISTER));
            long number = grants.insert(
                            tx, id, given.path(), given.role(), holders.find(tx, id, given.kind(), given.name()))
                    .orElseThrow(() -> new Conflict("%s %s has a role there: revoke that first"
                            .formatted(given.kind().text(), given.name())));
            return GivenRole.of(list.find(tx, id, number).orElseThrow());
        });
    }

    /** Takes a role away, with the tokens that rest on it; the last owner's stays. */
    public void revoke(Grant grant, OrganizationName organization, long number) {
        AuditSubject subject = AuditSubject.of(AuditAction.ROLE_REVOKE, organization, Long.toString(number));
        management.change(grant, subject, (tx, before, audit) -> {
            OrganizationId id = owner(tx, before, organization, Lock.RIGHTS);
            Powers powers = management.again(tx, before);
            Row held = list.find(tx, id, number)
                    .filter(row -> part(organization, row.path())
                            .filter(part -> Powers.refusal(powers.over(part, Optional.empty(), Action.ADMINISTER))
                                    .isEmpty())
                            .isPresent())
                    .orElseThrow(() -> new NotFound("grant", Long.toString(number)));
            audit.target(held.kind() + ' ' + held.holder())
                    .with("role", held.role().text())
                    .with("on", part(organization, held.path()).map(RepositoryName::value));
            management.keepingAnOwner(tx, id, () -> grants.revoke(tx, id, number));
            return true;
        });
    }

    /** The organization of which the caller owns at least a part. */
    private OrganizationId owner(Transaction transaction, Powers powers, OrganizationName organization, Lock lock) {
        boolean owns = !powers.administered(organization).isEmpty();
        OrganizationId id = management
                .seen(transaction, powers, organization, owns ? lock : Lock.NONE)
                .id();
        if (!owns) {
            Management.demand(powers.over(organization, Action.ADMINISTER));
        }
        return id;
    }

    private static Optional<RepositoryName> part(OrganizationName organization, String path) {
        return RepositoryName.parse(path.isEmpty() ? organization.value() : organization.value() + '/' + path);
    }

    private static String path(OrganizationName organization, RepositoryName part) {
        return part.value().length() == organization.value().length()
                ? ""
                : part.value().substring(organization.value().length() + 1);
    }
}
