package dev.moorage.name;

import java.util.Optional;

/** What names a manifest inside a repository: a tag or a digest (OCI distribution specification, "Pulling manifests"). */
public sealed interface Reference permits Tag, Digest {

    /** Reads a tag or a digest; a text with a colon can only be a digest. Empty where it is neither. */
    static Optional<Reference> parse(String text) {
        return looksLikeDigest(text)
                ? Digest.parse(text).map(d -> d)
                : Tag.parse(text).map(t -> t);
    }

    /** Whether a text can only have been meant as a digest: tags hold no colon. */
    static boolean looksLikeDigest(String text) {
        return text.indexOf(':') >= 0;
    }
}
