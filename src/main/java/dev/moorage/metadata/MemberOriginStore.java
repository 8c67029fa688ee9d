package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.Role;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Where the roles of some accounts in an organization come from. */
@Singleton
public class MemberOriginStore {

    /** How many origins of each kind are told of for one account. */
    private static final int MOST = 10;

    private static final String ORIGINS = """
            SELECT asked.id, g.role, g.repository_prefix, NULL AS team
            FROM unnest(?::text[]::bigint[]) AS asked (id)
            CROSS JOIN LATERAL (
                SELECT p.role, p.repository_prefix
                FROM permission_grant p
                WHERE p.organization_id = ? AND p.account_id = asked.id
                LIMIT %1$d) g
            UNION ALL
            SELECT asked.id, g.role, g.repository_prefix, m.name
            FROM unnest(?::text[]::bigint[]) AS asked (id)
            CROSS JOIN LATERAL (
                SELECT t.id, t.name
                FROM team_member i
                JOIN team t ON t.organization_id = i.organization_id AND t.id = i.team_id
                WHERE i.organization_id = ? AND i.account_id = asked.id
                LIMIT %1$d) m
            LEFT JOIN LATERAL (
                SELECT p.role, p.repository_prefix
                FROM permission_grant p
                WHERE p.organization_id = ? AND p.team_id = m.id
                LIMIT %1$d) g ON true
            ORDER BY 1, 4 NULLS FIRST, 3
            """.formatted(MOST);

    /**
     * Why an account holds something.
     *
     * @param account the account
     * @param role what it holds by that; empty for a team without a role
     * @param path where: whole components behind the organization's name; empty for all of it
     * @param team by which team; empty for a role of its own
     */
    public record Origin(AccountId account, Optional<Role> role, String path, Optional<String> team) {}

    /** The origins of what some accounts hold, up to ten roles and ten teams of each. */
    public List<Origin> of(Transaction transaction, OrganizationId organization, Collection<AccountId> accounts) {
        TextArray ids = new TextArray(
                accounts.stream().map(id -> Long.toString(id.value())).toList());
        return transaction.all(
                ORIGINS,
                row -> new Origin(
                        new AccountId(row.getLong(1)),
                        Optional.ofNullable(row.getString(2)).flatMap(Role::parse),
                        Optional.ofNullable(row.getString(3)).orElse(""),
                        Optional.ofNullable(row.getString(4))),
                ids,
                organization.value(),
                ids,
                organization.value(),
                organization.value());
    }
}
