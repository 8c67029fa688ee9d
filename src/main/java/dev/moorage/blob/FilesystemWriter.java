package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/**
 * Writes one file by position, so that a repeated append lands where the failed one began.
 *
 * <p>Synchronized for the sake of {@link #close()}, which another thread may call: the lock is held to the end of the call
 * that is under way.
 */
final class FilesystemWriter implements BlobWriter {

    private final BlobKey key;
    private final String boot;
    private final FileLayer.OpenFile file;
    private final FileLayer files;
    private final BlobFolders folders;
    private final FlushesBehind behind;
    private final Closeable lock;
    private final EarlyFlush early;
    private long offset;
    private boolean torn;
    private boolean ended;
    private boolean closed;

    FilesystemWriter(
            BlobKey key,
            ResumePoint at,
            FlushesBehind.Unfinished from,
            FileLayer files,
            BlobFolders folders,
            FlushesBehind behind) {
        this.key = key;
        this.boot = at.store();
        this.offset = at.offset();
        this.file = from.file();
        this.lock = from.lock();
        this.early = from.early();
        this.files = files;
        this.folders = folders;
        this.behind = behind;
    }

    @Override
    public synchronized void append(byte[] buffer, int from, int length) {
        requireGoing();
        try {
            file.write(ByteBuffer.wrap(buffer, from, length), offset);
        } catch (IOException e) {
            torn = true;
            throw FilesystemBlobStore.failure("append to", key.value(), e);
        }
        offset += length;
        flushed("append to", () -> early.written(length));
    }

    @Override
    public synchronized long offset() {
        return offset;
    }

    @Override
    public BlobKey key() {
        return key;
    }

    @Override
    public synchronized ResumePoint durable() {
        requireGoing();
        flushed("append to", early::pause);
        // A write that returned is with the kernel, which outlives this process; the boot tells whether the kernel
        // lived on.
        return new ResumePoint(offset, boot);
    }

    @Override
    public synchronized void mark(Consumer<ResumePoint> durable) {
        requireGoing();
        // Bytes go on to come while a flush is under way; what it says is asked for before the file is closed.
        flushed("append to", early::look);
        durable.accept(new ResumePoint(offset, boot));
    }

    @Override
    public synchronized void commit() {
        requireGoing();
        ended = true;
        try {
            if (torn) {
                // What a failed append left behind the last whole one is no part of the object.
                file.truncate(offset);
            }
            flushed("commit", this::flush);
            // A file that somebody removed meanwhile can be flushed, and is gone all the same.
            if (folders.lookWithin(key).filter(entry -> entry.size() == offset).isEmpty()) {
                throw new StoreFailure("cannot commit " + key + ": it was removed or cut while it was written");
            }
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("commit", key.value(), e);
        }
    }

    private void flush() throws IOException {
        StoreMeter.timeFile(StoreMeter.Operation.COMPLETE, () -> {
            early.settle();
            file.force();
            folders.force(key);
            return key;
        });
    }

    private void flushed(String doing, Flush flush) {
        try {
            try {
                flush.run();
            } catch (ClosedChannelException interrupted) {
                throw interrupted;
            } catch (IOException e) {
                // After a failed flush the kernel may count the lost pages as written, and the next flush would succeed
                // for nothing: the bytes go, so that no later writer can build on them.
                discard(e);
                throw e;
            }
        } catch (IOException e) {
            throw FilesystemBlobStore.failure(doing, key.value(), e);
        }
    }

    @FunctionalInterface
    private interface Flush {
        void run() throws IOException;
    }

    private void discard(IOException cause) {
        try {
            files.delete(folders.file(key));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public synchronized void abort() {
        requireGoing();
        ended = true;
        try {
            files.delete(folders.file(key));
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("remove", key.value(), e);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        FlushesBehind.Unfinished left = new FlushesBehind.Unfinished(file, early, lock);
        if (!ended && early.underWay()) {
            behind.leave(key, left);
            return;
        }
        try {
            try {
                if (!ended) {
                    // Whoever goes on with the file would not learn of a flush that has failed.
                    flushed("close", early::settle);
                }
            } finally {
                left.close();
            }
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("close", key.value(), e);
        }
    }

    private void requireGoing() {
        if (closed) {
            // Without the lock the file may be another writer's by now: not even an abort may touch it.
            throw new StoreFailure("the writer of " + key + " was closed");
        }
        if (ended) {
            throw new IllegalStateException("the writer of " + key + " has ended");
        }
    }
}
