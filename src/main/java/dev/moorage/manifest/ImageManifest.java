package dev.moorage.manifest;

import dev.moorage.name.Descriptor;
import dev.moorage.name.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A configuration and its layers (OCI image specification, "Image Manifest"; Docker manifest, schema 2).
 *
 * @param mediaType the type under which the manifest is served
 * @param config the configuration, a blob like any other
 * @param layers the layers, possibly none
 * @param subject the manifest that this one refers to
 * @param declaredArtifactType the field {@code artifactType}, where it is there and not empty
 * @param annotations the annotations
 */
public record ImageManifest(
        MediaType mediaType,
        Descriptor config,
        List<Layer> layers,
        Optional<Descriptor> subject,
        Optional<String> declaredArtifactType,
        Annotations annotations)
        implements Manifest {

    /** Keeps its own copy of the layers. */
    public ImageManifest {
        layers = List.copyOf(layers);
    }

    @Override
    public Optional<String> artifactType() {
        return declaredArtifactType.or(() -> Optional.of(config.mediaType().value()));
    }

    @Override
    public List<Descriptor> requiredBlobs() {
        return Descriptors.distinct(Stream.concat(
                Stream.of(config),
                layers.stream().filter(Layer::isDistributable).map(Layer::descriptor)));
    }

    @Override
    public List<Descriptor> children() {
        return List.of();
    }

    @Override
    public long totalSize() {
        return Descriptors.totalSize(
                Stream.concat(Stream.of(config), layers.stream().map(Layer::descriptor)));
    }
}
