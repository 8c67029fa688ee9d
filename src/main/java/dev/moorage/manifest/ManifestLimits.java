package dev.moorage.manifest;

/**
 * What a manifest may cost before it is refused.
 *
 * <p>OCI distribution specification, "Pushing Manifests": a registry accepts manifests of 4 megabytes and may refuse
 * larger ones.
 *
 * @param bytes the longest manifest, in bytes; whoever reads a body stops behind this many
 * @param depth how many objects and arrays lie inside each other at most, the outermost included
 * @param descriptors how many descriptors a manifest holds at most: configuration, layers, manifests, blobs and subject
 */
public record ManifestLimits(int bytes, int depth, int descriptors) {

    /** The limits of the registry: 4 MiB, 32 levels, 10,000 descriptors. */
    public static final ManifestLimits STANDARD = new ManifestLimits(4 * 1024 * 1024, 32, 10_000);
}
