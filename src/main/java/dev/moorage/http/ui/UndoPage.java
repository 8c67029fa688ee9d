package dev.moorage.http.ui;

import dev.moorage.lifecycle.RecordedEvent;
import dev.moorage.lifecycle.UndoService;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/**
 * What an undo would do, before it is done.
 *
 * @param place the name of the repository or the organization
 * @param address where its pages are
 * @param reference the event
 * @param undone what happened that it undoes
 * @param events what it would do
 * @param refusal why it would be refused
 * @param conflicts what stands against it
 * @param tried whether it was just tried, and refused
 */
record UndoPage(
        String place,
        String address,
        String reference,
        List<HistoryRow> undone,
        List<HistoryRow> events,
        Optional<String> refusal,
        List<Conflict> conflicts,
        boolean tried) {

    /** Keeps its own copies. */
    UndoPage {
        undone = List.copyOf(undone);
        events = List.copyOf(events);
        conflicts = List.copyOf(conflicts);
    }

    /** Something that stands against it: of which kind, in a sentence, and about what. */
    record Conflict(String kind, String detail, Optional<String> tag, Optional<String> digest, Optional<String> now) {}

    static UndoPage of(String place, String address, String reference, UndoService.Preview preview, boolean tried) {
        return new UndoPage(
                place,
                address,
                reference,
                rows(preview.undone()),
                rows(preview.events()),
                preview.refusal(),
                preview.conflicts().stream()
                        .map(conflict -> new Conflict(
                                text(conflict.get("kind")).orElse(""),
                                text(conflict.get("detail")).orElse(""),
                                text(conflict.get("tag")),
                                text(conflict.get("digest")),
                                text(conflict.get("now"))))
                        .toList(),
                tried);
    }

    /** Leads to the history, which tells what was undone. */
    static Response done(String address, UndoService.Undone undone) {
        return Forms.seen(address + "/history?done="
                + (undone.events().isEmpty() ? "" : undone.events().getLast().reference()));
    }

    private static List<HistoryRow> rows(List<RecordedEvent> events) {
        return events.stream().map(HistoryRow::of).toList();
    }

    private static Optional<String> text(Object value) {
        return Optional.ofNullable(value).map(Object::toString);
    }
}
