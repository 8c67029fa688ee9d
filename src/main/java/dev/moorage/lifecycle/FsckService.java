package dev.moorage.lifecycle;

import dev.moorage.access.Auditor;
import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.Unfinished;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.AdministrationException.Conflict;
import dev.moorage.lifecycle.Finding.MarkDiffers;
import dev.moorage.lifecycle.Finding.MultipartUnknown;
import dev.moorage.lifecycle.Finding.ObjectUnnamed;
import dev.moorage.lifecycle.Finding.Repair;
import dev.moorage.lifecycle.FsckOptions.Depth;
import dev.moorage.lifecycle.FsckOptions.Mode;
import dev.moorage.lifecycle.StoreMarker.Standing;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.LeftObject;
import dev.moorage.metadata.StoredObjectStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Compares the rows with the store while replicas go on to push.
 *
 * <p>It reads in pages, and holds no transaction while it asks the store. Nothing is reported that a push, a removal or another
 * sweeper has settled before it could be looked at again. What a row names is never touched; what no row names is condemned
 * if the caller wants that, and goes after the usual delay.
 */
@ApplicationScoped
@Unremovable
public class FsckService {

    private static final int PAGE = 1000;
    private static final int QUESTIONS_AT_ONCE = 16;

    private final Transactions transactions;
    private final StoredObjectStore objects;
    private final TombstoneStore tombstones;
    private final BlobCheck check;
    private final UnknownMultiparts multiparts;
    private final BlobStore blobs;
    private final StoreMarker marker;
    private final Auditor auditor;
    private final Duration removalDelay;

    FsckService(
            Transactions transactions,
            StoredObjectStore objects,
            TombstoneStore tombstones,
            BlobCheck check,
            UnknownMultiparts multiparts,
            BlobStore blobs,
            StoreMarker marker,
            Auditor auditor,
            MoorageConfig config) {
        this.transactions = transactions;
        this.objects = objects;
        this.tombstones = tombstones;
        this.check = check;
        this.multiparts = multiparts;
        this.blobs = blobs;
        this.marker = marker;
        this.auditor = auditor;
        this.removalDelay = config.uploads().removalDelay();
    }

    /**
     * Looks at every blob, every object and every multipart upload.
     *
     * @throws Conflict where repair is asked for and the store may not be this database's
     * @throws dev.moorage.blob.StoreFailure where the store does not answer
     * @throws dev.moorage.error.RegistryException.Unavailable where the database does not
     */
    public FsckSummary check(Grant grant, FsckOptions options, FsckReport report) {
        Standing standing = marker.look();
        if (options.mode() == Mode.REPAIR && standing.isAlarming()) {
            throw new Conflict(standing.sentence() + ". Look at what fsck finds, then say fsck --acknowledge");
        }
        if (options.mode() == Mode.REPAIR) {
            // Before the first thing goes: what was repaired by a check that did not end is told too.
            tell(grant, AuditAction.STORE_REPAIR);
        }
        FsckTally tally = new FsckTally(report);
        checkBlobs(options.depth(), tally);
        checkObjects(options.mode(), tally);
        multiparts.each(tally::multiparts, one -> tally.found(multipart(one, options.mode())));
        checkMark(grant, standing, options.mode(), tally);
        return tally.summary();
    }

    /** Last: whoever acknowledges has the whole report. */
    private void checkMark(Grant grant, Standing standing, Mode mode, FsckTally tally) {
        if (mode == Mode.ACKNOWLEDGE) {
            tell(grant, AuditAction.STORE_ACKNOWLEDGE);
            marker.write();
        }
        if (standing.isAlarming()) {
            tally.found(new MarkDiffers(standing.sentence(), mode == Mode.ACKNOWLEDGE ? Repair.DONE : Repair.NONE));
        }
    }

    private void tell(Grant grant, AuditAction action) {
        transactions.run(
                Durability.POWER_CUT,
                tx -> auditor.done(tx, grant, auditor.begin(tx, AuditSubject.of(action, "store"))));
    }

    private void checkBlobs(Depth depth, FsckTally tally) {
        Optional<Digest> after = Optional.empty();
        List<BlobRow> page;
        do {
            page = blobsAfter(after);
            List<Optional<Finding>> presence = presence(page);
            for (int i = 0; i < page.size(); i++) {
                BlobRow row = page.get(i);
                Optional<Finding> finding = presence.get(i);
                if (finding.isEmpty() && depth == Depth.DIGESTS) {
                    finding = check.content(row, tally::hashed);
                }
                finding.ifPresent(tally::found);
                after = Optional.of(row.digest());
            }
            tally.blobs(page);
        } while (page.size() == PAGE);
    }

    private List<BlobRow> blobsAfter(Optional<Digest> after) {
        return transactions.read(tx -> objects.blobsAfter(tx, after, PAGE));
    }

    /** The store is far away, and one question after the other would take hours. */
    private List<Optional<Finding>> presence(List<BlobRow> page) {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                QUESTIONS_AT_ONCE, Thread.ofVirtual().factory())) {
            List<CompletableFuture<Optional<Finding>>> asked = page.stream()
                    .map(row -> CompletableFuture.supplyAsync(() -> check.stored(row), threads))
                    .toList();
            try {
                return asked.stream().map(CompletableFuture::join).toList();
            } catch (CompletionException e) {
                // Each of the others would wait for a store that does not answer.
                threads.shutdownNow();
                throw e.getCause() instanceof RuntimeException failure ? failure : e;
            }
        }
    }

    private void checkObjects(Mode mode, FsckTally tally) {
        Optional<BlobKey> after = Optional.empty();
        List<BlobKey> page;
        do {
            // The store first: an object has its row before its first byte.
            page = blobs.list(after, PAGE);
            for (ObjectUnnamed finding : unnamed(page)) {
                tally.found(mode == Mode.REPAIR ? condemn(finding) : finding);
            }
            tally.objects(page.size());
            after = page.isEmpty() ? after : Optional.of(page.getLast());
        } while (page.size() == PAGE);
    }

    private List<ObjectUnnamed> unnamed(List<BlobKey> page) {
        List<BlobKey> unnamed = page.isEmpty() ? page : transactions.read(tx -> objects.unnamed(tx, page));
        // Gone is what a sweeper has removed meanwhile, and its tombstone after it.
        return unnamed.stream()
                .flatMap(key -> blobs.stat(key).stream().mapToObj(size -> new ObjectUnnamed(key, size, Repair.NONE)))
                .toList();
    }

    private ObjectUnnamed condemn(ObjectUnnamed finding) {
        LeftObject object = new LeftObject(finding.key(), finding.bytes());
        transactions.run(
                Durability.POWER_CUT,
                tx -> tombstones.condemnUnnamed(tx, object, removalDelay, "no row named the object"));
        return new ObjectUnnamed(finding.key(), finding.bytes(), Repair.DONE);
    }

    private MultipartUnknown multipart(Unfinished one, Mode mode) {
        if (mode != Mode.REPAIR) {
            return new MultipartUnknown(one.key(), one.id(), Repair.NONE);
        }
        blobs.abandon(one.key(), Optional.of(one.id()));
        return new MultipartUnknown(one.key(), one.id(), Repair.DONE);
    }
}
