package dev.moorage.access;

import dev.moorage.name.AuditAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * When which denials are written: the first of a kind at once, what is alike in fewer and fewer rows while it goes on, and
 * all together so many rows an hour. Used by one thread at a time.
 */
final class DenialWindows {

    /** How long those that are alike are gathered behind the first row. */
    private static final long FIRST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int LONGER = 4;

    private final DenialBounds bounds;
    private final RequestBucket rows = new RequestBucket();
    private final Map<String, Share> shares = new HashMap<>();
    private final Map<Denial.Kind, Window> windows = new HashMap<>();

    DenialWindows(DenialBounds bounds) {
        this.bounds = bounds;
    }

    /** The rows that one actor has left. */
    private static final class Share {
        private final RequestBucket rows = new RequestBucket();
        private long lastAt;
    }

    private static final class Window {
        private Alike waiting;
        private long length;
        private long lengthBefore;
        private long endsAt;
        private boolean isPaid;

        Window(long now) {
            this.endsAt = now;
        }

        void add(Alike alike) {
            waiting = waiting == null ? alike : waiting.and(alike);
        }

        void next(long now) {
            waiting = null;
            isPaid = false;
            lengthBefore = length;
            length = length == 0 ? FIRST_NANOS : Math.min(LONGEST_NANOS, length * LONGER);
            endsAt = now + length;
        }

        void again(Alike alike, long now) {
            waiting = waiting == null ? alike : alike.and(waiting);
            isPaid = true;
            length = lengthBefore;
            endsAt = now;
        }

        boolean isOver(long now) {
            return now - endsAt >= 0;
        }
    }

    /** Puts some in; answers how many of them there was no room for. */
    long put(List<Alike> gathered, long now) {
        long dropped = 0;
        Map<String, Integer> kinds = new HashMap<>();
        windows.keySet().forEach(kind -> kinds.merge(kind.who(), 1, Integer::sum));
        for (Alike alike : gathered) {
            Denial.Kind kind = alike.first().kind();
            if (!windows.containsKey(kind)) {
                boolean full =
                        windows.size() >= bounds.kinds() || kinds.getOrDefault(kind.who(), 0) >= bounds.kindsOfOne();
                if (full && !isCount(alike)) {
                    dropped += alike.times();
                    continue;
                }
                kinds.merge(kind.who(), 1, Integer::sum);
                windows.put(kind, new Window(now));
            }
            windows.get(kind).add(alike);
        }
        return dropped;
    }

    /** Puts back what could not be written: it is due at once, and has its rows already. */
    void putBack(List<Alike> unwritten, long now) {
        for (Alike alike : unwritten) {
            windows.computeIfAbsent(alike.first().kind(), _ -> new Window(now)).again(alike, now);
        }
    }

    /** How many were dropped is always told. */
    private static boolean isCount(Alike alike) {
        return alike.first().action() == AuditAction.DENIALS_DROP;
    }

    /** What is to be written now. */
    record Due(List<Alike> written, long dropped) {}

    /**
     * Takes out what is due.
     *
     * @param whatever also what would wait for more that is alike, as the program ends
     */
    Due take(long now, Wait whatever) {
        List<Alike> due = new ArrayList<>();
        long dropped = 0;
        for (Map.Entry<Denial.Kind, Window> entry : windows.entrySet()) {
            Window window = entry.getValue();
            boolean over = window.isOver(now) || whatever == Wait.FOR_NOTHING;
            if (window.waiting == null || !over) {
                continue;
            }
            if (window.isPaid
                    || isCount(window.waiting)
                    || takeRow(entry.getKey().who(), now)) {
                due.add(window.waiting);
            } else {
                dropped += window.waiting.times();
            }
            window.next(now);
        }
        // A kind of which nothing came for a whole window begins anew.
        windows.values().removeIf(window -> window.waiting == null && window.isOver(now));
        // Whose last row is an hour old has all of them again.
        shares.values().removeIf(share -> now - share.lastAt >= LONGEST_NANOS);
        return new Due(due, dropped);
    }

    // His own first: whoever has none left takes nothing from the others.
    private boolean takeRow(String who, long now) {
        Share share = shares.computeIfAbsent(who, _ -> new Share());
        share.lastAt = now;
        return take(share.rows, now, bounds.rowsPerHourOfOne()) && take(rows, now, bounds.rowsPerHour());
    }

    private static boolean take(RequestBucket rows, long now, int most) {
        return rows.take(now, LONGEST_NANOS / most, most) == 0;
    }

    /** Whether what is alike is waited for. */
    enum Wait {
        FOR_MORE,
        FOR_NOTHING
    }
}
