package dev.moorage.manifest;

import dev.moorage.name.MediaType;
import java.util.Optional;

/** The shapes of manifests; each media type that is accepted has one. */
enum ManifestKind {
    IMAGE,
    INDEX,
    ARTIFACT;

    /** The shape of a media type; empty where it names no manifest that is accepted here. */
    static Optional<ManifestKind> of(MediaType type) {
        if (type.equals(MediaType.OCI_MANIFEST) || type.equals(MediaType.DOCKER_MANIFEST)) {
            return Optional.of(IMAGE);
        }
        if (type.equals(MediaType.OCI_INDEX) || type.equals(MediaType.DOCKER_MANIFEST_LIST)) {
            return Optional.of(INDEX);
        }
        return type.equals(MediaType.OCI_ARTIFACT) ? Optional.of(ARTIFACT) : Optional.empty();
    }
}
