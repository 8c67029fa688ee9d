package dev.moorage.manifest;

import dev.moorage.error.RegistryException;
import dev.moorage.name.Descriptor;
import dev.moorage.name.MediaType;
import java.util.List;
import java.util.Optional;

/**
 * What a manifest says: which content it is made of, and what it is about.
 *
 * <p>The bytes are not in here: they are stored and served exactly as they came. OCI image specification, "Image
 * Manifest" and "Image Index"; Docker image manifest, version 2, schema 2.
 */
public sealed interface Manifest permits ImageManifest, Index, ArtifactManifest {

    /**
     * Reads a manifest.
     *
     * @param bytes the manifest as the client sent it
     * @param contentType the request's Content-Type without its parameters
     * @param limits what is refused for its size
     * @throws RegistryException.ManifestInvalid where the bytes are no manifest that is accepted here; the detail has
     *     the place as a JSON pointer (RFC 6901)
     * @throws RegistryException.ManifestTooLarge where there are more bytes than the limits allow
     */
    static Manifest parse(byte[] bytes, Optional<MediaType> contentType, ManifestLimits limits) {
        return ManifestReader.read(bytes, contentType, limits);
    }

    /** The type under which the manifest is served. */
    MediaType mediaType();

    /** The manifest that this one refers to; it need not exist. */
    Optional<Descriptor> subject();

    /**
     * The type under which referrers are listed and filtered: at most 255 characters in the form of a media type.
     *
     * <p>The field of that name, else for an image manifest the type of its configuration, else nothing. OCI
     * distribution specification, "Listing Referrers".
     */
    Optional<String> artifactType();

    /** The annotations of the manifest itself. */
    Annotations annotations();

    /** The blobs that must be in the repository, each digest once. */
    List<Descriptor> requiredBlobs();

    /** The manifests that must be in the repository, each digest once. */
    List<Descriptor> children();

    /** The sum of the sizes of all that is listed, each digest once, in bytes; at most {@link Long#MAX_VALUE}. */
    long totalSize();
}
