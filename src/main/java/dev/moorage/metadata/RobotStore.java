package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RobotId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Robots: programs with a secret of their own.
 *
 * <p>Whatever takes something from a robot raises its epoch in the same transaction.
 */
@Singleton
public class RobotStore {

    private static final String LIVE = """
            SELECT b.id, b.organization_id, o.name, b.name, b.epoch,
                b.last_used_at IS NULL OR b.last_used_at < now() - interval '5 minutes'
            FROM robot b
            JOIN organization o ON o.id = b.organization_id
            WHERE o.deleted_at IS NULL AND b.deleted_at IS NULL AND b.disabled_at IS NULL
                AND (b.expires_at IS NULL OR b.expires_at > now())
            """;

    private static final String BY_SECRET = LIVE + "AND b.secret_hash = ?";
    private static final String BY_ID = LIVE + "AND b.id = ?";

    private static final String NEW_ROBOT = """
            INSERT INTO robot (organization_id, name, description, secret_hash, expires_at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (organization_id, name) WHERE deleted_at IS NULL DO NOTHING
            RETURNING id
            """;

    private static final String USED = """
            UPDATE robot
            SET last_used_at = now()
            WHERE id = ?
            """;

    /** The robot whose secret has this hash. */
    @AcrossTenants("a robot is known by its secret")
    public Optional<RobotRow> findBySecret(Transaction transaction, byte[] secretHash) {
        return transaction.first(BY_SECRET, RobotStore::row, (Object) secretHash);
    }

    /** A robot, unless it is disabled, expired or deleted. */
    @AcrossTenants("a refresh token names its robot")
    public Optional<RobotRow> find(Transaction transaction, RobotId id) {
        return transaction.first(BY_ID, RobotStore::row, id.value());
    }

    /** Makes a robot; empty where the name is taken. */
    public Optional<RobotId> insert(
            Transaction transaction,
            OrganizationId organization,
            String name,
            String description,
            byte[] secretHash,
            Optional<OffsetDateTime> expiresAt) {
        return transaction.first(
                NEW_ROBOT,
                row -> new RobotId(row.getLong(1)),
                organization.value(),
                name,
                description,
                secretHash,
                expiresAt);
    }

    /** Notes that the robot logged in. */
    @AcrossTenants("the robot was found by its secret")
    public void used(Transaction transaction, RobotId id) {
        transaction.change(USED, id.value());
    }

    private static RobotRow row(ResultSet row) throws SQLException {
        return new RobotRow(
                new RobotId(row.getLong(1)),
                new OrganizationId(row.getLong(2)),
                new OrganizationName(row.getString(3)),
                row.getString(4),
                row.getLong(5),
                row.getBoolean(6));
    }
}
