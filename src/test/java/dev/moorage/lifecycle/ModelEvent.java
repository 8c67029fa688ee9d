package dev.moorage.lifecycle;

import dev.moorage.metadata.HistoryStore;
import dev.moorage.name.Digest;
import java.util.Optional;

/** What the history of a repository must say. */
record ModelEvent(Kind kind, Optional<String> tag, Optional<Digest> from, Optional<Digest> to) {

    /** The kinds that a model run makes. */
    enum Kind {
        TAG_CREATED,
        TAG_MOVED,
        TAG_DELETED,
        MANIFEST_DELETED,
        MANIFEST_RESTORED,
        BLOB_DELETED,
        BLOB_RESTORED
    }

    static ModelEvent ofTag(String tag, Optional<Digest> from, Optional<Digest> to) {
        Kind kind = from.isEmpty() ? Kind.TAG_CREATED : to.isEmpty() ? Kind.TAG_DELETED : Kind.TAG_MOVED;
        return new ModelEvent(kind, Optional.of(tag), from, to);
    }

    static ModelEvent of(Kind kind, Digest digest) {
        boolean back = kind == Kind.MANIFEST_RESTORED || kind == Kind.BLOB_RESTORED;
        Optional<Digest> some = Optional.of(digest);
        return new ModelEvent(kind, Optional.empty(), back ? Optional.empty() : some, back ? some : Optional.empty());
    }

    /** The digest of a manifest or blob that went or came back. */
    Digest digest() {
        return from.or(() -> to).orElseThrow();
    }

    /** As a row of the history is read. */
    String text() {
        return "%s %s %s %s"
                .formatted(
                        HistoryStore.Kind.valueOf(kind.name()).text(),
                        tag.orElse("-"),
                        from.map(Digest::toString).orElse("-"),
                        to.map(Digest::toString).orElse("-"));
    }
}
