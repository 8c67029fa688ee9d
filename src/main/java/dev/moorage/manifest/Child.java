package dev.moorage.manifest;

import dev.moorage.name.Descriptor;
import java.util.Optional;

/**
 * One entry of an index.
 *
 * @param descriptor what the index says of the entry
 * @param platform what the entry runs on, where the index says so
 */
public record Child(Descriptor descriptor, Optional<Platform> platform) {}
