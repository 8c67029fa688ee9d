package dev.moorage.metadata;

import dev.moorage.name.OrganizationId;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.RobotId;

/**
 * A robot that is neither deleted, disabled nor expired, as a login finds it.
 *
 * @param id its identity
 * @param organization whose it is
 * @param organizationName that organization's name
 * @param name its name within the organization
 * @param epoch which tokens count: those that carry this one
 * @param useStale whether its last use was written down more than five minutes ago
 */
public record RobotRow(
        RobotId id,
        OrganizationId organization,
        OrganizationName organizationName,
        String name,
        long epoch,
        boolean useStale) {}
