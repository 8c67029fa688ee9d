package dev.moorage.manifest;

import dev.moorage.name.Descriptor;
import dev.moorage.name.MediaType;
import java.util.List;
import java.util.Optional;

/**
 * Blobs without a configuration: the artifact manifest that preceded version 1.1 of the OCI image specification.
 *
 * @param blobs the blobs, possibly none
 * @param subject the manifest that this one refers to
 * @param artifactType the field {@code artifactType}, where it is there and not empty
 * @param annotations the annotations
 */
public record ArtifactManifest(
        List<Descriptor> blobs, Optional<Descriptor> subject, Optional<String> artifactType, Annotations annotations)
        implements Manifest {

    /** Keeps its own copy of the blobs. */
    public ArtifactManifest {
        blobs = List.copyOf(blobs);
    }

    @Override
    public MediaType mediaType() {
        return MediaType.OCI_ARTIFACT;
    }

    @Override
    public List<Descriptor> requiredBlobs() {
        return Descriptors.distinct(blobs.stream());
    }

    @Override
    public List<Descriptor> children() {
        return List.of();
    }

    @Override
    public long totalSize() {
        return Descriptors.totalSize(blobs.stream());
    }
}
