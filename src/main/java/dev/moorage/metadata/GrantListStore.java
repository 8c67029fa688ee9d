package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.Role;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The roles in an organization and the accounts that hold them, for those who decide about them. */
@Singleton
public class GrantListStore {

    // A holder's name is one look into one table, and no join that the planner might begin at the other end.
    private static final String VIEW = """
            SELECT p.id, p.repository_prefix, p.role,
                CASE WHEN p.account_id IS NOT NULL THEN 'account'
                    WHEN p.team_id IS NOT NULL THEN 'team'
                    WHEN p.robot_id IS NOT NULL THEN 'robot'
                    ELSE 'trusted-issuer' END,
                CASE WHEN p.account_id IS NOT NULL THEN (SELECT name FROM account WHERE id = p.account_id)
                    WHEN p.team_id IS NOT NULL
                        THEN (SELECT name FROM team WHERE organization_id = p.organization_id AND id = p.team_id)
                    WHEN p.robot_id IS NOT NULL
                        THEN (SELECT name FROM robot WHERE organization_id = p.organization_id AND id = p.robot_id)
                    ELSE (SELECT name FROM trusted_issuer
                        WHERE organization_id = p.organization_id AND id = p.trusted_issuer_id) END,
                p.created_at
            FROM %s p
            """;

    private static final String GRANTS = VIEW.formatted("permission_grant") + "WHERE p.organization_id = ? ";

    private static final String BY_ID = GRANTS + "AND p.id = ?";
    private static final String OF_ACCOUNT = GRANTS + "AND p.account_id = ?";
    private static final String OF_TEAM = GRANTS + "AND p.team_id = ?";

    // The page is cut before the names of holders are looked up.
    private static final String AFTER = VIEW.formatted("""
            (SELECT *
            FROM permission_grant g
            WHERE g.organization_id = ? AND g.id > ?
                AND (SELECT bool_or(part.path = '' OR g.repository_prefix = part.path
                        OR starts_with(g.repository_prefix, part.path || '/'))
                    FROM unnest(?::text[]) AS part (path))
            ORDER BY g.id
            LIMIT ?)
            """) + "ORDER BY p.id";

    private static final String ANY_OWNER = """
            SELECT EXISTS (
                SELECT
                FROM permission_grant p
                LEFT JOIN team_member m ON m.organization_id = p.organization_id AND m.team_id = p.team_id
                JOIN account a ON a.id = coalesce(p.account_id, m.account_id)
                WHERE p.organization_id = ? AND p.repository_prefix = '' AND p.role = 'owner'
                    AND a.disabled_at IS NULL AND a.deleted_at IS NULL)
            """;

    // From one account to the next one: how many roles and teams each has does not count.
    private static final String MEMBERS_AFTER = """
            WITH RECURSIVE member (id) AS (
                SELECT NEXT(?::bigint)
                UNION ALL
                SELECT NEXT(m.id)
                FROM member m
                WHERE m.id IS NOT NULL)
            SELECT m.id, a.name, p.role
            FROM (SELECT id FROM member WHERE id IS NOT NULL LIMIT ?) m
            CROSS JOIN LATERAL (SELECT a.name FROM account a WHERE a.id = m.id LIMIT 1) a
            LEFT JOIN LATERAL (
                SELECT p.role
                FROM permission_grant p
                WHERE p.organization_id = ? AND p.account_id = m.id AND p.repository_prefix = ''
                LIMIT 1) p ON true
            ORDER BY m.id
            """.replaceAll("NEXT[(](.*)[)]", """
                    least(
                        (SELECT g.account_id FROM permission_grant g WHERE g.organization_id = ? AND g.account_id > $1
                        ORDER BY g.account_id LIMIT 1),
                        (SELECT t.account_id FROM team_member t WHERE t.organization_id = ? AND t.account_id > $1
                        ORDER BY t.account_id LIMIT 1))""");

    /**
     * A grant.
     *
     * @param id its number
     * @param path whole components behind the organization's name; empty for the whole organization
     * @param role what it gives
     * @param kind whom it is for: {@code account}, {@code team}, {@code robot} or {@code trusted-issuer}
     * @param holder that one's name
     * @param createdAt when it was given
     */
    public record Row(long id, String path, Role role, String kind, String holder, Instant createdAt) {}

    /**
     * An account with a role in an organization, of its own or of a team.
     *
     * @param id its number
     * @param account its name
     * @param role its own role on the whole organization
     */
    public record Member(AccountId id, String account, Optional<Role> role) {}

    /** Grants on some paths and what lies below them, from behind a number. */
    public List<Row> page(
            Transaction transaction, OrganizationId organization, Collection<String> paths, long after, int limit) {
        return transaction.all(
                AFTER, GrantListStore::row, organization.value(), after, new TextArray(List.copyOf(paths)), limit);
    }

    /** A grant. */
    public Optional<Row> find(Transaction transaction, OrganizationId organization, long id) {
        return transaction.first(BY_ID, GrantListStore::row, organization.value(), id);
    }

    /** All grants of an account of its own. */
    public List<Row> ofAccount(Transaction transaction, OrganizationId organization, AccountId account) {
        return transaction.all(OF_ACCOUNT, GrantListStore::row, organization.value(), account.value());
    }

    /** All grants of a team. */
    public List<Row> ofTeam(Transaction transaction, OrganizationId organization, long team) {
        return transaction.all(OF_TEAM, GrantListStore::row, organization.value(), team);
    }

    /** Whether an account that can log in owns the whole organization, by itself or in a team. */
    public boolean anyOwner(Transaction transaction, OrganizationId organization) {
        return transaction
                .first(ANY_OWNER, row -> row.getBoolean(1), organization.value())
                .orElseThrow();
    }

    /** The accounts that hold a role, in the order of their numbers, from behind one. */
    public List<Member> members(Transaction transaction, OrganizationId organization, long after, int limit) {
        return transaction.all(
                MEMBERS_AFTER,
                row -> new Member(
                        new AccountId(row.getLong(1)),
                        row.getString(2),
                        Optional.ofNullable(row.getString(3)).flatMap(Role::parse)),
                organization.value(),
                after,
                organization.value(),
                after,
                organization.value(),
                organization.value(),
                limit,
                organization.value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                row.getString(2),
                Role.parse(row.getString(3)).orElseThrow(),
                row.getString(4),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant());
    }
}
