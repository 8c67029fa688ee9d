package dev.moorage.http.ui;

import dev.moorage.administration.TagMove;
import dev.moorage.lifecycle.RecordedEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Something that happened, as the console tells it.
 *
 * @param reference by what an undo names it
 * @param what what happened, in plain words
 * @param repository where, if that is not known from the page
 * @param tag to which tag
 * @param at when
 * @param by who did it
 * @param client by which program
 * @param from the digest before
 * @param to the digest after
 * @param why the reason that was given
 * @param undoes which event it undid
 * @param undoneBy which event undid it
 * @param undoable whether there may be something to undo
 */
record HistoryRow(
        String reference,
        String what,
        Optional<String> repository,
        Optional<String> tag,
        Instant at,
        Optional<String> by,
        Optional<String> client,
        Optional<String> from,
        Optional<String> to,
        Optional<String> why,
        Optional<String> undoes,
        Optional<String> undoneBy,
        boolean undoable) {

    private static final Set<String> FOR_GOOD = Set.of("manifest-purged", "blob-purged");

    static HistoryRow of(RecordedEvent event) {
        String kind = event.kind().replace('_', '-');
        return new HistoryRow(
                event.reference(),
                words(kind, event.undoes().isPresent()),
                event.repository(),
                event.tag(),
                event.at(),
                Optional.of(event.actor()),
                Optional.of(event.client()),
                event.from(),
                event.to(),
                event.why(),
                event.undoes(),
                event.undoneBy(),
                event.undoneBy().isEmpty() && !FOR_GOOD.contains(kind));
    }

    static HistoryRow of(TagMove move, String tag) {
        return new HistoryRow(
                move.event().toString(),
                words(move.kind(), move.undoes().isPresent()),
                Optional.empty(),
                Optional.of(tag),
                move.at(),
                move.by(),
                move.client(),
                move.from().map(TagMove.Version::digest),
                move.to().map(TagMove.Version::digest),
                move.why(),
                move.undoes().map(Object::toString),
                move.undoneBy().filter(_ -> move.undone()).map(Object::toString),
                !move.undone());
    }

    /** Whether a tag named something before and behind it, which can be compared. */
    public boolean isComparable() {
        return tag.isPresent() && from.isPresent() && to.isPresent();
    }

    private static String words(String kind, boolean undo) {
        String words =
                switch (kind) {
                    case "tag-created" -> "tag made";
                    case "tag-moved" -> "tag moved";
                    case "tag-deleted" -> "tag deleted";
                    case "manifest-deleted" -> "manifest deleted";
                    case "manifest-restored" -> "manifest brought back";
                    case "blob-deleted" -> "blob deleted";
                    case "blob-restored" -> "blob brought back";
                    case "repository-deleted" -> "repository deleted";
                    case "repository-restored" -> "repository brought back";
                    case "organization-deleted" -> "organization deleted";
                    case "organization-restored" -> "organization brought back";
                    case "manifest-purged" -> "manifest purged for good";
                    case "blob-purged" -> "blob purged for good";
                    default -> kind.replace('-', ' ');
                };
        return undo ? words + ", by an undo" : words;
    }
}
