package dev.moorage.testing;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.BlobWriter;
import dev.moorage.blob.ResumePoint;
import dev.moorage.blob.Unfinished;
import dev.moorage.blob.WriteJournal;
import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A store in front of another one; a test overrides what it wants to watch or to break. */
public class StoreWrapper implements BlobStore {

    private final BlobStore store;

    public StoreWrapper(BlobStore store) {
        this.store = store;
    }

    /** Called when the bytes of a writer survive the end of the program. */
    protected void onDurable() {}

    /** Called when the bytes of a writer survive a power cut. */
    protected void onFlushed() {}

    @Override
    public BlobWriter open(BlobKey key, ResumePoint from, WriteJournal journal) {
        return new Writer(store.open(key, from, journal));
    }

    @Override
    public boolean trusts(ResumePoint from) {
        return store.trusts(from);
    }

    @Override
    public Optional<BlobBody> read(BlobKey key, Optional<ByteRange> range) {
        return store.read(key, range);
    }

    @Override
    public Optional<URI> redirect(BlobKey key, long size) {
        return store.redirect(key, size);
    }

    @Override
    public OptionalLong stat(BlobKey key) {
        return store.stat(key);
    }

    @Override
    public void delete(BlobKey key) {
        store.delete(key);
    }

    @Override
    public List<BlobKey> list(Optional<BlobKey> after, int limit) {
        return store.list(after, limit);
    }

    @Override
    public Optional<String> marker() {
        return store.marker();
    }

    @Override
    public void mark(String text) {
        store.mark(text);
    }

    @Override
    public void probe() {
        store.probe();
    }

    @Override
    public void abandon(BlobKey key, Optional<String> id) {
        store.abandon(key, id);
    }

    @Override
    public List<Unfinished> unfinished(Optional<Unfinished> after, int limit) {
        return store.unfinished(after, limit);
    }

    private final class Writer implements BlobWriter {
        private final BlobWriter writer;

        Writer(BlobWriter writer) {
            this.writer = writer;
        }

        @Override
        public void append(byte[] buffer, int offset, int length) {
            writer.append(buffer, offset, length);
        }

        @Override
        public long offset() {
            return writer.offset();
        }

        @Override
        public BlobKey key() {
            return writer.key();
        }

        @Override
        public long untilMark() {
            return writer.untilMark();
        }

        @Override
        public boolean atMark() {
            return writer.atMark();
        }

        @Override
        public void mark(Consumer<ResumePoint> durable) {
            writer.mark(point -> {
                onDurable();
                durable.accept(point);
            });
        }

        @Override
        public void settle() {
            writer.settle();
        }

        @Override
        public ResumePoint durable() {
            ResumePoint point = writer.durable();
            onDurable();
            return point;
        }

        @Override
        public void commit() {
            writer.commit();
            onFlushed();
        }

        @Override
        public void abort() {
            writer.abort();
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
