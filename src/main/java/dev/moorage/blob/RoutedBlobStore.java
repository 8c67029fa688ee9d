package dev.moorage.blob;

import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A store together with the objects that the database keeps: the key tells where an object is. */
public final class RoutedBlobStore implements BlobStore, AutoCloseable {

    private final BlobStore store;
    private final SmallObjects rows;

    /** The store of the settings, and what the database keeps. */
    public RoutedBlobStore(BlobStore store, SmallObjects rows) {
        this.store = store;
        this.rows = rows;
    }

    @Override
    public BlobWriter open(BlobKey key, ResumePoint from, WriteJournal journal) {
        if (RowWriter.row(from.store()).isPresent()) {
            return new RowWriter(key, from, journal, rows, store);
        }
        if (key.isRow()) {
            throw new IllegalArgumentException("a row is written whole, by a statement");
        }
        return store.open(key, from, journal);
    }

    /** Nobody changes a row. */
    @Override
    public boolean trusts(ResumePoint from) {
        return RowWriter.row(from.store()).isPresent() || store.trusts(from);
    }

    @Override
    public Optional<BlobBody> read(BlobKey key, Optional<ByteRange> range) {
        return key.isRow() ? rows.read(key).map(bytes -> body(key, bytes, range)) : store.read(key, range);
    }

    private static BlobBody body(BlobKey key, byte[] bytes, Optional<ByteRange> range) {
        if (range.isEmpty()) {
            return new BlobBody.Bytes(bytes);
        }
        if (range.get().last() >= bytes.length) {
            throw new StoreFailure("%s has %d bytes".formatted(key, bytes.length));
        }
        int first = (int) range.get().first();
        return new BlobBody.Bytes(
                Arrays.copyOfRange(bytes, first, first + (int) range.get().length()));
    }

    @Override
    public Optional<URI> redirect(BlobKey key, long size) {
        return key.isRow() ? Optional.empty() : store.redirect(key, size);
    }

    @Override
    public OptionalLong stat(BlobKey key) {
        return key.isRow() ? rows.stat(key) : store.stat(key);
    }

    @Override
    public void delete(BlobKey key) {
        if (key.isRow()) {
            rows.delete(key);
        } else {
            store.delete(key);
        }
    }

    @Override
    public void abandon(BlobKey key, Optional<String> id) {
        if (!key.isRow()) {
            store.abandon(key, id);
        }
    }

    @Override
    public List<Unfinished> unfinished(Optional<Unfinished> after, int limit) {
        return store.unfinished(after, limit);
    }

    /** Those of the store, which sort first, and then the rows. */
    @Override
    public List<BlobKey> list(Optional<BlobKey> after, int limit) {
        if (after.filter(BlobKey::isRow).isPresent()) {
            return rows.list(after, limit);
        }
        List<BlobKey> page = new ArrayList<>(store.list(after, limit));
        if (page.size() < limit) {
            page.addAll(rows.list(Optional.empty(), limit - page.size()));
        }
        return page;
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
    public void close() throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
