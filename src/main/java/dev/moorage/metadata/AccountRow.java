package dev.moorage.metadata;

import dev.moorage.name.AccountId;
import java.util.Optional;

/**
 * An account that is neither deleted nor disabled, as a login finds it.
 *
 * @param id its identity
 * @param name the name with which it logs in
 * @param passwordHash the hash of its password, in the text form of Argon2; empty where it has none
 * @param administrator whether it may do everything
 * @param epoch which tokens count: those that carry this one
 */
public record AccountRow(AccountId id, String name, Optional<String> passwordHash, boolean administrator, long epoch) {}
