package dev.moorage.registry;

import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadStore;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the lease of an upload while its request works: renewed every 3 s when bytes have moved or the server itself is at
 * work, given to whoever asks when the client has sent nothing for 5 s.
 *
 * <p>A lease that another request has taken is seen at the next renewal; then the request that lost it is told.
 */
final class UploadLease implements AutoCloseable {

    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final Transactions transactions;
    private final UploadStore store;
    private final UploadRow upload;
    private final Runnable whenLost;
    private final Runnable whenSilent;
    private final AtomicLong progress = new AtomicLong();
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean telling = new AtomicBoolean();
    private final ScheduledFuture<?> ticks;
    private long seen;
    private boolean ended;
    private volatile boolean lost;
    private volatile boolean serverWorks;

    /**
     * The lease of a request.
     *
     * @param whenLost told once that another request has the session
     * @param whenSilent told at each renewal before which the client has sent nothing; what it throws ends nothing
     */
    UploadLease(
            Transactions transactions,
            UploadStore store,
            UploadRow upload,
            Duration renewal,
            Runnable whenLost,
            Runnable whenSilent) {
        this.transactions = transactions;
        this.store = store;
        this.upload = upload;
        this.whenLost = whenLost;
        this.whenSilent = whenSilent;
        this.ticks = CLOCK.scheduleWithFixedDelay(
                () -> Thread.ofVirtual().name("upload-lease").start(this::onTime),
                renewal.toNanos(),
                renewal.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("upload-leases").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    /** Says that bytes have come from the client. */
    void bytesMoved(long offset) {
        progress.set(offset);
    }

    /** Says that from now on the server works by itself: hashes, flushes, commits. */
    void serverWorks() {
        serverWorks = true;
    }

    /** Says that from now on bytes come from the client. */
    void clientSends() {
        serverWorks = false;
    }

    /** Whether another request has taken the session. */
    boolean lost() {
        return lost;
    }

    private void onTime() {
        // Outside of the lock: it may take as long as a request to the store, and renewals must go on.
        if (renew() && telling.compareAndSet(false, true)) {
            try {
                whenSilent.run();
            } finally {
                telling.set(false);
            }
        }
    }

    /**
     * Whether the request holds the session, and its client has sent nothing since the last time.
     *
     * <p>While a renewal waits for the database the next ones are left out: queued up, they would come one after the other
     * when it answers, and the end of the request behind them.
     */
    private boolean renew() {
        if (!turn.tryLock()) {
            return false;
        }
        try {
            return !lost && !ended && renewInTurn();
        } finally {
            turn.unlock();
        }
    }

    private boolean renewInTurn() {
        long now = progress.get();
        boolean moves = serverWorks || now != seen;
        seen = now;
        try {
            boolean held = transactions.read(tx -> moves ? store.renew(tx, upload) : store.waitForClient(tx, upload));
            if (!held) {
                lost = true;
                whenLost.run();
            }
            return held && !moves;
        } catch (Unavailable _) {
            // The lease runs out by itself if this goes on.
            return false;
        }
    }

    /** Ends the renewals; when it returns none is under way, so that none can come behind the release of the session. */
    @Override
    public void close() {
        ticks.cancel(false);
        turn.lock();
        try {
            ended = true;
        } finally {
            turn.unlock();
        }
    }
}
