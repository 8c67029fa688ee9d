package dev.moorage.blob;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine's file system with a fault that a test switches on. */
final class FaultyFiles implements FileLayer {

    /** What goes wrong. */
    enum Fault {
        NONE,
        /** Half of the bytes are written, then the disk is full. */
        DISK_FULL,
        READ_ONLY,
        FILE_FLUSH,
        FOLDER_FLUSH
    }

    private final FileLayer real = new NioFileLayer();
    private final AtomicInteger flushes = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** How often a file was flushed, in vain or not. */
    int flushes() {
        return flushes.get();
    }

    /** Flushes of files last until they are let go. */
    void holdFlushes() {
        gate = new CountDownLatch(1);
    }

    void letFlushesGo() {
        gate.countDown();
    }

    void fail(Fault next) {
        fault = next;
    }

    private void unless(Fault bad, String reason) throws IOException {
        if (fault == bad) {
            throw new IOException(reason);
        }
    }

    @Override
    public Optional<Entry> look(Path path) throws IOException {
        return real.look(path);
    }

    @Override
    public List<String> names(Path folder) throws IOException {
        return real.names(folder);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        unless(Fault.READ_ONLY, "Read-only file system");
        unless(Fault.DISK_FULL, "No space left on device");
        real.createFolder(folder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        unless(Fault.FOLDER_FLUSH, "Input/output error");
        real.forceFolder(folder);
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        unless(Fault.READ_ONLY, "Read-only file system");
        return new FaultyFile(real.create(file));
    }

    @Override
    public Optional<OpenFile> open(Path file) throws IOException {
        unless(Fault.READ_ONLY, "Read-only file system");
        return real.open(file).map(FaultyFile::new);
    }

    @Override
    public void delete(Path file) throws IOException {
        unless(Fault.READ_ONLY, "Read-only file system");
        real.delete(file);
    }

    @Override
    public Locks locks(Path file) throws IOException {
        return real.locks(file);
    }

    private final class FaultyFile implements OpenFile {

        private final OpenFile file;

        FaultyFile(OpenFile file) {
            this.file = file;
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (fault == Fault.DISK_FULL) {
                file.write(bytes.slice(bytes.position(), bytes.remaining() / 2), position);
                throw new IOException("No space left on device");
            }
            file.write(bytes, position);
        }

        @Override
        public void force() throws IOException {
            try {
                gate.await();
                unless(Fault.FILE_FLUSH, "Input/output error");
                file.force();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            } finally {
                flushes.incrementAndGet();
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
