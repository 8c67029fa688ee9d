package dev.moorage.blob;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Flushes a file while it is being written, so that little is left to flush when it is whole.
 *
 * <p>Only time is gained: the last flush, the one that counts, comes after all others. One is under way at a time, and bytes that
 * come faster than the disk takes them are left to the next one. Used by one thread at a time.
 */
final class EarlyFlush {

    /** After how many bytes a flush begins. */
    static final long EVERY = 16L << 20;

    /** After how many bytes a flush begins between two requests. */
    static final long BETWEEN = 4L << 20;

    /** How many bytes at most are left to a flush that goes on behind an answer: a second or so of a slow disk. */
    static final long BEHIND = 32L << 20;

    private final FileLayer.OpenFile file;
    private CompletableFuture<Optional<IOException>> running = CompletableFuture.completedFuture(Optional.empty());
    private long unflushed;
    // Of the last flush, which may have ended.
    private long flushing;

    EarlyFlush(FileLayer.OpenFile file) {
        this.file = file;
    }

    /**
     * Tells of bytes that the file has now, and begins a flush where they are enough.
     *
     * @throws IOException where the flush before it failed
     */
    void written(long bytes) throws IOException {
        unflushed += bytes;
        begin(EVERY);
    }

    /**
     * Begins a flush where it is worth it, for no bytes come in the next moments; waits for the one that is under way where the
     * disk is so far behind that the next request would have to wait for it.
     *
     * @throws IOException where the flush before it failed
     */
    void pause() throws IOException {
        if (flushing + unflushed > BEHIND) {
            settle();
        }
        look();
        if (unflushed <= BEHIND) {
            begin(BETWEEN);
        }
    }

    private void begin(long least) throws IOException {
        if (unflushed >= least && running.isDone()) {
            settle();
            flushing = unflushed;
            unflushed = 0;
            running = CompletableFuture.supplyAsync(this::failure, EarlyFlush::start);
        }
    }

    /** Waits for a flush that is under way, no longer than this; false where it has not ended. */
    boolean ended(Duration patience) {
        try {
            running.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException _) {
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether a flush is under way. */
    boolean underWay() {
        return !running.isDone();
    }

    /** Has something done when the flush that is under way has ended, or now where there is none. */
    void whenEnded(Runnable then) {
        // Not the future to wait for: what is done then may itself ask for the outcome.
        var _ = running.whenComplete((_, _) -> then.run());
    }

    private static void start(Runnable flush) {
        Thread.ofPlatform().daemon().name("early-flush").start(flush);
    }

    /**
     * Asks for the outcome of the last flush that has ended, and waits for none.
     *
     * @throws IOException where it failed
     */
    void look() throws IOException {
        if (running.isDone()) {
            settle();
        }
    }

    /**
     * Waits for a flush that is under way.
     *
     * @throws IOException where it failed: the kernel says so once, and the next flush would succeed for nothing
     */
    void settle() throws IOException {
        Optional<IOException> failure = running.join();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private Optional<IOException> failure() {
        try {
            file.force();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
