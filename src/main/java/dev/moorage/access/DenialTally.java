package dev.moorage.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Denials between the moment of the request and their writing, in bounded memory: no request waits for them to be written.
 *
 * <p>Those that are alike are one entry; further ones than there is room for are only counted.
 */
final class DenialTally {

    private final DenialBounds bounds;
    private final Map<Denial.Kind, Alike> kept = new ConcurrentHashMap<>();
    private final Map<String, Integer> kinds = new ConcurrentHashMap<>();
    private final AtomicLong dropped = new AtomicLong();

    DenialTally(DenialBounds bounds) {
        this.bounds = bounds;
    }

    void add(Alike alike) {
        Denial.Kind kind = alike.first().kind();
        if (kept.computeIfPresent(kind, (_, before) -> before.and(alike)) != null) {
            return;
        }
        if (kept.size() < bounds.kinds() && kinds.merge(kind.who(), 1, Integer::sum) <= bounds.kindsOfOne()) {
            kept.merge(kind, alike, Alike::and);
        } else {
            drop(alike.times());
        }
    }

    /** Takes all out. */
    List<Alike> take() {
        kinds.clear();
        List<Alike> taken = new ArrayList<>();
        for (Denial.Kind kind : List.copyOf(kept.keySet())) {
            Alike alike = kept.remove(kind);
            if (alike != null) {
                taken.add(alike);
            }
        }
        return taken;
    }

    /** Takes out how many there was no room for. */
    long takeDropped() {
        return dropped.getAndSet(0);
    }

    /** Counts some more for which there was no room. */
    void drop(long times) {
        dropped.addAndGet(times);
    }
}
