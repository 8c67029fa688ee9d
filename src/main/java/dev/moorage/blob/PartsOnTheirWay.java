package dev.moorage.blob;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The parts of one upload that the store does not have yet, the oldest first. */
final class PartsOnTheirWay {

    /** A store gives one connection a share of what it can do, as Amazon's does, or rests between a part and the next. */
    static final int MOST = 4;

    // Another thread interrupts them.
    private final Queue<PartSending> sending = new ConcurrentLinkedQueue<>();

    /** How many they are. */
    int count() {
        return sending.size();
    }

    boolean isEmpty() {
        return sending.isEmpty();
    }

    /** Sends a part on a thread of its own. */
    void start(PartBuffer bytes, Callable<S3State.Part> request) {
        sending.add(PartSending.start(bytes, request));
    }

    /** Whether nobody has to wait for the oldest. */
    boolean oldestEnded() {
        PartSending oldest = sending.peek();
        return oldest != null && oldest.ended();
    }

    /**
     * Waits for the oldest, and gives its memory back.
     *
     * @throws StoreFailure when the store does not have it
     */
    S3State.Part collect() {
        S3State.Part part = sending.element().await();
        sending.remove();
        return part;
    }

    /** Breaks all of them off. */
    void interrupt() {
        sending.forEach(PartSending::interrupt);
    }

    /** Waits until nobody reads their memory any more, however they end: the row's last point counts on none of them. */
    void settle() {
        for (PartSending one = sending.poll(); one != null; one = sending.poll()) {
            var unused = one.end();
        }
    }
}
