package dev.moorage.manifest;

import dev.moorage.name.Descriptor;
import java.util.List;
import java.util.Set;

/**
 * One layer of an image manifest.
 *
 * @param descriptor what the manifest says of the layer
 * @param urls where else the layer may be had, as written; usually none
 */
public record Layer(Descriptor descriptor, List<String> urls) {

    private static final Set<String> NOT_DISTRIBUTABLE = Set.of(
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd");

    /** Keeps its own copy of the addresses. */
    public Layer {
        urls = List.copyOf(urls);
    }

    /**
     * Whether clients push the layer to the registry; foreign layers stay where their owner serves them.
     *
     * <p>OCI image specification, "Non-Distributable Layers".
     */
    public boolean isDistributable() {
        return !NOT_DISTRIBUTABLE.contains(descriptor.mediaType().value());
    }
}
