package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** Writes one file by position, so that a repeated append lands where the failed one began. */
final class FilesystemWriter implements BlobWriter {

    private final BlobKey key;
    private final String boot;
    private final FileLayer.OpenFile file;
    private final FileLayer files;
    private final BlobFolders folders;
    private final Closeable lock;
    private long offset;
    private boolean ended;

    FilesystemWriter(
            BlobKey key,
            ResumePoint from,
            FileLayer.OpenFile file,
            FileLayer files,
            BlobFolders folders,
            Closeable lock) {
        this.key = key;
        this.boot = from.store();
        this.offset = from.offset();
        this.file = file;
        this.files = files;
        this.folders = folders;
        this.lock = lock;
    }

    @Override
    public void append(byte[] buffer, int from, int length) {
        requireGoing();
        try {
            file.write(ByteBuffer.wrap(buffer, from, length), offset);
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("append to", key.value(), e);
        }
        offset += length;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public ResumePoint durable() {
        requireGoing();
        // A write that returned is with the kernel, which outlives this process; the boot tells whether the kernel
        // lived on.
        return new ResumePoint(offset, boot);
    }

    @Override
    public void commit() {
        requireGoing();
        ended = true;
        try {
            // What a failed append left behind the last whole one is no part of the object.
            file.truncate(offset);
            flush();
            // A file that somebody removed meanwhile can be flushed, and is gone all the same.
            if (folders.look(key).filter(entry -> entry.size() == offset).isEmpty()) {
                throw new StoreFailure("cannot commit " + key + ": it was removed or cut while it was written");
            }
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("commit", key.value(), e);
        }
    }

    private void flush() throws IOException {
        try {
            file.force();
            folders.force(key);
        } catch (ClosedChannelException interrupted) {
            throw interrupted;
        } catch (IOException e) {
            // After a failed flush the kernel may count the lost pages as written, and the next flush would succeed for
            // nothing: the bytes go, so that no later writer can build on them.
            discard(e);
            throw e;
        }
    }

    private void discard(IOException cause) {
        try {
            files.delete(folders.file(key));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void abort() {
        requireGoing();
        ended = true;
        try {
            files.delete(folders.file(key));
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("remove", key.value(), e);
        }
    }

    @Override
    public void close() {
        ended = true;
        // The lock goes last: the next writer of the key must find no other channel on its file.
        try (lock;
                file) {
            return;
        } catch (IOException e) {
            throw FilesystemBlobStore.failure("close", key.value(), e);
        }
    }

    private void requireGoing() {
        if (ended) {
            throw new IllegalStateException("the writer of " + key + " has ended");
        }
    }
}
