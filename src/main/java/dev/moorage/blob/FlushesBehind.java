package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Unfinished files that are still being flushed though the request that wrote them has been answered.
 *
 * <p>Each stays open, and its key locked, until the flush has ended or the next request takes the file up. So nobody goes on
 * with bytes whose flush has failed: who takes the file up asks for the outcome, and a file that nobody took up goes.
 */
final class FlushesBehind {

    private static final Logger LOG = Logger.getLogger(FlushesBehind.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FileLayer files;
    private final BlobFolders folders;
    private final Map<BlobKey, Unfinished> byKey = new ConcurrentHashMap<>();
    private volatile boolean closed;

    FlushesBehind(FileLayer files, BlobFolders folders) {
        this.files = files;
        this.folders = folders;
    }

    /** A file without a writer, each time that one lets go of it another one: who waits for its end waits for that one. */
    static final class Unfinished {
        private final FileLayer.OpenFile file;
        private final EarlyFlush early;
        private final Closeable lock;

        /** A file that is open for writing, what flushes it, and the lock on its key. */
        Unfinished(FileLayer.OpenFile file, EarlyFlush early, Closeable lock) {
            this.file = file;
            this.early = early;
            this.lock = lock;
        }

        FileLayer.OpenFile file() {
            return file;
        }

        EarlyFlush early() {
            return early;
        }

        Closeable lock() {
            return lock;
        }

        /** Closes it; the lock goes last, so that the next writer of the key finds no other channel on its file. */
        void close() throws IOException {
            try (lock) {
                file.close();
            }
        }
    }

    /** Keeps a file open until its flush has ended; where the program is about to end, that is waited for. */
    void leave(BlobKey key, Unfinished left) {
        if (closed) {
            end(key, left);
            return;
        }
        byKey.put(key, left);
        // Within the map's own lock: whoever asks for the key meanwhile finds it free afterwards.
        left.early()
                .whenEnded(() -> byKey.computeIfPresent(key, (_, present) -> {
                    if (present == left) {
                        end(key, left);
                        return null;
                    }
                    return present;
                }));
    }

    /** Takes a file up; it is the caller's from now on. */
    Optional<Unfinished> takeUp(BlobKey key) {
        return Optional.ofNullable(byKey.remove(key));
    }

    /**
     * Waits for the flushes that are under way, {@link #PATIENCE} at most: their outcomes are told to this process only, and bytes
     * whose flush has failed must not be there for the next one.
     */
    void close() {
        closed = true;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (BlobKey key : byKey.keySet()) {
            takeUp(key).ifPresent(left -> {
                if (left.early().ended(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                    end(key, left);
                } else {
                    LOG.warnf("The flush of %s has not ended, and its outcome will not be known", key);
                }
            });
        }
    }

    /** Waits for the flush and closes the file, which goes where the flush has failed. */
    void end(BlobKey key, Unfinished left) {
        try {
            left.early().settle();
        } catch (IOException | CompletionException e) {
            LOG.warnf("The bytes of %s could not be flushed and are given up: %s", key, e.getMessage());
            delete(key);
        }
        try {
            left.close();
        } catch (IOException e) {
            LOG.warnf("The file of %s cannot be closed: %s", key, e.getMessage());
        }
    }

    private void delete(BlobKey key) {
        try {
            files.delete(folders.file(key));
        } catch (IOException e) {
            LOG.warnf("The file of %s cannot be removed: %s", key, e.getMessage());
        }
    }
}
