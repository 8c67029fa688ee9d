package dev.moorage.metadata;

import java.util.Locale;

/** What a report of storage counts; each blob and each manifest is in one of its states. */
public enum StorageFigure {
    /** Blobs that a live manifest needs. */
    BLOBS_LIVE,
    /** Blobs that only an undo would show again. */
    BLOBS_HELD,
    /** Blobs that nothing needs, but that a pusher was told of lately. */
    BLOBS_LEASED,
    /** Blobs that nothing keeps. */
    BLOBS_RECLAIMABLE,
    /** Manifests that can be pulled. */
    MANIFESTS_LIVE,
    /** Manifests that only an undo would show again. */
    MANIFESTS_HELD,
    /** Manifests that nothing keeps. */
    MANIFESTS_RECLAIMABLE,
    /** Blobs of several repositories, each once. */
    SHARED,
    /** The links to those but one each, and what their bytes would be. */
    SAVED,
    /** Open uploads, and the bytes that have come. */
    UPLOADS,
    /** Objects of the store that are to go. */
    TOMBSTONES;

    /** As statements write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static StorageFigure of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
