package dev.moorage.registry;

import dev.moorage.blob.WriteIntent;
import dev.moorage.blob.WriteJournal;
import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UploadObjectStore;
import dev.moorage.metadata.UploadRow;
import dev.moorage.metadata.UploadRow.Point;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Writes down what a store is about to be given for an upload, and lets go of what an upload no longer needs. */
@Singleton
class UploadJournals {

    private final Transactions transactions;
    private final UploadObjectStore objects;
    private final TombstoneStore tombstones;
    private final BlobKeys keys;
    private final Duration removalDelay;

    UploadJournals(
            Transactions transactions,
            UploadObjectStore objects,
            TombstoneStore tombstones,
            BlobKeys keys,
            MoorageConfig config) {
        this.transactions = transactions;
        this.objects = objects;
        this.tombstones = tombstones;
        this.keys = keys;
        this.removalDelay = config.uploads().removalDelay();
    }

    /**
     * The journal of a request that holds the upload.
     *
     * @param announced how many bytes the request brings
     * @param digest tells the digest of all bytes so far
     */
    WriteJournal of(UploadRow upload, OptionalLong announced, Supplier<Digest> digest) {
        return new Journal(upload, announced, digest);
    }

    /** Condemns objects that the point which the transaction records does not need; nothing happens for none. */
    void supersede(Transaction transaction, UploadRow upload, List<BlobKey> keys) {
        if (!keys.isEmpty()) {
            objects.remove(transaction, upload, keys)
                    .forEach(left -> tombstones.condemn(
                            transaction, left, removalDelay, "the upload keeps its bytes elsewhere"));
        }
    }

    private final class Journal implements WriteJournal {

        private final UploadRow upload;
        private final OptionalLong announced;
        private final Supplier<Digest> digest;

        private Journal(UploadRow upload, OptionalLong announced, Supplier<Digest> digest) {
            this.upload = upload;
            this.announced = announced;
            this.digest = digest;
        }

        @Override
        public void intend(WriteIntent intent) {
            // To the disk: an object whose row a failed database forgot would stay for ever.
            boolean held = transactions.call(Durability.POWER_CUT, tx -> switch (intent) {
                case WriteIntent.Target(BlobKey key) -> objects.moveTarget(tx, upload, key);
                case WriteIntent.Multipart multipart -> objects.multipart(tx, upload, multipart.id());
                case WriteIntent.Tail(BlobKey key, long size) -> objects.add(tx, upload, key, size);
                case WriteIntent.State(String store) -> objects.state(tx, upload, store);
                case WriteIntent.Completion(long size, String store) ->
                    objects.complete(tx, upload, new Point(size, store, Optional.of(digest.get()), Optional.empty()));
            });
            if (!held) {
                throw UploadService.outOfPlace("another request goes on with this upload", upload);
            }
        }

        @Override
        public long epoch() {
            return upload.epoch();
        }

        @Override
        public OptionalLong announced() {
            return announced;
        }

        @Override
        public BlobKey newKey() {
            return keys.next();
        }
    }
}
