package dev.moorage.lifecycle;

import dev.moorage.metadata.RetentionRun.Place;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A pass of an undo through the events of a run, and what has become of them in it so far; kept in the run's {@link Place},
 * so that any replica goes on with it.
 *
 * @param marks what is known of it
 */
record UndoPass(Set<Mark> marks) {

    /** What is known of a pass. */
    enum Mark {
        /** It tries again what one before has left. */
        AGAIN,
        /** Nothing came of the one before: what is left by this one is written down. */
        LAST,
        /** It has put back or taken away something. */
        CAME_ON,
        /** It has left something. */
        LEFT
    }

    /** Keeps its own copy. */
    UndoPass {
        marks = Set.copyOf(marks);
    }

    static UndoPass at(Place place) {
        Set<Mark> marks = EnumSet.noneOf(Mark.class);
        place.latest().forEach(text -> marks.add(Mark.valueOf(text.toUpperCase(Locale.ROOT))));
        return new UndoPass(marks);
    }

    /** Has come on at a place. */
    static Place cameOn(Place place) {
        return marked(place, Mark.CAME_ON);
    }

    /** Has left something at a place. */
    static Place left(Place place) {
        return marked(place, Mark.LEFT);
    }

    boolean isFirst() {
        return !marks.contains(Mark.AGAIN);
    }

    boolean isLast() {
        return marks.contains(Mark.LAST);
    }

    /** The pass that follows when all events have been gone through; none where nothing is left, or this was the last one. */
    Optional<UndoPass> next() {
        if (isLast() || !marks.contains(Mark.LEFT)) {
            return Optional.empty();
        }
        return Optional.of(new UndoPass(
                marks.contains(Mark.CAME_ON) ? EnumSet.of(Mark.AGAIN) : EnumSet.of(Mark.AGAIN, Mark.LAST)));
    }

    /** Where it stands behind an event, {@code size} events at a time from there; 0 for as many as at first. */
    Place place(String event, int size) {
        return new Place(0, event, texts(marks), size);
    }

    private static Place marked(Place place, Mark mark) {
        Set<Mark> marks = EnumSet.of(mark);
        marks.addAll(at(place).marks);
        return new Place(place.repository(), place.name(), texts(marks), place.deletedInPass());
    }

    private static List<String> texts(Collection<Mark> marks) {
        return marks.stream()
                .sorted()
                .map(mark -> mark.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
