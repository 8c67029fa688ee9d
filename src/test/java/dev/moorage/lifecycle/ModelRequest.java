package dev.moorage.lifecycle;

import dev.moorage.name.Digest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A request that changed something.
 *
 * @param reference what its last event is called, by which it can be undone
 * @param events what it did
 */
record ModelRequest(String reference, List<ModelEvent> events) {

    /** Keeps its own copy. */
    ModelRequest {
        events = List.copyOf(events);
    }

    /** What it did this to. */
    Set<Digest> digests(ModelEvent.Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(ModelEvent::digest)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
