package dev.moorage.metadata;

import dev.moorage.name.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A manifest that is about to be kept, with all that is known of it.
 *
 * @param digest its digest
 * @param mediaType its media type
 * @param artifactType what kind of artifact it is, as its referrers entry says
 * @param subject the manifest that it refers to
 * @param payload its exact bytes
 * @param annotations its annotations as JSON
 * @param totalSize its bytes and those of everything that it references
 * @param blobs the blobs that it references
 * @param children the manifests that it references
 * @param image what its config says
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes go from the client to the database and nobody compares rows.
public record NewManifest(
        Digest digest,
        String mediaType,
        Optional<String> artifactType,
        Optional<Digest> subject,
        byte[] payload,
        Optional<String> annotations,
        long totalSize,
        List<Digest> blobs,
        List<Digest> children,
        Image image) {

    /** Keeps its own copies of the lists. */
    public NewManifest {
        blobs = List.copyOf(blobs);
        children = List.copyOf(children);
    }

    /**
     * What an image's config says; all empty where it is no image, or the config cannot be read.
     *
     * @param id the digest of the config
     * @param created when the image was made
     * @param operatingSystem for which operating system
     * @param architecture for which processor
     * @param variant for which variant of the processor
     * @param labels its labels as JSON
     * @param labelExtracts by what of them it is found
     */
    public record Image(
            Optional<String> id,
            Optional<Instant> created,
            Optional<String> operatingSystem,
            Optional<String> architecture,
            Optional<String> variant,
            Optional<String> labels,
            List<String> labelExtracts) {

        /** Keeps its own copy of the extracts. */
        public Image {
            labelExtracts = List.copyOf(labelExtracts);
        }

        /** Nothing is known. */
        public static final Image UNKNOWN = new Image(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
