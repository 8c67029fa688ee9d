package dev.moorage.name;

import java.util.Optional;

/**
 * How much an organization may keep at most.
 *
 * @param bytes of distinct blobs and of manifests, 0 or more; empty for no limit
 * @param repositories 0 to {@value Integer#MAX_VALUE}; empty for no limit
 */
public record Quota(Optional<Long> bytes, Optional<Integer> repositories) {

    /** No limit. */
    public static final Quota NONE = new Quota(Optional.empty(), Optional.empty());

    /** Refuses limits below 0. */
    public Quota {
        if (bytes.filter(limit -> limit < 0).isPresent()
                || repositories.filter(limit -> limit < 0).isPresent()) {
            throw new IllegalArgumentException("a quota is 0 or more");
        }
    }
}
