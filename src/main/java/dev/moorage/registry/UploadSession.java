package dev.moorage.registry;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.ClientGone;
import dev.moorage.blob.KeyInUse;
import dev.moorage.blob.ObjectTooLarge;
import dev.moorage.blob.ResumePoint;
import dev.moorage.blob.ResumePointLost;
import dev.moorage.blob.Snapshot;
import dev.moorage.blob.StoreBusy;
import dev.moorage.blob.StoreFailure;
import dev.moorage.blob.Transfer;
import dev.moorage.blob.VerifyingWriter;
import dev.moorage.blob.WriteJournal;
import dev.moorage.error.RegistryException;
import dev.moorage.error.RegistryException.ChunkOutOfPlace;
import dev.moorage.error.RegistryException.SizeInvalid;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadRow.Point;
import dev.moorage.metadata.UploadStore;
import dev.moorage.metadata.UploadStore.Lease;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * An upload in the hands of one request: its lease, its object open for writing, and its place in the row.
 *
 * <p>No transaction is open while bytes stream; each durable point is a short one of its own.
 */
final class UploadSession implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(UploadSession.class);
    private static final long LOCK_WAIT_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long LOCK_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Transactions transactions;
    private final UploadStore store;
    private final UploadJournals journals;
    private final Settings settings;
    private final UploadRow upload;
    private final UploadLease lease;
    private final VerifyingWriter writer;
    // What the lease closes when it is lost, which may be before there is a writer.
    private final AtomicReference<Optional<VerifyingWriter>> opened = new AtomicReference<>(Optional.empty());

    /**
     * How often a durable point is recorded, and how long a session lives after its last byte.
     *
     * @param resumePointBytes the number of bytes between two points
     * @param expiry the life of a session without a byte
     * @param renewal how often the lease is renewed
     * @param parks whether the program is about to end, and uploads stop where they are durable
     */
    record Settings(long resumePointBytes, Duration expiry, Duration renewal, BooleanSupplier parks) {}

    /** No byte is read any more, for the program is about to end: to the upload it is as if its client had gone. */
    static final class Parked extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Opens the object of a session that the caller has taken; where it fails, the caller lets go of the session. */
    UploadSession(
            Transactions transactions,
            UploadStore store,
            UploadJournals journals,
            BlobStore blobs,
            Settings settings,
            UploadRow upload,
            OptionalLong announced) {
        this.transactions = transactions;
        this.store = store;
        this.journals = journals;
        this.settings = settings;
        this.upload = upload;
        this.lease = new UploadLease(transactions, store, upload, settings.renewal(), this::letGo, this::settle);
        try {
            this.writer = open(blobs, journals.of(upload, announced, this::digest));
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
        opened.set(Optional.of(writer));
        if (lease.lost()) {
            close();
            throw overtaken();
        }
        lease.bytesMoved(writer.offset());
        lease.clientSends();
    }

    private VerifyingWriter open(BlobStore blobs, WriteJournal journal) {
        lease.serverWorks();
        BlobKey key = upload.key().orElseThrow();
        long deadline = System.nanoTime() + LOCK_WAIT_NANOS;
        while (true) {
            try {
                return VerifyingWriter.open(blobs, key, snapshot(upload), journal, lease::bytesMoved);
            } catch (KeyInUse e) {
                // The request that lost the session lets go of the object when it next looks at its lease.
                if (lease.lost()) {
                    throw overtaken();
                }
                if (System.nanoTime() > deadline) {
                    throw new Unavailable("another request still has the upload's object open");
                }
                LockSupport.parkNanos(LOCK_RETRY_NANOS);
            } catch (StoreFailure e) {
                throw failed(e);
            }
        }
    }

    private static Snapshot snapshot(UploadRow upload) {
        Point point = upload.point();
        return point.prefix()
                .map(prefix ->
                        new Snapshot(new ResumePoint(point.offset(), point.storeState()), prefix, point.hashState()))
                .orElseGet(() -> Snapshot.start(upload.algorithm()));
    }

    /** Takes the client's bytes, at most this many; what came before a client went away is kept and recorded. */
    Transfer receive(InputStream body, long limit) {
        try {
            return writer.transferFrom(
                    new Watched(body), limit, settings.resumePointBytes(), point -> record(point, Lease.HELD));
        } catch (ClientGone e) {
            release();
            throw e;
        } catch (StoreFailure e) {
            throw failed(e);
        }
    }

    /** Records how far the bytes are durable, and lets go of the session. */
    long release() {
        lease.serverWorks();
        try {
            Snapshot point = writer.checkpoint();
            // A renewal behind the release would hold the session for nobody.
            lease.close();
            record(point, Lease.RELEASED);
            return point.point().offset();
        } catch (StoreFailure e) {
            throw failed(e);
        }
    }

    /** The object with all bytes so far, as a blob of this digest. */
    BlobRow blob(Digest digest) {
        return new BlobRow(digest, writer.offset(), writer.key());
    }

    /** The digest of all bytes so far, in the algorithm that the upload began with. */
    Digest digest() {
        return writer.digest();
    }

    /** The digest in another algorithm, read from the committed object: what is unfinished cannot be read everywhere. */
    Digest committedDigest(BlobStore blobs, Digest.Algorithm algorithm) {
        lease.serverWorks();
        try {
            return VerifyingWriter.rehash(blobs, writer.key(), writer.offset(), algorithm, lease::bytesMoved);
        } catch (StoreFailure e) {
            throw failed(e);
        }
    }

    /** Makes the bytes survive a power cut. */
    void commit() {
        lease.serverWorks();
        try {
            writer.commit();
        } catch (StoreFailure e) {
            throw failed(e);
        }
    }

    /** Gives the bytes up, whose row the caller has made a tombstone: what stays now goes later. */
    void abort() {
        try {
            writer.abort();
        } catch (StoreFailure e) {
            LOG.warnf("The bytes of the upload %s cannot be removed now: %s", upload.id(), e.getMessage());
        }
    }

    private void record(Snapshot snapshot, Lease next) {
        Point point = new Point(
                snapshot.point().offset(),
                snapshot.point().store(),
                Optional.of(snapshot.prefix()),
                snapshot.hashState());
        transactions.run(Durability.PROGRAM_END, tx -> {
            if (!store.record(tx, upload, point, next, settings.expiry())) {
                throw overtaken();
            }
            journals.supersede(tx, upload, snapshot.point().superseded());
        });
    }

    /** A store that fails because its file was closed under it says only that the session went to another request. */
    private RuntimeException failed(StoreFailure failure) {
        if (lease.lost()) {
            return overtaken();
        }
        if (failure instanceof ResumePointLost) {
            return failure;
        }
        if (failure instanceof ObjectTooLarge) {
            return new SizeInvalid(failure.getMessage());
        }
        if (failure instanceof StoreBusy) {
            return new Unavailable("too many uploads at once");
        }
        LOG.warnf("The upload %s cannot be written: %s", upload.id(), failure.getMessage());
        return new Unavailable("the blob store does not take the bytes");
    }

    private ChunkOutOfPlace overtaken() {
        return UploadService.outOfPlace("another request goes on with this upload", upload);
    }

    /** A client that sends nothing need not send more to have its bytes recorded. */
    private void settle() {
        try {
            opened.get().ifPresent(VerifyingWriter::settle);
        } catch (StoreFailure | RegistryException e) {
            // The request finds the same when it goes on.
            LOG.warnf("The upload %s cannot be recorded now: %s", upload.id(), e.getMessage());
        }
    }

    private void letGo() {
        opened.get().ifPresent(VerifyingWriter::close);
    }

    @Override
    public void close() {
        lease.close();
        writer.close();
    }

    /** Tells the lease of each read that came back, so that a client that sends nothing is told from one that sends. */
    private final class Watched extends InputStream {
        private final InputStream body;
        private long read = writer.offset();

        Watched(InputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (settings.parks().getAsBoolean()) {
                throw new Parked();
            }
            lease.clientSends();
            int got = body.read(buffer, offset, length);
            // Until the next read it is the server that hashes and sends.
            lease.serverWorks();
            if (lease.lost()) {
                throw new IOException("another request goes on with this upload");
            }
            read += Math.max(0, got);
            lease.bytesMoved(read);
            return got;
        }
    }
}
