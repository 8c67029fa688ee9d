package dev.moorage.metadata;

import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What is known of the tags and manifests that a retention policy decides about. */
public final class RetentionFacts {

    private RetentionFacts() {}

    /**
     * A tag.
     *
     * @param name its name
     * @param digest the manifest that it names
     * @param pushedAt when it was last pushed, also to where it was
     * @param pulledAt when its manifest was last pulled, as far as pulls are counted
     */
    public record OfTag(Tag name, Digest digest, Instant pushedAt, Optional<Instant> pulledAt) {}

    /**
     * A live manifest.
     *
     * @param digest its digest
     * @param size its own bytes
     * @param leasedAt when it was last pushed, or a pusher told that it is there
     * @param untaggedSince since when it has had no tag: its push, or when its last tag went; for what still has one that
     *     stays it says nothing
     * @param keptTag a tag on it that stays
     */
    public record OfManifest(Digest digest, int size, Instant leasedAt, Instant untaggedSince, Optional<Tag> keptTag) {}

    /**
     * What keeps a manifest as long as it lives itself.
     *
     * @param digests the live indexes that reference the manifest, and its subject where that lives
     * @param extent whether these are all
     */
    public record Needs(Set<Digest> digests, Extent extent) {

        /** Needed by nothing. */
        public static final Needs NONE = new Needs(Set.of(), Extent.ALL);

        /** Needed by more than was looked at. */
        public static final Needs MANY = new Needs(Set.of(), Extent.CUT);

        /** Keeps its own copy. */
        public Needs {
            digests = Set.copyOf(digests);
        }
    }

    /** Whether a list holds all that there is. */
    public enum Extent {
        ALL,
        CUT
    }
}
