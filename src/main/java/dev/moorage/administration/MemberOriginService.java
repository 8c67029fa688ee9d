package dev.moorage.administration;

import dev.moorage.access.Grant;
import dev.moorage.metadata.GrantListStore;
import dev.moorage.metadata.MemberOriginStore;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows which accounts hold a role in an organization, and where each comes from. */
@ApplicationScoped
public class MemberOriginService {

    private final Management management;
    private final GrantListStore grants;
    private final MemberOriginStore origins;

    MemberOriginService(Management management, GrantListStore grants, MemberOriginStore origins) {
        this.management = management;
        this.grants = grants;
        this.origins = origins;
    }

    /** The accounts that hold a role, as {@link MemberService#list} has them, for owners. */
    public Listing<MemberOrigins> list(Grant grant, OrganizationName organization, Listing.Asked asked) {
        return management.read(grant, (tx, powers) -> {
            OrganizationId id = management.owned(tx, powers, organization);
            List<GrantListStore.Member> rows = grants.members(tx, id, asked.number(), asked.rows());
            List<AccountId> accounts =
                    rows.stream().map(GrantListStore.Member::id).toList();
            Map<AccountId, List<MemberOrigins.Origin>> found = origins.of(tx, id, accounts).stream()
                    .collect(Collectors.groupingBy(
                            MemberOriginStore.Origin::account,
                            Collectors.mapping(MemberOrigins.Origin::of, Collectors.toList())));
            return Listing.of(
                    rows,
                    asked,
                    row -> new MemberOrigins(Member.of(row), found.getOrDefault(row.id(), List.of())),
                    row -> Long.toString(row.id().value()));
        });
    }
}
