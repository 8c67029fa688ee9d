package dev.moorage.administration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.moorage.metadata.ImageListStore.Row;
import dev.moorage.metadata.ManifestFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image of a repository, as the management API shows it.
 *
 * @param repository the repository's name
 * @param tags the tags on it, those that match where a pattern was given; the first hundred
 * @param digest its manifest
 * @param mediaType the manifest's media type
 * @param artifactType what kind of artifact it is
 * @param imageId the digest of its config
 * @param size the manifest's bytes and those of everything that it references
 * @param imageCreatedAt when it was made, as its config says
 * @param pushedAt when it was pushed first
 * @param lastPulledAt when it was pulled last
 * @param pulls how often it was pulled
 * @param platforms on what it runs, as {@code linux/arm64/v8}; of an index on what its first 100 manifests run
 * @param signed whether a signature of it lives beside it; nobody has verified that
 * @param labels its labels, where they were asked for and have 16 KiB at most
 */
public record StoredImage(
        String repository,
        List<String> tags,
        String digest,
        String mediaType,
        Optional<String> artifactType,
        Optional<String> imageId,
        long size,
        Optional<Instant> imageCreatedAt,
        Instant pushedAt,
        Optional<Instant> lastPulledAt,
        long pulls,
        List<String> platforms,
        boolean signed,
        Optional<Map<String, String>> labels) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keeps its own copies of the lists. */
    public StoredImage {
        tags = List.copyOf(tags);
        platforms = List.copyOf(platforms);
    }

    static StoredImage of(Row row) {
        ManifestFacts facts = row.facts();
        return new StoredImage(
                row.repository(),
                row.tags(),
                facts.digest().toString(),
                facts.mediaType(),
                facts.artifactType(),
                facts.imageId(),
                facts.size(),
                facts.imageCreatedAt(),
                row.pushedAt(),
                facts.lastPulledAt(),
                facts.pulls(),
                facts.platforms(),
                facts.signed(),
                row.labels().map(StoredImage::labels));
    }

    private static Map<String, String> labels(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("labels that were kept as JSON are none", e);
        }
    }
}
