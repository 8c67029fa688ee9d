package dev.moorage.name;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a webhook can be told of: every kind of event of the history, and what is none of it. */
public enum WebhookKind {
    TAG_CREATED,
    TAG_MOVED,
    TAG_DELETED,
    /** A manifest that the repository did not have came without a tag. */
    MANIFEST_PUSHED,
    MANIFEST_DELETED,
    MANIFEST_RESTORED,
    MANIFEST_PURGED,
    BLOB_DELETED,
    BLOB_RESTORED,
    BLOB_PURGED,
    REPOSITORY_CREATED,
    REPOSITORY_DELETED,
    REPOSITORY_RESTORED,
    ORGANIZATION_DELETED,
    ORGANIZATION_RESTORED,
    /** A run of a retention policy, or its undo, came to its end. */
    RETENTION_FINISHED;

    /** The kind as rows and messages write it, in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a kind; empty where the text is none. */
    public static Optional<WebhookKind> parse(String text) {
        return Stream.of(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
}
