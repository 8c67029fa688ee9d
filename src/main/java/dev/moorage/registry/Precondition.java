package dev.moorage.registry;

import dev.moorage.error.RegistryException.PreconditionFailed;
import dev.moorage.name.Digest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a write demands of the present state (RFC 9110, sections 13.1.1 and 13.1.2).
 *
 * @param match entity tags of which the present one must be one, {@code *} for any; empty list for no demand
 * @param noneMatch entity tags of which the present one must be none, {@code *} for any; empty list for no demand
 */
public record Precondition(List<String> match, List<String> noneMatch) {

    /** Nothing is demanded. */
    public static final Precondition NONE = new Precondition(List.of(), List.of());

    private static final String ANY = "*";

    /** Keeps its own copies of the lists. */
    public Precondition {
        match = List.copyOf(match);
        noneMatch = List.copyOf(noneMatch);
    }

    /** Reads the headers If-Match and If-None-Match; a header that is absent demands nothing. */
    public static Precondition of(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
        return new Precondition(
                ifMatch.map(Precondition::tags).orElse(List.of()),
                ifNoneMatch.map(Precondition::tags).orElse(List.of()));
    }

    /** The entity tag of a manifest or blob: its digest in quotes. */
    public static String entityTag(Digest digest) {
        return '"' + digest.toString() + '"';
    }

    /** Whether a tag of a list of entity tags, weak or strong, is this one. */
    public static boolean matches(List<String> tags, String entityTag) {
        return tags.contains(ANY) || tags.contains(entityTag);
    }

    /** Reads a list of entity tags; the mark of a weak one is dropped, for the bytes behind a digest never differ. */
    public static List<String> tags(String header) {
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .filter(tag -> !tag.isEmpty())
                .toList();
    }

    /** Refuses with 412 unless the present state is what the write demands. */
    void check(Optional<Digest> present) {
        boolean missing = !match.isEmpty()
                && present.filter(digest -> matches(match, entityTag(digest))).isEmpty();
        boolean unwanted =
                present.filter(digest -> matches(noneMatch, entityTag(digest))).isPresent();
        if (missing || unwanted) {
            throw new PreconditionFailed(
                    "the world has moved: the condition does not hold",
                    Map.of("present", present.map(Digest::toString).orElse("absent")));
        }
    }
}
