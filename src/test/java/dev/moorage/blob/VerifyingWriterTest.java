package dev.moorage.blob;

import static dev.moorage.blob.BlobStoreContract.newKey;
import static dev.moorage.blob.BlobStoreContract.randomBytes;
import static dev.moorage.blob.BlobStoreContract.read;
import static dev.moorage.blob.BlobStoreContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.moorage.blob.FaultyFiles.Fault;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.Digest.Algorithm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifying stream knows the digest of exactly the bytes that the store has. */
class VerifyingWriterTest {

    private static final long NO_LIMIT = Long.MAX_VALUE;

    @TempDir
    private Path root;

    private final FaultyFiles files = new FaultyFiles();
    private final BlobKey key = newKey();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final List<Long> hashed = new ArrayList<>();
    private BlobStore store;

    @BeforeEach
    void openStore() {
        store = new FilesystemBlobStore(root, files, "boot");
    }

    @Test
    void whatIsCopiedIsStoredAndItsDigestKnown() {
        byte[] bytes = randomBytes(1_000_000);
        try (VerifyingWriter writer = begin()) {
            assertThat(writer.transferFrom(new ByteArrayInputStream(bytes), NO_LIMIT, 300_000, snapshots::add))
                    .isEqualTo(new Transfer.Ended(1_000_000));
            assertThat(writer.digest()).isEqualTo(sha256(bytes));
            assertThat(writer.offset()).isEqualTo(1_000_000);
            writer.commit();
        }
        assertThat(read(store, key)).isEqualTo(bytes);
    }

    @Test
    void eachSnapshotNamesTheDigestOfItsPrefixAndComesInTime() {
        byte[] bytes = randomBytes(1_000_000);
        try (VerifyingWriter writer = begin()) {
            writer.transferFrom(new ByteArrayInputStream(bytes), NO_LIMIT, 300_000, snapshots::add);
        }

        assertThat(snapshots).hasSize(2);
        long before = 0;
        for (Snapshot snapshot : snapshots) {
            long offset = snapshot.point().offset();
            assertThat(offset - before).isBetween(300_000L, 300_000L + TransferBuffers.SIZE);
            assertThat(snapshot.prefix()).isEqualTo(sha256(Arrays.copyOf(bytes, Math.toIntExact(offset))));
            before = offset;
        }
    }

    @Test
    void anotherReplicaGoesOnFromEachSnapshotWithoutReadingAgain() {
        byte[] bytes = randomBytes(1_000_000);
        try (VerifyingWriter writer = begin()) {
            writer.transferFrom(new ByteArrayInputStream(bytes), NO_LIMIT, 200_000, snapshots::add);
        }

        for (Snapshot snapshot : snapshots.reversed()) {
            int offset = Math.toIntExact(snapshot.point().offset());
            try (VerifyingWriter writer = resume(otherReplica("boot"), snapshot)) {
                writer.append(bytes, offset, bytes.length - offset);
                assertThat(writer.digest()).isEqualTo(sha256(bytes));
            }
        }
        assertThat(hashed).isEmpty();
        assertThat(read(store, key)).isEqualTo(bytes);
    }

    @Test
    void withoutTheHashStateTheStoredBytesAreReadAgainBeforeTheNextByte() {
        byte[] bytes = randomBytes(500_000);
        Snapshot snapshot = withoutState(written(Arrays.copyOf(bytes, 400_000)));

        try (VerifyingWriter writer = resume(store, snapshot)) {
            assertThat(writer.digest()).isEqualTo(snapshot.prefix());
            assertThat(writer.checkpoint()).isEqualTo(snapshot);
            assertThat(hashed).as("nothing to read for a commit as it is").isEmpty();
            writer.append(bytes, 400_000, 100_000);
            assertThat(writer.digest()).isEqualTo(sha256(bytes));
            writer.commit();
        }
        assertThat(hashed).isNotEmpty().isSorted().endsWith(400_000L);
    }

    @Test
    void aDamagedHashStateCostsAReadAndNoMore() {
        byte[] bytes = randomBytes(5_000);
        Snapshot good = written(Arrays.copyOf(bytes, 4_000));
        byte[] state = good.hashState().orElseThrow();
        state[state.length / 2]++;

        try (VerifyingWriter writer = resume(store, new Snapshot(good.point(), good.prefix(), Optional.of(state)))) {
            writer.append(bytes, 4_000, 1_000);
            assertThat(writer.digest()).isEqualTo(sha256(bytes));
        }
        assertThat(hashed).containsExactly(4_000L);
    }

    @Test
    void theHashStateOfAnotherPlaceIsNotUsed() {
        byte[] bytes = randomBytes(5_000);
        Snapshot early = written(Arrays.copyOf(bytes, 1_000));
        Snapshot late = written(Arrays.copyOf(bytes, 4_000));

        try (VerifyingWriter writer = resume(store, new Snapshot(late.point(), late.prefix(), early.hashState()))) {
            writer.append(bytes, 4_000, 1_000);
            assertThat(writer.digest()).isEqualTo(sha256(bytes));
        }
    }

    @Test
    void afterAnotherBootTheStoredBytesAreReadAgainBeforeAnythingElse() {
        byte[] bytes = randomBytes(5_000);
        Snapshot snapshot = written(bytes);

        try (VerifyingWriter writer = resume(otherReplica("next boot"), snapshot)) {
            assertThat(hashed).containsExactly(5_000L);
            assertThat(writer.digest()).isEqualTo(sha256(bytes));
            writer.commit();
        }
    }

    /** A file system may keep the length of a file over a power cut and lose its bytes. */
    @Test
    void bytesThatAPowerCutTurnedToZerosNeverBecomeABlob() throws IOException {
        Snapshot snapshot = written(randomBytes(5_000));
        Files.write(root.resolve(key.value()), new byte[5_000]);

        assertThatThrownBy(() -> resume(otherReplica("next boot"), snapshot)).isInstanceOf(ResumePointLost.class);
        assertThatThrownBy(() -> {
                    try (VerifyingWriter writer = resume(store, withoutState(snapshot))) {
                        writer.append(new byte[1], 0, 1);
                    }
                })
                .isInstanceOf(ResumePointLost.class);
        store.open(key, ResumePoint.START, WriteJournal.NONE).close();
    }

    @Test
    void theLimitIsKeptAndTheByteAfterItIsSeen() {
        byte[] bytes = randomBytes(200_000);
        try (VerifyingWriter writer = begin()) {
            assertThat(writer.transferFrom(new ByteArrayInputStream(bytes), 199_999, NO_LIMIT, snapshots::add))
                    .isEqualTo(new Transfer.OverLimit(199_999));
            assertThat(writer.offset()).isEqualTo(199_999);
            assertThat(writer.digest()).isEqualTo(sha256(Arrays.copyOf(bytes, 199_999)));
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsWhole() {
        try (VerifyingWriter writer = begin()) {
            assertThat(writer.transferFrom(new ByteArrayInputStream(randomBytes(10)), 10, NO_LIMIT, snapshots::add))
                    .isEqualTo(new Transfer.Ended(10));
            assertThat(writer.transferFrom(InputStream.nullInputStream(), 0, NO_LIMIT, snapshots::add))
                    .isEqualTo(new Transfer.Ended(0));
        }
    }

    @Test
    void aClientThatGoesAwayLeavesWhatItSent() {
        byte[] sent = randomBytes(70_000);
        InputStream breaks = new SequenceInputStream(new ByteArrayInputStream(sent), new BrokenStream());
        Snapshot left;
        try (VerifyingWriter writer = begin()) {
            assertThatThrownBy(() -> writer.transferFrom(breaks, NO_LIMIT, NO_LIMIT, snapshots::add))
                    .isInstanceOf(ClientGone.class)
                    .hasMessageContaining("connection reset");
            left = writer.checkpoint();
        }
        assertThat(left.point().offset()).isEqualTo(70_000);
        assertThat(left.prefix()).isEqualTo(sha256(sent));
    }

    @Test
    void aStoreThatFailsIsNotTakenForTheClientAndTheDigestStaysWithTheBytes() {
        try (VerifyingWriter writer = begin()) {
            writer.append(text("whole"), 0, 5);
            files.fail(Fault.DISK_FULL);
            assertThatThrownBy(() -> writer.transferFrom(
                            new ByteArrayInputStream(randomBytes(1000)), NO_LIMIT, NO_LIMIT, snapshots::add))
                    .isInstanceOf(StoreFailure.class);
            assertThat(writer.checkpoint().point().offset()).isEqualTo(5);
            assertThat(writer.digest()).isEqualTo(sha256(text("whole")));
        }
    }

    @Test
    void whatTheCheckpointThrowsEndsTheCopy() {
        IllegalStateException leaseLost = new IllegalStateException("the lease is lost");
        try (VerifyingWriter writer = begin()) {
            assertThatThrownBy(() -> writer.transferFrom(
                            new ByteArrayInputStream(randomBytes(1_000_000)), NO_LIMIT, 200_000, snapshot -> {
                                throw leaseLost;
                            }))
                    .isSameAs(leaseLost);
            assertThat(writer.offset()).isLessThan(1_000_000);
        }
    }

    @Test
    void storedBytesAreHashedForAnotherAlgorithmUpToALength() {
        byte[] bytes = randomBytes(300_000);
        try (VerifyingWriter writer = begin()) {
            writer.append(bytes, 0, bytes.length);

            assertThat(VerifyingWriter.rehash(store, key, 300_000, Algorithm.SHA512, hashed::add))
                    .isEqualTo(Digest.ofBytes(Algorithm.SHA512, bytes));
            assertThat(VerifyingWriter.rehash(store, key, 1_234, Algorithm.SHA256, hashed::add))
                    .isEqualTo(sha256(Arrays.copyOf(bytes, 1_234)));
            assertThat(VerifyingWriter.rehash(store, key, 0, Algorithm.SHA256, hashed::add))
                    .isEqualTo(sha256(new byte[0]));
        }
        assertThat(hashed).contains(300_000L, 1_234L);
        assertThatThrownBy(() -> VerifyingWriter.rehash(store, key, 300_001, Algorithm.SHA256, hashed::add))
                .isInstanceOf(ResumePointLost.class);
    }

    @Test
    void buffersAreUsedAgain() {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (VerifyingWriter writer = begin()) {
            byte[] body = randomBytes(1_000);
            writer.transferFrom(new ByteArrayInputStream(body), NO_LIMIT, NO_LIMIT, snapshots::add);
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                writer.transferFrom(new ByteArrayInputStream(body), NO_LIMIT, NO_LIMIT, snapshots::add);
            }
            assertThat(memory.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated for 100 bodies")
                    .isLessThan(10L * TransferBuffers.SIZE);
        }
    }

    private VerifyingWriter begin() {
        return resume(store, Snapshot.start(Algorithm.SHA256));
    }

    private VerifyingWriter resume(BlobStore replica, Snapshot from) {
        return VerifyingWriter.open(replica, key, from, WriteJournal.NONE, hashed::add);
    }

    private Snapshot written(byte[] bytes) {
        try (VerifyingWriter writer = begin()) {
            writer.append(bytes, 0, bytes.length);
            return writer.checkpoint();
        }
    }

    private BlobStore otherReplica(String boot) {
        return new FilesystemBlobStore(root, new NioFileLayer(), boot);
    }

    private static Snapshot withoutState(Snapshot snapshot) {
        return new Snapshot(snapshot.point(), snapshot.prefix(), Optional.empty());
    }

    private static Digest sha256(byte[] bytes) {
        return Digest.ofBytes(Algorithm.SHA256, bytes);
    }

    /** A connection that is reset. */
    private static final class BrokenStream extends InputStream {

        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("connection reset");
        }
    }
}
