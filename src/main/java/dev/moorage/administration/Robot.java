package dev.moorage.administration;

import dev.moorage.access.Principal;
import dev.moorage.metadata.RobotListStore;
import dev.moorage.name.OrganizationName;
import java.time.Instant;
import java.util.Optional;

/**
 * A robot, as the management API shows it.
 *
 * @param name its name within the organization
 * @param login the name with which it logs in
 */
public record Robot(
        String name,
        String login,
        String description,
        boolean enabled,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt) {

    /**
     * A robot with the secret that was made for it, which nobody is shown again.
     *
     * @param secret what it logs in with
     */
    public record WithSecret(Robot robot, String secret) {
        @Override
        public String toString() {
            return robot + ", ***";
        }
    }

    static Robot of(OrganizationName organization, RobotListStore.Row row) {
        return new Robot(
                row.name(),
                Principal.Robot.loginName(organization, row.name()),
                row.description(),
                row.state() == RobotListStore.State.ENABLED,
                row.createdAt(),
                row.expiresAt(),
                row.lastUsedAt());
    }
}
