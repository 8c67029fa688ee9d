package dev.moorage.access;

import dev.moorage.name.RepositoryPrefix;
import dev.moorage.name.Role;

/**
 * A role on a part of an organization, by a grant of one's own or of a team.
 *
 * @param prefix where
 * @param role which
 * @param epoch an account's in that organization when this was found out; another one now means that something was taken
 *     away there
 */
public record Holding(RepositoryPrefix prefix, Role role, long epoch) {}
