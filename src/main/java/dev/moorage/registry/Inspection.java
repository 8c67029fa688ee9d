package dev.moorage.registry;

import dev.moorage.manifest.ImageConfig;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest is made of.
 *
 * @param digest its digest
 * @param mediaType its media type
 * @param artifactType what kind of artifact it is
 * @param manifestSize its own size in bytes
 * @param size its bytes and those of everything that it references
 * @param pushedAt when it was pushed first
 * @param lastPulledAt when it was pulled last
 * @param pulls how often it was pulled
 * @param signed whether a signature of it lives beside it; nobody has verified that
 * @param tags the first hundred tags on it
 * @param annotations its annotations
 * @param subject what it is about
 * @param config its configuration; of an index none
 * @param layers its layers or blobs, the lowest first
 * @param manifests what an index lists
 */
public record Inspection(
        String digest,
        String mediaType,
        Optional<String> artifactType,
        long manifestSize,
        long size,
        Instant pushedAt,
        Optional<Instant> lastPulledAt,
        long pulls,
        boolean signed,
        List<String> tags,
        Map<String, String> annotations,
        Optional<Piece> subject,
        Optional<Config> config,
        List<LayerPiece> layers,
        List<Entry> manifests) {

    /** Keeps its own copies. */
    public Inspection {
        tags = List.copyOf(tags);
        annotations = ordered(annotations);
        layers = List.copyOf(layers);
        manifests = List.copyOf(manifests);
    }

    /** The configuration of an image, where it was read. */
    public Optional<ImageConfig> image() {
        return config.flatMap(Config::image);
    }

    /** Whether it lists other manifests. */
    public boolean index() {
        return config.isEmpty() && !manifests.isEmpty();
    }

    /** Some content by what a manifest says of it. */
    public record Piece(String digest, String mediaType, long size) {}

    /**
     * A layer, or a blob of an artifact.
     *
     * @param digest its digest
     * @param mediaType its media type
     * @param size its size in bytes
     * @param step the step of the history that made it; empty where the history does not fit the layers
     * @param annotations what is said of it
     */
    public record LayerPiece(
            String digest,
            String mediaType,
            long size,
            Optional<ImageConfig.Step> step,
            Map<String, String> annotations) {

        /** Keeps its own copy. */
        public LayerPiece {
            annotations = ordered(annotations);
        }
    }

    /**
     * An entry of an index.
     *
     * @param digest its digest
     * @param mediaType its media type
     * @param size the size of the entry itself in bytes
     * @param platform on what it runs, as {@code linux/arm64/v8}
     * @param attests the digest of the entry that it says something of, as build tools keep attestations
     * @param annotations what is said of it
     */
    public record Entry(
            String digest,
            String mediaType,
            long size,
            Optional<String> platform,
            Optional<String> attests,
            Map<String, String> annotations) {

        /** Keeps its own copy. */
        public Entry {
            annotations = ordered(annotations);
        }
    }

    /**
     * A configuration.
     *
     * @param digest its digest
     * @param mediaType its media type
     * @param size its size in bytes
     * @param state whether it was read
     * @param image what it says, where it is an image's
     * @param facts what it says on its outermost level, where it is another artifact's
     */
    public record Config(
            String digest,
            String mediaType,
            long size,
            State state,
            Optional<ImageConfig> image,
            Map<String, String> facts) {

        /** Keeps its own copy. */
        public Config {
            facts = ordered(facts);
        }
    }

    /** Whether a configuration was read. */
    public enum State {
        READ,
        /** It is longer than what is read. */
        TOO_LARGE,
        /** Its bytes are not there. */
        ABSENT,
        /** It is no JSON object. */
        UNREADABLE;

        /** The state as answers write it. */
        @com.fasterxml.jackson.annotation.JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static Map<String, String> ordered(Map<String, String> pairs) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
    }
}
