package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import dev.moorage.name.OrganizationId;
import dev.moorage.name.TeamId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Teams: accounts that are given roles together.
 *
 * <p>Whoever leaves one has his epoch in the organization raised in the same statement.
 */
@Singleton
public class TeamStore {

    private static final String TEAMS = """
            SELECT t.id, t.name, t.created_at
            FROM team t
            WHERE t.organization_id = ?
            """;

    private static final String BY_NAME = TEAMS + "AND t.name = ?";
    private static final String AFTER = TEAMS + "AND t.name > ? ORDER BY t.name LIMIT ?";

    private static final String NEW_TEAM = """
            INSERT INTO team (organization_id, name)
            VALUES (?, ?)
            ON CONFLICT (organization_id, name) DO NOTHING
            RETURNING id, name, created_at
            """;

    private static final String DELETE_TEAM = """
            DELETE FROM team
            WHERE organization_id = ? AND id = ?
            """;

    private static final String MEMBERS_AFTER = """
            SELECT a.name
            FROM team_member m
            JOIN account a ON a.id = m.account_id
            WHERE m.organization_id = ? AND m.team_id = ? AND a.deleted_at IS NULL AND a.name > ?
            ORDER BY a.name
            LIMIT ?
            """;

    private static final String ADD_MEMBER = """
            INSERT INTO team_member (organization_id, team_id, account_id)
            VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    private static final String RAISE = """
            INSERT INTO account_epoch AS a (organization_id, account_id, epoch)
            SELECT DISTINCT organization_id, account_id, 1
            FROM gone
            ORDER BY account_id
            ON CONFLICT (account_id, organization_id) DO UPDATE SET epoch = a.epoch + 1
            """;

    private static final String REMOVE_MEMBER = """
            WITH gone AS (
                DELETE FROM team_member
                WHERE organization_id = ? AND team_id = ? AND account_id = ?
                RETURNING organization_id, account_id)
            """ + RAISE;

    private static final String REMOVE_ALL = """
            WITH gone AS (
                DELETE FROM team_member
                WHERE organization_id = ? AND team_id = ?
                RETURNING organization_id, account_id)
            """ + RAISE;

    private static final String LEAVE_ALL = """
            WITH gone AS (
                DELETE FROM team_member
                WHERE organization_id = ? AND account_id = ?
                RETURNING organization_id, account_id)
            """ + RAISE;

    /** A team. */
    public record Row(TeamId id, String name, Instant createdAt) {}

    /** The team of a name. */
    public Optional<Row> find(Transaction transaction, OrganizationId organization, String name) {
        return transaction.first(BY_NAME, TeamStore::row, organization.value(), name);
    }

    /** Teams in the order of their names, from behind one. */
    public List<Row> page(Transaction transaction, OrganizationId organization, String after, int limit) {
        return transaction.all(AFTER, TeamStore::row, organization.value(), after, limit);
    }

    /** Makes a team; empty where the name is taken. */
    public Optional<Row> insert(Transaction transaction, OrganizationId organization, String name) {
        return transaction.first(NEW_TEAM, TeamStore::row, organization.value(), name);
    }

    /** Deletes a team, whose grants were revoked before. */
    public void delete(Transaction transaction, OrganizationId organization, TeamId team) {
        transaction.change(REMOVE_ALL, organization.value(), team.value());
        transaction.change(DELETE_TEAM, organization.value(), team.value());
    }

    /** The names of a team's members, from behind one. */
    public List<String> members(
            Transaction transaction, OrganizationId organization, TeamId team, String after, int limit) {
        return transaction.all(
                MEMBERS_AFTER, row -> row.getString(1), organization.value(), team.value(), after, limit);
    }

    /** Makes an account a member; one that is already stays it. */
    public void add(Transaction transaction, OrganizationId organization, TeamId team, AccountId account) {
        transaction.change(ADD_MEMBER, organization.value(), team.value(), account.value());
    }

    /** Takes an account out of a team; false where it was not in it. */
    public boolean remove(Transaction transaction, OrganizationId organization, TeamId team, AccountId account) {
        return transaction.change(REMOVE_MEMBER, organization.value(), team.value(), account.value()) == 1;
    }

    /** Takes an account out of all teams of an organization; answers of how many. */
    public int leaveAll(Transaction transaction, OrganizationId organization, AccountId account) {
        return transaction.change(LEAVE_ALL, organization.value(), account.value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new TeamId(row.getLong(1)),
                row.getString(2),
                row.getObject(3, OffsetDateTime.class).toInstant());
    }
}
