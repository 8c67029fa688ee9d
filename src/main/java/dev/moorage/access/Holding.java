package dev.moorage.access;

import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;

/**
 * A role on a part of an organization, by a grant of one's own or of a team.
 *
 * @param prefix where
 * @param role which
 */
public record Holding(RepositoryPrefix prefix, Role role) {}
