package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store promises. */
abstract class BlobStoreContract {

    /** The store under test, empty before each test. */
    abstract BlobStore store();

    /** Another store object over the same bytes, as another replica has it. */
    abstract BlobStore otherReplica();

    @Test
    void whatWasCommittedIsReadByEveryReplica() {
        BlobKey key = newKey();
        byte[] bytes = randomBytes(300_000);

        put(store(), key, bytes);

        assertThat(read(store(), key)).isEqualTo(bytes);
        assertThat(read(otherReplica(), key)).isEqualTo(bytes);
        assertThat(store().stat(key)).hasValue(bytes.length);
    }

    @Test
    void anObjectOfNoBytesIsAnObject() {
        BlobKey key = newKey();

        put(store(), key, new byte[0]);

        assertThat(store().stat(key)).hasValue(0);
        assertThat(read(store(), key)).isEmpty();
    }

    @Test
    void theMarkIsTheOneThatWasWrittenLastByWhicheverReplica() {
        assertThat(store().marker()).isEmpty();
        assertThat(otherReplica().marker()).isEmpty();

        store().mark("one\n");
        assertThat(otherReplica().marker()).hasValue("one\n");
        String longest = "2".repeat(BlobStore.LONGEST_MARK);
        otherReplica().mark(longest);
        assertThat(store().marker()).hasValue(longest);
        store().mark("3");
        assertThat(store().marker()).hasValue("3");
        assertThat(otherReplica().marker()).hasValue("3");
    }

    @Test
    void theMarkIsNoObjectAndStaysWhenEverythingElseGoes() {
        BlobKey key = newKey();
        put(store(), key, text("a blob"));
        store().mark("ours");

        assertThat(store().list(Optional.empty(), 10)).containsExactly(key);
        store().delete(key);
        assertThat(store().list(Optional.empty(), 10)).isEmpty();
        assertThat(store().unfinished(Optional.empty(), 10)).isEmpty();
        assertThat(store().marker()).hasValue("ours");
    }

    @Test
    void anAbsentObjectIsAbsentToEveryQuestion() {
        BlobKey key = newKey();

        assertThat(store().stat(key)).isEmpty();
        assertThat(store().read(key, Optional.empty())).isEmpty();
        assertThat(store().read(key, Optional.of(new ByteRange(0, 0)))).isEmpty();
    }

    @Test
    void aRangeGivesItsBytesAndNoOthers() {
        BlobKey key = newKey();
        put(store(), key, text("0123456789"));

        assertThat(read(store(), key, new ByteRange(0, 0))).isEqualTo(text("0"));
        assertThat(read(store(), key, new ByteRange(3, 6))).isEqualTo(text("3456"));
        assertThat(read(store(), key, new ByteRange(9, 9))).isEqualTo(text("9"));
        assertThat(read(store(), key, new ByteRange(0, 9))).isEqualTo(text("0123456789"));
    }

    @Test
    void aRangePastTheEndIsAFailureAndNeverAShortAnswer() {
        BlobKey key = newKey();
        put(store(), key, text("0123456789"));

        assertThatThrownBy(() -> store().read(key, Optional.of(new ByteRange(5, 10))))
                .isInstanceOf(StoreFailure.class);
    }

    @Test
    void anotherReplicaGoesOnFromTheResumePoint() {
        BlobKey key = newKey();
        ResumePoint point;
        try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "first ");
            point = writer.durable();
        }

        try (BlobWriter writer = otherReplica().open(key, point, WriteJournal.NONE)) {
            assertThat(writer.offset()).isEqualTo(6);
            append(writer, "second");
            writer.commit();
            key = writer.key();
        }

        assertThat(read(store(), key)).isEqualTo(text("first second"));
    }

    @Test
    void aCommitWithoutAnotherByteKeepsWhatAnotherReplicaWrote() {
        BlobKey key = newKey();
        ResumePoint point;
        try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "all of it");
            point = writer.durable();
        }

        try (BlobWriter writer = otherReplica().open(key, point, WriteJournal.NONE)) {
            writer.commit();
        }

        assertThat(read(store(), key)).isEqualTo(text("all of it"));
    }

    @Test
    void bytesBehindTheResumePointAreDropped() {
        BlobKey key = newKey();
        ResumePoint point;
        try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "kept");
            point = writer.durable();
            append(writer, "known to no row");
        }

        try (BlobWriter writer = store().open(key, point, WriteJournal.NONE)) {
            append(writer, "!");
            writer.commit();
            key = writer.key();
        }

        assertThat(read(store(), key)).isEqualTo(text("kept!"));
    }

    @Test
    void aStartFromNothingForgetsAnEarlierAttempt() {
        BlobKey key = newKey();
        try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "an attempt without a resume point");
        }

        put(store(), key, text("short"));

        assertThat(read(store(), key)).isEqualTo(text("short"));
    }

    @Test
    void aResumePointPastTheStoredBytesIsLost() {
        BlobKey key = newKey();
        ResumePoint point;
        try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "four");
            point = writer.durable();
        }
        ResumePoint past = new ResumePoint(point.offset() + 1, point.store());

        assertThatThrownBy(() -> store().open(key, past, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
        try (BlobWriter writer = store().open(key, point, WriteJournal.NONE)) {
            assertThat(writer.offset())
                    .as("the refusal took nothing away, and no lock stayed")
                    .isEqualTo(4);
        }
    }

    @Test
    void aResumePointOfAnAbsentObjectIsLostAndNothingRemains() {
        BlobKey key = newKey();

        assertThatThrownBy(() -> store().open(key, new ResumePoint(5, ""), WriteJournal.NONE))
                .isInstanceOf(ResumePointLost.class);

        assertThat(store().stat(key)).isEmpty();
    }

    @Test
    void anAbortedObjectIsGone() {
        BlobKey key = newKey();
        try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "unwanted");
            writer.abort();
        }

        assertThat(store().stat(key)).isEmpty();
        assertThat(store().list(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void aWriterThatEndedTakesNoMoreBytes() {
        try (BlobWriter writer = store().open(newKey(), ResumePoint.START, WriteJournal.NONE)) {
            writer.commit();
            assertThatThrownBy(() -> append(writer, "late")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aWriterThatWasClosedTouchesNothingMore() {
        BlobKey key = newKey();
        BlobWriter overtaken = store().open(key, ResumePoint.START, WriteJournal.NONE);
        append(overtaken, "old");
        overtaken.close();
        put(otherReplica(), key, text("the next writer's"));

        assertThatThrownBy(() -> append(overtaken, "late")).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(overtaken::durable).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(overtaken::commit).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(overtaken::abort).isInstanceOf(StoreFailure.class);
        overtaken.close();

        assertThat(read(store(), key)).isEqualTo(text("the next writer's"));
    }

    @Test
    void anObjectIsDeletedOnceAndTheSecondTimeIsASuccessToo() {
        BlobKey key = newKey();
        BlobKey other = newKey();
        put(store(), key, text("x"));
        put(store(), other, text("y"));

        store().delete(key);
        store().delete(key);

        assertThat(store().stat(key)).isEmpty();
        assertThat(store().stat(other)).hasValue(1);
    }

    @Test
    void pagesGiveEveryKeyOnceInAscendingOrder() {
        List<BlobKey> keys = new ArrayList<>();
        // Keys that share a folder, neighbours, and both ends.
        for (String start :
                List.of("00000000", "0000ffff", "00010000", "00ff0000", "01000000", "7fabcdef", "ffffffff")) {
            for (String end : List.of("000000000000", "00000000000f", "ffffffffffff")) {
                keys.add(BlobKey.of(UUID.fromString(start + "-0000-4000-8000-" + end)));
            }
        }
        keys.forEach(key -> put(store(), key, text("x")));

        for (int limit : List.of(1, 2, 3, 4, 100)) {
            assertThat(pages(limit)).as("pages of " + limit).isEqualTo(keys);
        }
        assertThat(store().list(Optional.of(keys.getLast()), 5)).isEmpty();
        assertThat(store().list(Optional.of(BlobKey.of(UUID.fromString("00000000-0000-4000-8000-000000000001"))), 1))
                .as("after a key that is not there")
                .containsExactly(keys.get(1));
    }

    @Test
    void manyWritersOfOtherKeysDoNotDisturbEachOther() throws Exception {
        int writers = 16;
        CyclicBarrier barrier = new CyclicBarrier(writers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                byte[] bytes = new byte[200_000 + i];
                new Random(i).nextBytes(bytes);
                running.add(threads.submit(roundTrip(bytes, barrier)));
            }
            for (Future<Void> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
        assertThat(store().list(Optional.empty(), 100)).hasSize(writers);
    }

    private Callable<Void> roundTrip(byte[] bytes, CyclicBarrier barrier) {
        return () -> {
            BlobKey key = newKey();
            barrier.await();
            try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
                for (int at = 0; at < bytes.length; at += 10_000) {
                    writer.append(bytes, at, Math.min(10_000, bytes.length - at));
                }
                writer.commit();
            }
            assertThat(read(otherReplica(), key)).isEqualTo(bytes);
            return null;
        };
    }

    @Test
    void aBigObjectNeedsNoMoreMemoryThanASmallOne() {
        byte[] buffer = randomBytes(64 * 1024);
        // What is made once and for all, when something is asked for the first time, is no object's.
        write(newKey(), buffer, 16);
        BlobKey key = newKey();
        long allocated = write(key, buffer, 1024);
        assertThat(allocated).as("bytes allocated for 64 MiB").isLessThan(allocationBound());
        assertThat(store().stat(key)).hasValue(64 * 1024 * 1024);
    }

    /** Writes an object of so many pieces, and answers how many bytes this thread has allocated until it was written. */
    private long write(BlobKey key, byte[] piece, int pieces) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (BlobWriter writer = store().open(key, ResumePoint.START, WriteJournal.NONE)) {
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < pieces; i++) {
                writer.append(piece, 0, piece.length);
            }
            long allocated = memory.getCurrentThreadAllocatedBytes() - before;
            writer.commit();
            return allocated;
        }
    }

    /** How many bytes the writing thread may allocate for 64 MiB. */
    long allocationBound() {
        return 4 * 1024 * 1024;
    }

    private List<BlobKey> pages(int limit) {
        List<BlobKey> all = new ArrayList<>();
        List<BlobKey> page = store().list(Optional.empty(), limit);
        while (page.size() == limit) {
            all.addAll(page);
            page = store().list(Optional.of(page.getLast()), limit);
        }
        all.addAll(page);
        return all;
    }

    static BlobKey newKey() {
        return BlobKey.of(UUID.randomUUID());
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static void append(BlobWriter writer, String text) {
        byte[] bytes = text(text);
        writer.append(bytes, 0, bytes.length);
    }

    static void put(BlobStore store, BlobKey key, byte[] bytes) {
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            writer.append(bytes, 0, bytes.length);
            writer.commit();
        }
    }

    static byte[] read(BlobStore store, BlobKey key) {
        return bytesOf(store.read(key, Optional.empty()).orElseThrow());
    }

    static byte[] read(BlobStore store, BlobKey key, ByteRange range) {
        return bytesOf(store.read(key, Optional.of(range)).orElseThrow());
    }

    private static byte[] bytesOf(BlobBody body) {
        try {
            return switch (body) {
                case BlobBody.FileRegion region -> regionOf(region);
                case BlobBody.Bytes whole -> whole.bytes();
                case BlobBody.Stream stream -> {
                    try (InputStream bytes = stream.bytes()) {
                        yield bytes.readAllBytes();
                    }
                }
                case BlobBody.Redirect redirect -> {
                    try (InputStream bytes = redirect.location().toURL().openStream()) {
                        yield bytes.readAllBytes();
                    }
                }
            };
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] regionOf(BlobBody.FileRegion region) throws IOException {
        try (FileChannel file = FileChannel.open(region.file())) {
            byte[] bytes = Channels.newInputStream(file.position(region.offset()))
                    .readNBytes(Math.toIntExact(region.length()));
            assertThat(bytes).hasSize(Math.toIntExact(region.length()));
            return bytes;
        }
    }
}
