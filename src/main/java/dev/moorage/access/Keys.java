package dev.moorage.access;

import java.security.Key;
import java.util.Optional;

/** Keys by which tokens of somebody else are told from forged ones. */
@FunctionalInterface
interface Keys {

    /** The key of a name, where it is one for this algorithm. */
    Optional<Key> find(String kid, String algorithm);
}
