package dev.moorage.name;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** In which form a webhook is told. */
public enum WebhookFormat {
    /** CloudEvents 1.0, structured JSON. */
    CLOUDEVENTS,
    /** The notification envelope of the Distribution registry. */
    DISTRIBUTION;

    /** The format as rows and bodies write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a format; empty where the text is none. */
    public static Optional<WebhookFormat> parse(String text) {
        return Stream.of(values()).filter(format -> format.text().equals(text)).findFirst();
    }

    /** Whether it has words for this kind: Distribution knows pushes and deletions only. */
    public boolean tells(WebhookKind kind) {
        return switch (this) {
            case CLOUDEVENTS -> true;
            case DISTRIBUTION ->
                switch (kind) {
                    case TAG_CREATED,
                            TAG_MOVED,
                            TAG_DELETED,
                            MANIFEST_PUSHED,
                            MANIFEST_DELETED,
                            MANIFEST_RESTORED,
                            MANIFEST_PURGED,
                            BLOB_DELETED,
                            BLOB_RESTORED,
                            BLOB_PURGED,
                            REPOSITORY_DELETED -> true;
                    case REPOSITORY_CREATED,
                            REPOSITORY_RESTORED,
                            ORGANIZATION_DELETED,
                            ORGANIZATION_RESTORED,
                            RETENTION_FINISHED -> false;
                };
        };
    }
}
