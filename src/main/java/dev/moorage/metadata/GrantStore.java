package dev.moorage.metadata;

import dev.moorage.metadata.Transaction.TextArray;
import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.RobotId;
import dev.moorage.name.Role;
import dev.moorage.name.TeamId;
import dev.moorage.name.TrustedIssuerId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Who holds which role where.
 *
 * <p>A grant that is taken away raises the epoch of whoever held it, of all members where that was a team, in the same
 * statement: of an account the one that it has in the organization, so that no organization ends what rests on another.
 */
@Singleton
public class GrantStore {

    private static final String COLUMNS = """
            SELECT o.name, p.repository_prefix, p.role, 0 AS epoch
            FROM permission_grant p
            JOIN organization o ON o.id = p.organization_id
            WHERE o.deleted_at IS NULL
            """;

    // In the statement that reads the roles: a role that is taken away meanwhile has another epoch than this one.
    private static final String OF_ACCOUNT = """
            SELECT o.name, p.repository_prefix, p.role, coalesce(e.epoch, 0) AS epoch
            FROM permission_grant p
            JOIN organization o ON o.id = p.organization_id
            LEFT JOIN account_epoch e ON e.account_id = p.account_id AND e.organization_id = p.organization_id
            WHERE o.deleted_at IS NULL AND p.account_id = ?
            UNION ALL
            SELECT o.name, p.repository_prefix, p.role, coalesce(e.epoch, 0)
            FROM team_member m
            JOIN permission_grant p ON p.organization_id = m.organization_id AND p.team_id = m.team_id
            JOIN organization o ON o.id = p.organization_id
            LEFT JOIN account_epoch e ON e.account_id = m.account_id AND e.organization_id = m.organization_id
            WHERE o.deleted_at IS NULL AND m.account_id = ?
            """;

    private static final String OF_ACCOUNT_IN =
            "SELECT name, repository_prefix, role, epoch FROM (" + OF_ACCOUNT + ") held WHERE name = ANY (?)";

    // As they were before it was deleted, and are when it is back.
    private static final String OF_ACCOUNT_IN_DELETED = "SELECT name, repository_prefix, role, epoch FROM ("
            + OF_ACCOUNT.replace("o.deleted_at IS NULL", "o.restorable_until IS NOT NULL") + ") held WHERE name = ?";

    private static final String OF_ROBOT = COLUMNS + "AND p.organization_id = ? AND p.robot_id = ?";
    private static final String OF_JOB = COLUMNS + "AND p.organization_id = ? AND p.trusted_issuer_id = ?";

    private static final String NEW_GRANT = """
            INSERT INTO permission_grant (organization_id, repository_prefix, role, account_id, team_id, robot_id,
                trusted_issuer_id)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT ON CONSTRAINT permission_grant_holder DO NOTHING
            RETURNING id
            """;

    private static final String REVOKE = """
            WITH gone AS (
                DELETE FROM permission_grant
                WHERE organization_id = ? AND id = ?
                RETURNING organization_id, account_id, team_id, robot_id, trusted_issuer_id),
            accounts AS (
                INSERT INTO account_epoch AS a (organization_id, account_id, epoch)
                SELECT gone.organization_id, held.account_id, 1
                FROM gone
                CROSS JOIN LATERAL (
                    SELECT gone.account_id
                    WHERE gone.account_id IS NOT NULL
                    UNION
                    SELECT m.account_id
                    FROM team_member m
                    WHERE m.organization_id = gone.organization_id AND m.team_id = gone.team_id) held
                ORDER BY held.account_id
                ON CONFLICT (account_id, organization_id) DO UPDATE SET epoch = a.epoch + 1),
            robots AS (
                UPDATE robot b
                SET epoch = b.epoch + 1
                FROM gone
                WHERE b.organization_id = gone.organization_id AND b.id = gone.robot_id),
            issuers AS (
                UPDATE trusted_issuer t
                SET epoch = t.epoch + 1
                FROM gone
                WHERE t.organization_id = gone.organization_id AND t.id = gone.trusted_issuer_id)
            SELECT count(*) FROM gone
            """;

    /** Who is given a role. */
    public sealed interface Holder {
        /** An account. */
        record Account(AccountId id) implements Holder {}

        /** A team of the organization, and so its members. */
        record Team(TeamId id) implements Holder {}

        /** A robot of the organization. */
        record Robot(RobotId id) implements Holder {}

        /** The jobs of an issuer that the organization trusts. */
        record Jobs(TrustedIssuerId id) implements Holder {}
    }

    /**
     * A role that somebody holds.
     *
     * @param prefix where
     * @param role which
     * @param epoch the account's in that organization; 0 where the holder is no account
     */
    public record Held(RepositoryPrefix prefix, Role role, long epoch) {}

    /** Everything that an account holds, by itself or in a team. */
    @AcrossTenants("an account holds roles in many organizations")
    public List<Held> of(Transaction transaction, AccountId account) {
        return transaction.all(OF_ACCOUNT, GrantStore::row, account.value(), account.value());
    }

    /** What an account holds in some organizations, by itself or in a team. */
    @AcrossTenants("an account holds roles in many organizations")
    public List<Held> of(Transaction transaction, AccountId account, Collection<OrganizationName> organizations) {
        TextArray names = new TextArray(
                organizations.stream().map(OrganizationName::value).distinct().toList());
        return transaction.all(OF_ACCOUNT_IN, GrantStore::row, account.value(), account.value(), names);
    }

    /** What an account held in an organization that was deleted and can be brought back. */
    @AcrossTenants("the organization is looked for by its name, as the live ones are")
    public List<Held> ofDeleted(Transaction transaction, AccountId account, OrganizationName organization) {
        return transaction.all(
                OF_ACCOUNT_IN_DELETED, GrantStore::row, account.value(), account.value(), organization.value());
    }

    /** What a robot holds, all in its organization. */
    public List<Held> of(Transaction transaction, OrganizationId organization, RobotId robot) {
        return transaction.all(OF_ROBOT, GrantStore::row, organization.value(), robot.value());
    }

    /** What the jobs of a trusted issuer hold, all in the organization that trusts it. */
    public List<Held> of(Transaction transaction, OrganizationId organization, TrustedIssuerId issuer) {
        return transaction.all(OF_JOB, GrantStore::row, organization.value(), issuer.value());
    }

    /**
     * Gives a role and answers the grant's number; empty where the holder has a role there already.
     *
     * @param path whole components behind the organization's name; empty for the whole organization
     */
    public Optional<Long> insert(
            Transaction transaction, OrganizationId organization, String path, Role role, Holder holder) {
        return transaction.first(
                NEW_GRANT,
                row -> row.getLong(1),
                organization.value(),
                path,
                role.text(),
                holder instanceof Holder.Account(AccountId id) ? Optional.of(id.value()) : Optional.empty(),
                holder instanceof Holder.Team(TeamId id) ? Optional.of(id.value()) : Optional.empty(),
                holder instanceof Holder.Robot(RobotId id) ? Optional.of(id.value()) : Optional.empty(),
                holder instanceof Holder.Jobs(TrustedIssuerId id) ? Optional.of(id.value()) : Optional.empty());
    }

    /** Takes a role away, with the tokens that rest on it; false where there is no such grant. */
    public boolean revoke(Transaction transaction, OrganizationId organization, long grant) {
        return transaction
                        .first(REVOKE, row -> row.getLong(1), organization.value(), grant)
                        .orElseThrow()
                == 1;
    }

    private static Held row(ResultSet row) throws SQLException {
        return new Held(
                RepositoryPrefix.of(new OrganizationName(row.getString(1)), row.getString(2))
                        .orElseThrow(),
                Role.parse(row.getString(3)).orElseThrow(),
                row.getLong(4));
    }
}
