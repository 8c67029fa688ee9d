package dev.moorage.manifest;

import dev.moorage.name.Descriptor;
import dev.moorage.name.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A list of manifests (OCI image specification, "Image Index"; Docker manifest list).
 *
 * <p>Entries of a type that is no manifest are blobs: BuildKit keeps its cache so, and an unknown type must not be an
 * error.
 *
 * @param mediaType the type under which the index is served
 * @param manifests the entries, possibly none
 * @param subject the manifest that this one refers to
 * @param artifactType the field {@code artifactType}, where it is there and not empty
 * @param annotations the annotations
 */
public record Index(
        MediaType mediaType,
        List<Child> manifests,
        Optional<Descriptor> subject,
        Optional<String> artifactType,
        Annotations annotations)
        implements Manifest {

    /** Keeps its own copy of the entries. */
    public Index {
        manifests = List.copyOf(manifests);
    }

    @Override
    public List<Descriptor> requiredBlobs() {
        return entries(type -> ManifestKind.of(type).isEmpty());
    }

    @Override
    public List<Descriptor> children() {
        return entries(type -> ManifestKind.of(type).isPresent());
    }

    @Override
    public long totalSize() {
        return Descriptors.totalSize(manifests.stream().map(Child::descriptor));
    }

    private List<Descriptor> entries(Predicate<MediaType> kind) {
        return Descriptors.distinct(
                manifests.stream().map(Child::descriptor).filter(descriptor -> kind.test(descriptor.mediaType())));
    }
}
