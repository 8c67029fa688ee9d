package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The verifying stream: bytes on their way into the store, hashed as they pass.
 *
 * <p>Used by one thread at a time, except {@link #offset()}, {@link #settle()} and {@link #close()}. Hashing and writing take turns on the caller's thread: on two
 * cores a pipeline of both was no faster once the bytes came from a socket.
 */
public final class VerifyingWriter implements AutoCloseable {

    private final BlobWriter writer;
    private final Snapshot from;
    private final Supplier<ContentHash> stored;
    private Optional<ContentHash> hash;
    private volatile long offset;

    private VerifyingWriter(
            BlobWriter writer, Snapshot from, Supplier<ContentHash> stored, Optional<ContentHash> hash) {
        this.writer = writer;
        this.from = from;
        this.stored = stored;
        this.hash = hash;
        this.offset = writer.offset();
    }

    /**
     * Opens an object where a snapshot was taken; {@link Snapshot#start} for a new one.
     *
     * <p>Stored bytes are read and hashed again only where they must be: here when the store does not
     * {@link BlobStore#trusts trust} the resume point, and before the first appended byte when the snapshot has no usable
     * hash state.
     *
     * @param journal told of each intent before the bytes it names are written
     * @param hashed told how many stored bytes were hashed again so far, so that the caller can keep a lease alive
     * @throws ResumePointLost when the stored bytes are not, or no longer, those of the snapshot
     * @throws KeyInUse when another writer has the object open
     */
    public static VerifyingWriter open(
            BlobStore store, BlobKey key, Snapshot from, WriteJournal journal, LongConsumer hashed) {
        // Where the bytes so far are a row, the key may be of an object that a writer only began.
        BlobKey bytes = RowWriter.row(from.point().store()).orElse(key);
        Supplier<ContentHash> stored = () -> hashStored(store, bytes, from, hashed);
        BlobWriter writer = store.open(key, from.point(), journal);
        try {
            Optional<ContentHash> hash = store.trusts(from.point()) ? carriedOver(from) : Optional.of(stored.get());
            return new VerifyingWriter(writer, from, stored, hash);
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /**
     * The digest of the first bytes of a stored object, read in a stream.
     *
     * @param length how many bytes
     * @param hashed told how many bytes were hashed so far, every few hundred KiB
     * @throws ResumePointLost when the object has fewer bytes
     */
    public static Digest rehash(
            BlobStore store, BlobKey key, long length, Digest.Algorithm algorithm, LongConsumer hashed) {
        return StoredBytes.hash(store, key, length, algorithm, hashed).peek();
    }

    /** Hashes and appends bytes; the buffer is the caller's again when the call returns. */
    public void append(byte[] buffer, int start, int length) {
        ContentHash running = runningHash();
        // Bytes before hash: after a failed append both still stand at the same place.
        writer.append(buffer, start, length);
        running.update(buffer, start, length);
        offset = writer.offset();
    }

    /**
     * Copies a client's bytes until they end or the limit is reached.
     *
     * @param bytes the client's bytes; not closed here
     * @param limit how many bytes at most
     * @param every how many bytes go between two snapshots
     * @param checkpoint takes each snapshot, so that a kill costs at most the bytes after it; what it throws ends the copy
     * @throws ClientGone when the client's bytes end in an error
     * @throws StoreFailure when the store fails
     */
    public Transfer transferFrom(InputStream bytes, long limit, long every, Consumer<Snapshot> checkpoint) {
        byte[] buffer = TransferBuffers.take();
        try {
            long copied = 0;
            long sinceCheckpoint = 0;
            while (copied < limit) {
                // A read ends where the store can cheaply tell of a durable point.
                long most = Math.min(limit - copied, writer.untilMark());
                int read = read(bytes, buffer, (int) Math.min(buffer.length, most));
                if (read < 0) {
                    return new Transfer.Ended(copied);
                }
                // Each read goes on at once: a slow client's bytes are in the store, and its lease is seen to move.
                append(buffer, 0, read);
                copied += read;
                sinceCheckpoint += read;
                if (sinceCheckpoint >= every && writer.atMark()) {
                    mark(checkpoint);
                    sinceCheckpoint = 0;
                }
            }
            return read(bytes, buffer, 1) < 0 ? new Transfer.Ended(copied) : new Transfer.OverLimit(copied);
        } finally {
            TransferBuffers.give(buffer);
        }
    }

    /** The bytes may survive later than they are hashed: the digest of now goes with the point of then. */
    private void mark(Consumer<Snapshot> checkpoint) {
        ContentHash running = runningHash();
        Digest prefix = running.peek();
        Optional<byte[]> state = running.state();
        writer.mark(point -> checkpoint.accept(new Snapshot(point, prefix, state)));
    }

    /** Tells of a snapshot that was asked for and whose bytes survive by now; any thread may call it. */
    public void settle() {
        writer.settle();
    }

    /** Where the object will lie once it is committed. */
    public BlobKey key() {
        return writer.key();
    }

    /** The number of bytes in the object so far; may be asked by any thread, to see whether bytes move. */
    public long offset() {
        return offset;
    }

    /** The digest of all bytes of the object so far. */
    public Digest digest() {
        return hash.map(ContentHash::peek).orElse(from.prefix());
    }

    /** Makes what was appended so far survive the end of this process, and tells all that another one needs to go on. */
    public Snapshot checkpoint() {
        ResumePoint point = writer.durable();
        return hash.map(running -> new Snapshot(point, running.peek(), running.state()))
                .orElseGet(() -> new Snapshot(point, from.prefix(), from.hashState()));
    }

    /** Makes the whole object survive a power cut; the caller has compared {@link #digest()} before. */
    public void commit() {
        writer.commit();
    }

    /** Gives the object up and removes what of it can be removed at once. */
    public void abort() {
        writer.abort();
    }

    @Override
    public void close() {
        writer.close();
    }

    private ContentHash runningHash() {
        ContentHash running = hash.orElseGet(stored);
        hash = Optional.of(running);
        return running;
    }

    private static Optional<ContentHash> carriedOver(Snapshot from) {
        if (from.point().offset() == 0) {
            return Optional.of(ContentHash.start(from.prefix().algorithm()));
        }
        return from.hashState()
                .flatMap(state -> ContentHash.resume(from.prefix().algorithm(), state))
                .filter(hash ->
                        hash.count() == from.point().offset() && hash.peek().equals(from.prefix()));
    }

    private static ContentHash hashStored(BlobStore store, BlobKey key, Snapshot from, LongConsumer hashed) {
        ContentHash hash = StoredBytes.hash(
                store, key, from.point().offset(), from.prefix().algorithm(), hashed);
        if (!hash.peek().equals(from.prefix())) {
            throw new ResumePointLost(key + " holds other bytes than were recorded");
        }
        return hash;
    }

    private static int read(InputStream bytes, byte[] buffer, int length) {
        try {
            return bytes.read(buffer, 0, length);
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }
}
