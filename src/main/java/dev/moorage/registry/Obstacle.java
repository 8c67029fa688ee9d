package dev.moorage.registry;

import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import java.util.Locale;
import java.util.Optional;

/**
 * Why something cannot be brought back.
 *
 * @param kind the same word for each of the kind
 * @param tag which tag it is about
 * @param digest which manifest or blob it is about
 * @param now what is there in its place, or in its way
 * @param detail a sentence
 */
public record Obstacle(Kind kind, Optional<Tag> tag, Optional<Digest> digest, Optional<Digest> now, String detail) {

    /** The kinds of obstacles. */
    public enum Kind {
        /** The tag names something else than it was left at. */
        TAG_ELSEWHERE,
        /** The tag was removed, and is there again. */
        TAG_MADE_SINCE,
        /** The tag is not there any more. */
        TAG_GONE,
        /** A rule keeps the tag where it is. */
        TAG_IMMUTABLE,
        /** The manifest is deleted, which is to be undone first. */
        MANIFEST_DELETED,
        /** The manifest is gone for good. */
        MANIFEST_GONE,
        /** The manifest was pushed again. */
        MANIFEST_MADE_SINCE,
        /** An index references the manifest. */
        MANIFEST_REFERENCED,
        /** A tag names the manifest. */
        MANIFEST_TAGGED,
        /** A blob is deleted, which is to be undone first. */
        BLOB_DELETED,
        /** The blob is gone for good. */
        BLOB_GONE,
        /** The blob was pushed again. */
        BLOB_MADE_SINCE,
        /** A manifest references the blob. */
        BLOB_REFERENCED,
        /** The repository is deleted, which is to be undone first. */
        REPOSITORY_DELETED,
        /** The repository is gone for good. */
        REPOSITORY_GONE,
        /** The repository is there again. */
        REPOSITORY_RESTORED_SINCE,
        /** Another repository has the name. */
        NAME_TAKEN,
        /** It was purged, which nothing undoes. */
        PURGED,
        /** The organization may have no further repository. */
        QUOTA,
        /** The organization is deleted, which is to be undone first. */
        ORGANIZATION_DELETED,
        /** The organization is gone for good. */
        ORGANIZATION_GONE,
        /** The organization is there again. */
        ORGANIZATION_RESTORED_SINCE;

        /** The kind as answers write it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** About a repository or an organization as a whole. */
    public static Obstacle of(Kind kind, String detail) {
        return new Obstacle(kind, Optional.empty(), Optional.empty(), Optional.empty(), detail);
    }

    static Obstacle of(Kind kind, Digest digest, String detail) {
        return new Obstacle(kind, Optional.empty(), Optional.of(digest), Optional.empty(), detail);
    }

    static Obstacle of(Kind kind, Tag tag, Optional<Digest> digest, Optional<Digest> now, String detail) {
        return new Obstacle(kind, Optional.of(tag), digest, now, detail);
    }
}
