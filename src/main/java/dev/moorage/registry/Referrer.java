package dev.moorage.registry;

import dev.moorage.name.Digest;
import java.util.Optional;

/**
 * A manifest that names another one as its subject.
 *
 * @param digest its digest
 * @param mediaType its media type
 * @param size its size in bytes
 * @param artifactType what kind of artifact it is
 * @param annotations its annotations as JSON
 */
public record Referrer(
        Digest digest, String mediaType, int size, Optional<String> artifactType, Optional<String> annotations) {}
