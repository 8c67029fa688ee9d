package dev.moorage.blob;

import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A store that takes all bytes and keeps none, so that what is measured is what comes before a store. */
final class DiscardingStore implements BlobStore {

    @Override
    public BlobWriter open(BlobKey key, ResumePoint from, WriteJournal journal) {
        return new Writer(key, from.offset());
    }

    @Override
    public Optional<BlobBody> read(BlobKey key, Optional<ByteRange> range) {
        return Optional.empty();
    }

    @Override
    public OptionalLong stat(BlobKey key) {
        return OptionalLong.empty();
    }

    @Override
    public void delete(BlobKey key) {}

    @Override
    public List<BlobKey> list(Optional<BlobKey> after, int limit) {
        return List.of();
    }

    @Override
    public Optional<String> marker() {
        return Optional.empty();
    }

    @Override
    public void mark(String text) {}

    @Override
    public void probe() {}

    private static final class Writer implements BlobWriter {
        private final BlobKey key;
        private long offset;

        Writer(BlobKey key, long offset) {
            this.key = key;
            this.offset = offset;
        }

        @Override
        public void append(byte[] buffer, int start, int length) {
            offset += length;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public ResumePoint durable() {
            return new ResumePoint(offset, "");
        }

        @Override
        public BlobKey key() {
            return key;
        }

        @Override
        public void commit() {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
