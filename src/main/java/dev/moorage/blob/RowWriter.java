package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Goes on where the first bytes of an object are a row: the row is the object where no more come, and where more come all are
 * written to the store, under a new key, from the first.
 *
 * <p>Until a resume point behind them is recorded the row stays what the upload goes on from, whatever was written meanwhile.
 */
final class RowWriter implements BlobWriter {

    private static final String STATE = "row ";

    private final BlobKey key;
    private final BlobKey row;
    private final ResumePoint from;
    private final WriteJournal journal;
    private final SmallObjects rows;
    private final BlobStore store;
    // Written behind the monitor, which gives what is done its order.
    private volatile Optional<BlobWriter> moved = Optional.empty();
    private volatile boolean closed;

    /** The words of a resume point whose bytes are this row. */
    static String state(BlobKey row) {
        return STATE + row;
    }

    /** The row in the words of a resume point; empty for those of a store. */
    static Optional<BlobKey> row(String state) {
        return state.startsWith(STATE) ? Optional.of(new BlobKey(state.substring(STATE.length()))) : Optional.empty();
    }

    /**
     * A writer at a resume point.
     *
     * @param key what the upload's row names: the row, or where a writer began that was not heard of any more
     * @param store takes the object where it becomes one
     */
    RowWriter(BlobKey key, ResumePoint from, WriteJournal journal, SmallObjects rows, BlobStore store) {
        this.key = key;
        this.row = row(from.store()).orElseThrow();
        this.from = from;
        this.journal = journal;
        this.rows = rows;
        this.store = store;
    }

    @Override
    public synchronized void append(byte[] buffer, int offset, int length) {
        inStore().append(buffer, offset, length);
    }

    private BlobWriter inStore() {
        if (closed) {
            throw new StoreFailure("the writer of " + key + " is closed");
        }
        if (moved.isEmpty()) {
            byte[] bytes = rows.read(row).orElseThrow(() -> new ResumePointLost(row + " is gone"));
            if (bytes.length != from.offset()) {
                throw new ResumePointLost(row + " has " + bytes.length + " bytes");
            }
            // Another one than a writer before this may have begun to write to.
            BlobKey target = journal.newKey();
            journal.intend(new WriteIntent.Target(target));
            moved = Optional.of(begun(store.open(target, ResumePoint.START, new Beginning()), bytes));
        }
        return moved.get();
    }

    private static BlobWriter begun(BlobWriter writer, byte[] bytes) {
        try {
            writer.append(bytes, 0, bytes.length);
            return writer;
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** To the store it is a new object, of which no request has written anything, and all bytes are still to come. */
    private final class Beginning implements WriteJournal {

        @Override
        public void intend(WriteIntent intent) {
            journal.intend(intent);
        }

        @Override
        public OptionalLong announced() {
            OptionalLong more = journal.announced();
            return more.isEmpty() || more.getAsLong() > Long.MAX_VALUE - from.offset()
                    ? more
                    : OptionalLong.of(from.offset() + more.getAsLong());
        }

        @Override
        public BlobKey newKey() {
            return journal.newKey();
        }
    }

    @Override
    public synchronized long offset() {
        return moved.map(BlobWriter::offset).orElse(from.offset());
    }

    @Override
    public synchronized ResumePoint durable() {
        return moved.map(writer -> superseding(writer.durable())).orElse(from);
    }

    /** The row is named no more once the point is recorded. */
    private ResumePoint superseding(ResumePoint point) {
        List<BlobKey> all = new ArrayList<>(point.superseded());
        all.add(row);
        return new ResumePoint(point.offset(), point.store(), all);
    }

    @Override
    public synchronized BlobKey key() {
        return moved.map(BlobWriter::key).orElse(key);
    }

    @Override
    public synchronized long untilMark() {
        return moved.map(BlobWriter::untilMark).orElse(Long.MAX_VALUE);
    }

    @Override
    public synchronized boolean atMark() {
        return moved.map(BlobWriter::atMark).orElse(true);
    }

    @Override
    public synchronized void mark(Consumer<ResumePoint> durable) {
        moved.ifPresentOrElse(
                writer -> writer.mark(point -> durable.accept(superseding(point))), () -> durable.accept(from));
    }

    @Override
    public synchronized void settle() {
        moved.ifPresent(BlobWriter::settle);
    }

    @Override
    public synchronized void commit() {
        // The row is the object already, unless the upload names another one by now.
        if (moved.isPresent() || !key.isRow()) {
            inStore().commit();
        }
    }

    @Override
    public synchronized void abort() {
        // What has made the row has condemned it.
        moved.ifPresent(BlobWriter::abort);
    }

    /** Whoever is in the middle of a call is let go of the store before it is waited for. */
    @Override
    public void close() {
        closed = true;
        moved.ifPresent(BlobWriter::close);
        synchronized (this) {
            moved.ifPresent(BlobWriter::close);
        }
    }
}
