package dev.moorage.blob;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The budget of bytes in flight: the memory in which parts wait until the store has them.
 *
 * <p>A writer takes all that it will ever use at once, as writers that each hold a piece and wait for another one would wait
 * for ever. Memory is cut into segments, made when they are first needed and used again, so that a small blob touches little
 * of what it may use.
 */
final class PartMemory {

    /** Small enough that the collector of a small heap moves it like any other array, and wastes little of a region. */
    static final int SEGMENT = 64 * 1024;

    /** Who wants no more than this need not queue behind those who want parts. */
    private static final int SMALL = 8;

    private final int segments;
    private final int lendable;
    private final long waitMillis;
    private final Semaphore free;
    private final Queue<byte[]> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lent = new AtomicInteger();

    /**
     * A budget.
     *
     * @param bytes how many in all
     * @param waitMillis how long {@link #take} waits at most
     */
    PartMemory(long bytes, long waitMillis) {
        this(bytes, bytes, waitMillis);
    }

    /**
     * A budget of which not all is lent to those who have their own already.
     *
     * @param lendable how many bytes may be borrowed in all, see {@link Share#grow}
     */
    PartMemory(long bytes, long lendable, long waitMillis) {
        this.segments = Math.toIntExact(bytes / SEGMENT);
        this.lendable = (int) Math.min(Integer.MAX_VALUE, lendable / SEGMENT);
        this.waitMillis = waitMillis;
        this.free = new Semaphore(segments, true);
    }

    /** The whole budget in bytes. */
    long bytes() {
        return (long) segments * SEGMENT;
    }

    /** How much of it is taken, in bytes. */
    long taken() {
        return (long) (segments - free.availablePermits()) * SEGMENT;
    }

    /** Whether somebody waits for some of it. */
    boolean wanted() {
        return free.hasQueuedThreads();
    }

    /** How much of the budget a buffer of this size takes. */
    static long rounded(long bytes) {
        return (bytes + SEGMENT - 1) / SEGMENT * SEGMENT;
    }

    /**
     * Takes as much as is wanted if it is free now, else waits for the least that is needed.
     *
     * @throws StoreBusy when even that does not come free in time
     */
    Share take(long least, long wanted) {
        int most = segments(wanted);
        if (atOnce(most)) {
            return new Share(most);
        }
        int needed = segments(least);
        try {
            if (needed > segments || !free.tryAcquire(needed, waitMillis, TimeUnit.MILLISECONDS)) {
                throw new StoreBusy(
                        "no memory for " + least + " bytes of an upload in moorage.uploads.bytes-in-flight");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreBusy("interrupted while waiting for memory");
        }
        return new Share(needed);
    }

    /** Small shares pass those who wait already, as they are given back soon; others do not. */
    private boolean atOnce(int permits) {
        if (permits <= SMALL) {
            return permits == 0 || free.tryAcquire(permits);
        }
        try {
            return free.tryAcquire(permits, 0, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int segments(long bytes) {
        return Math.toIntExact(rounded(bytes) / SEGMENT);
    }

    /** What one writer may use. */
    final class Share implements AutoCloseable {

        private final int own;
        private int permits;
        private final AtomicInteger left;

        private Share(int permits) {
            this.own = permits;
            this.permits = permits;
            this.left = new AtomicInteger(permits);
        }

        /** How many bytes it is. */
        long bytes() {
            return (long) permits * SEGMENT;
        }

        /** Takes more for a while, if it is free and nobody waits for it. Not for several threads at once. */
        boolean grow(long bytes) {
            int more = segments(bytes);
            if (lent.addAndGet(more) > lendable || !atOnce(more)) {
                lent.addAndGet(-more);
                return false;
            }
            permits += more;
            left.addAndGet(more);
            return true;
        }

        /** Gives back of what it has grown by all beyond this many bytes; the caller has no more segments than these hold. */
        void shrink(long bytes) {
            int spare = permits - Math.max(own, segments(bytes));
            if (spare > 0) {
                permits -= spare;
                left.addAndGet(-spare);
                lent.addAndGet(-spare);
                free.release(spare);
            }
        }

        /** Whether others wait for what it has grown by. */
        boolean owes() {
            return permits > own && wanted();
        }

        byte[] segment() {
            if (left.decrementAndGet() < 0) {
                throw new IllegalStateException("a writer uses more memory than it took");
            }
            byte[] used = idle.poll();
            return used == null ? new byte[SEGMENT] : used;
        }

        void give(byte[] segment) {
            idle.add(segment);
            left.incrementAndGet();
        }

        @Override
        public void close() {
            lent.addAndGet(own - permits);
            free.release(permits);
        }
    }
}
