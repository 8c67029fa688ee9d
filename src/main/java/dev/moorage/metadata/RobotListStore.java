package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.RobotId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Robots, as those who manage them see and change them; every change raises the robot's epoch. */
@Singleton
public class RobotListStore {

    private static final String ROBOTS = """
            SELECT b.id, b.name, b.description, b.created_at, b.expires_at, b.last_used_at, b.disabled_at IS NULL
            FROM robot b
            WHERE b.organization_id = ? AND b.deleted_at IS NULL
            """;

    private static final String BY_NAME = ROBOTS + "AND b.name = ?";
    private static final String AFTER = ROBOTS + "AND b.name > ? ORDER BY b.name LIMIT ?";

    private static final String CHANGE = """
            UPDATE robot
            SET description = ?, expires_at = ?, epoch = epoch + 1,
                disabled_at = CASE WHEN ? THEN NULL ELSE coalesce(disabled_at, now()) END
            WHERE organization_id = ? AND id = ?
            """;

    private static final String NEW_SECRET = """
            UPDATE robot
            SET secret_hash = ?, epoch = epoch + 1
            WHERE organization_id = ? AND id = ?
            """;

    private static final String DELETE = """
            WITH gone AS (
                DELETE FROM permission_grant
                WHERE organization_id = ? AND robot_id = ?)
            UPDATE robot
            SET deleted_at = now(), epoch = epoch + 1
            WHERE organization_id = ? AND id = ?
            """;

    /** Whether a robot may log in. */
    public enum State {
        ENABLED,
        DISABLED
    }

    /** A robot. */
    public record Row(
            RobotId id,
            String name,
            String description,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> lastUsedAt,
            State state) {}

    /** The robot of a name. */
    public Optional<Row> find(Transaction transaction, OrganizationId organization, String name) {
        return transaction.first(BY_NAME, RobotListStore::row, organization.value(), name);
    }

    /** Robots in the order of their names, from behind one. */
    public List<Row> page(Transaction transaction, OrganizationId organization, String after, int limit) {
        return transaction.all(AFTER, RobotListStore::row, organization.value(), after, limit);
    }

    /** Changes what can be changed of a robot. */
    public void change(Transaction transaction, OrganizationId organization, Row robot) {
        transaction.change(
                CHANGE,
                robot.description(),
                robot.expiresAt().map(Columns::time),
                robot.state() == State.ENABLED,
                organization.value(),
                robot.id().value());
    }

    /** Gives a robot another secret. */
    public void setSecret(Transaction transaction, OrganizationId organization, RobotId robot, byte[] secretHash) {
        transaction.change(NEW_SECRET, secretHash, organization.value(), robot.value());
    }

    /** Deletes a robot with its roles; its name can be used again. */
    public void delete(Transaction transaction, OrganizationId organization, RobotId robot) {
        transaction.change(DELETE, organization.value(), robot.value(), organization.value(), robot.value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new RobotId(row.getLong(1)),
                row.getString(2),
                row.getString(3),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                Columns.instant(row, 5),
                Columns.instant(row, 6),
                row.getBoolean(7) ? State.ENABLED : State.DISABLED);
    }
}
