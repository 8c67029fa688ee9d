package dev.moorage.administration;

import dev.moorage.metadata.ManifestFacts;
import dev.moorage.metadata.TagListStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A tag, as the management API shows it.
 *
 * @param name its name
 * @param digest the manifest that it names
 * @param mediaType the manifest's media type
 * @param artifactType what kind of artifact it is
 * @param size the manifest's bytes and those of everything that it references
 * @param imageId the digest of the image's config
 * @param imageCreatedAt when the image was made, as its config says
 * @param pushedAt when the tag was pushed last, the same manifest again included
 * @param lastPulledAt when the manifest was pulled last
 * @param pulls how often it was pulled
 * @param platforms on what it runs, as {@code linux/arm64/v8}; of an index on what its first 100 manifests run
 * @param signed whether a signature of it lives beside it; nobody has verified that
 */
public record ImageTag(
        String name,
        String digest,
        String mediaType,
        Optional<String> artifactType,
        long size,
        Optional<String> imageId,
        Optional<Instant> imageCreatedAt,
        Instant pushedAt,
        Optional<Instant> lastPulledAt,
        long pulls,
        List<String> platforms,
        boolean signed) {

    /** Keeps its own copy of the platforms. */
    public ImageTag {
        platforms = List.copyOf(platforms);
    }

    static ImageTag of(TagListStore.Row row) {
        ManifestFacts facts = row.facts();
        return new ImageTag(
                row.tag().value(),
                facts.digest().toString(),
                facts.mediaType(),
                facts.artifactType(),
                facts.size(),
                facts.imageId(),
                facts.imageCreatedAt(),
                row.pushedAt(),
                facts.lastPulledAt(),
                facts.pulls(),
                facts.platforms(),
                facts.signed());
    }
}
