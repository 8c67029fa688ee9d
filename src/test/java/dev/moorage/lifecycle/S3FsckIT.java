package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.BlobStore;
import dev.moorage.blob.S3BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.blob.Unfinished;
import dev.moorage.lifecycle.Finding.DigestDiffers;
import dev.moorage.lifecycle.Finding.MultipartUnknown;
import dev.moorage.lifecycle.Finding.ObjectAbsent;
import dev.moorage.lifecycle.Finding.ObjectUnnamed;
import dev.moorage.lifecycle.Finding.Repair;
import dev.moorage.lifecycle.Finding.SizeDiffers;
import dev.moorage.lifecycle.Finding.Unreadable;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Request.Operation;
import dev.moorage.testing.StoreWrapper;
import dev.moorage.testing.TestSettings;
import dev.moorage.testing.Together;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks of a bucket, and the sweep of the multipart uploads in it that no row knows. */
class S3FsckIT {

    private static final String BUCKET = "blobs";
    private static final String WEB = "acme/web";
    private static final int PART = 100_000;
    private static final Grant GRANT = Grant.system("test");

    private final FakeS3 fake = FakeS3.with(BUCKET);
    private final byte[] bytes = ImageFactory.seeded(53).bytes(2 * PART + 5);
    private S3BlobStore store;
    private RegistryHarness registry;

    @BeforeEach
    void start() {
        Map<String, String> settings = BucketSettings.inProcess(fake, BUCKET, PART);
        store = S3BlobStore.open(TestSettings.with(settings));
        registry = RegistryHarness.fresh(store, settings);
    }

    @AfterEach
    void end() throws SQLException {
        registry.close();
        store.close();
        fake.close();
    }

    @Test
    void whatDoesNotFitIsFoundAndOnlyWhatNoRowNamesIsTakenAway() {
        Digest absent = registry.pushBlob(WEB, bytes(1));
        Digest shorter = registry.pushBlob(WEB, bytes(2));
        Digest flipped = registry.pushBlob(WEB, bytes(3));
        registry.pushBlob(WEB, bytes);
        fake.objects(BUCKET).remove(key(absent));
        fake.objects(BUCKET).put(key(shorter), new byte[9]);
        byte[] other = bytes(3);
        other[7] ^= 1;
        fake.objects(BUCKET).put(key(flipped), other);
        BlobKey unnamed = BlobKey.of(UUID.randomUUID());
        fake.objects(BUCKET).put(unnamed.value(), new byte[4]);
        fake.objects(BUCKET).put("somebody/elses", new byte[4]);
        UploadId open = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), open, RegistryHarness.chunk(bytes));

        assertThat(FsckScene.repair(registry))
                .hasSize(4)
                .anyMatch(found ->
                        found instanceof ObjectAbsent(var row) && row.digest().equals(absent))
                .anyMatch(found -> found instanceof SizeDiffers(var row, long size)
                        && row.digest().equals(shorter)
                        && size == 9)
                .anyMatch(found -> found instanceof DigestDiffers(var row, Digest stored)
                        && row.digest().equals(flipped)
                        && stored.equals(Digest.ofBytes(Digest.Algorithm.SHA256, other)))
                .contains(new ObjectUnnamed(unnamed, 4, Repair.DONE));
        assertThat(registry.sql().rows("SELECT storage_key FROM tombstone WHERE why = 'no row named the object'"))
                .containsExactly(unnamed.value());
        registry.finish(WEB, open, bytes);
    }

    @Test
    void aByteThatWasFlippedOnItsWayIsNoFinding() {
        registry.pushBlob(WEB, bytes);
        fake.once(Operation.GET_OBJECT, new S3Fault.FlippedAnswer());
        assertThat(FsckScene.lookDeep(registry)).isEmpty();
        fake.once(Operation.GET_OBJECT, new S3Fault.CutAnswer());
        assertThat(FsckScene.lookDeep(registry)).isEmpty();
    }

    @Test
    void aBlobThatTheStoreCannotGiveIsAFindingAndTheOthersAreLookedAt() {
        Digest one = registry.pushBlob(WEB, bytes);
        registry.pushBlob(WEB, bytes(4));
        for (int i = 0; i < 2; i++) {
            fake.once(
                    request -> request.operation() == Operation.GET_OBJECT
                            && request.key().equals(key(one)),
                    S3Fault.internalError());
        }

        assertThat(FsckScene.lookDeep(registry))
                .singleElement()
                .matches(found -> found instanceof Unreadable(var row, String _)
                        && row.digest().equals(one));
    }

    @Test
    void aMultipartUploadThatNoRowKnowsIsFoundAndSweptAndThoseOfSessionsGoOn() {
        UploadId open = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), open, RegistryHarness.chunk(bytes));
        List<String> known = fake.uploads(BUCKET);
        BlobKey key = BlobKey.of(UUID.randomUUID());
        fake.begin(BUCKET, key.value());

        assertThat(FsckScene.look(registry))
                .singleElement()
                .matches(found -> found instanceof MultipartUnknown(BlobKey at, String _, Repair repair)
                        && at.equals(key)
                        && repair == Repair.NONE);
        assertThat(fake.uploads(BUCKET)).hasSize(2);
        assertThat(sweep(store)).isOne();
        assertThat(fake.uploads(BUCKET)).isEqualTo(known).hasSize(1);
        assertThat(sweep(store)).isZero();

        fake.begin(BUCKET, key.value());
        assertThat(FsckScene.repair(registry)).singleElement().matches(found -> found.repair() == Repair.DONE);
        assertThat(fake.uploads(BUCKET)).isEqualTo(known);
        assertThat(registry.finish(WEB, open, bytes)).isNotNull();
        assertThat(fake.uploads(BUCKET)).isEmpty();
    }

    @Test
    void anObjectIsNotSwept() {
        fake.objects(BUCKET).put(BlobKey.of(UUID.randomUUID()).value(), new byte[4]);
        assertThat(sweep(store)).isZero();
        assertThat(fake.objects(BUCKET)).hasSize(1);
    }

    @Test
    void aRowKnowsTheUploadThatItNamesAndAnyThatItHasNotLearntYet() {
        List<BlobKey> keys = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            keys.add(BlobKey.of(UUID.randomUUID()));
            fake.begin(BUCKET, keys.get(i).value());
        }
        List<String> ids = ids(keys);
        session(keys.get(0), Optional.of(ids.get(0)));
        UploadId notLearnt = session(keys.get(1), Optional.of(""));
        session(keys.get(2), Optional.of("another"));
        session(keys.get(3), Optional.empty());
        other(notLearnt, keys.get(4), ids.get(4));
        other(notLearnt, keys.get(5), "another");
        tombstone(keys.get(6), ids.get(6));
        tombstone(keys.get(7), "another");
        tombstone(keys.get(8), "");

        assertThat(FsckScene.look(registry)).hasSize(4);
        assertThat(sweep(store)).isEqualTo(4);
        assertThat(fake.uploads(BUCKET))
                .containsExactlyInAnyOrder(
                        keys.get(0).value(),
                        keys.get(1).value(),
                        keys.get(4).value(),
                        keys.get(6).value(),
                        keys.get(8).value());
    }

    @Test
    void aPushThatFinishesBehindTheListIsNoFinding() {
        UploadId id = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));
        assertThat(fake.uploads(BUCKET)).hasSize(1);
        BlobStore between = FsckScene.afterUnfinished(store, () -> registry.finish(WEB, id, bytes));

        assertThat(FsckScene.look(registry, between)).isEmpty();
        registry.checkInvariants();
    }

    @Test
    void anUploadThatBeginsBehindTheListIsKept() {
        UploadId id = registry.begin(WEB);
        BlobKey unknown = BlobKey.of(UUID.randomUUID());
        fake.begin(BUCKET, unknown.value());
        BlobStore between = FsckScene.afterUnfinished(
                store, () -> registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes)));

        assertThat(sweep(between)).isOne();
        assertThat(registry.finish(WEB, id, bytes)).isNotNull();
        registry.checkInvariants();
    }

    @Test
    void everyPageIsSweptByOneOrByTwo() throws Exception {
        for (int i = 0; i < 1001; i++) {
            fake.begin(BUCKET, BlobKey.of(UUID.randomUUID()).value());
        }
        assertThat(FsckScene.look(registry)).hasSize(1001);
        RegistryHarness two = registry.replica();
        Together.run(List.of(
                () -> sweep(store), () -> TestHousekeeping.sweeper(two, store).sweep(GRANT)));

        assertThat(sweep(store)).isZero();
        assertThat(fake.uploads(BUCKET)).isEmpty();
    }

    @Test
    void everyPageIsSweptAlsoWhereTheStoreListsNothingAfterAnUploadThatIsGone() {
        for (int i = 0; i < 1001; i++) {
            fake.begin(BUCKET, BlobKey.of(UUID.randomUUID()).value());
        }
        BlobStore strict = new StoreWrapper(store) {
            @Override
            public List<Unfinished> unfinished(Optional<Unfinished> after, int limit) {
                boolean gone = after.isPresent()
                        && !super.unfinished(Optional.empty(), 2000).contains(after.get());
                return gone ? List.of() : super.unfinished(after, limit);
            }
        };

        assertThat(sweep(strict)).isEqualTo(1001);
        assertThat(fake.uploads(BUCKET)).isEmpty();
    }

    @Test
    void oneThatCannotBeAbandonedHoldsUpNoOther() {
        BlobKey stuck = BlobKey.of(new UUID(0x4000, Long.MIN_VALUE));
        fake.begin(BUCKET, stuck.value());
        fake.begin(BUCKET, BlobKey.of(UUID.randomUUID()).value());
        BlobStore failing = new StoreWrapper(store) {
            @Override
            public void abandon(BlobKey key, Optional<String> id) {
                if (key.equals(stuck)) {
                    throw new StoreFailure("it cannot be abandoned");
                }
                super.abandon(key, id);
            }
        };

        assertThat(sweep(failing)).isOne();
        assertThat(fake.uploads(BUCKET)).containsExactly(stuck.value());
    }

    @Test
    void aStoreThatDoesNotAnswerIsSweptTheNextTime() {
        fake.begin(BUCKET, BlobKey.of(UUID.randomUUID()).value());
        fake.once(Operation.LIST_UPLOADS, S3Fault.slowDown());
        assertThat(sweep(store)).isZero();
        assertThat(sweep(store)).isOne();
    }

    private int sweep(BlobStore through) {
        return TestHousekeeping.sweeper(registry, through).sweep(GRANT);
    }

    private UploadId session(BlobKey key, Optional<String> multipart) {
        UploadId id = registry.begin(WEB);
        registry.sql()
                .change(
                        "UPDATE upload SET storage_key = ?, multipart_upload_id = ? WHERE id = ?",
                        key.value(),
                        multipart.orElse(null),
                        id.value());
        return id;
    }

    private void other(UploadId id, BlobKey key, String multipart) {
        registry.sql().change("INSERT INTO upload_object VALUES (?, ?, ?, 1)", key.value(), id.value(), multipart);
    }

    private void tombstone(BlobKey key, String multipart) {
        registry.sql()
                .change(
                        "INSERT INTO tombstone (storage_key, multipart_upload_id, size, not_before, why)"
                                + " VALUES (?, ?, 1, now() + interval '1 hour', 'test')",
                        key.value(),
                        multipart);
    }

    private List<String> ids(List<BlobKey> keys) {
        return keys.stream()
                .map(key -> store.unfinished(Optional.empty(), 100).stream()
                        .filter(one -> one.key().equals(key))
                        .findFirst()
                        .orElseThrow()
                        .id())
                .toList();
    }

    private String key(Digest digest) {
        return registry.keyOf(digest).value();
    }

    private static byte[] bytes(int seed) {
        return ImageFactory.seeded(seed).bytes(300 + seed);
    }
}
