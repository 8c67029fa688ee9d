package dev.moorage.blob;

import static dev.moorage.blob.BlobStoreContract.append;
import static dev.moorage.blob.BlobStoreContract.newKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.blob.FaultyFiles.Fault;
import dev.moorage.name.BlobKey;
import dev.moorage.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unfinished files whose flush goes on behind the request that wrote them. */
@Timeout(60)
class FlushesBehindTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path root;

    private final FaultyFiles files = new FaultyFiles();
    private final BlobKey key = newKey();
    private FilesystemBlobStore store;
    private BlobStore other;

    @BeforeEach
    void openStores() {
        store = new FilesystemBlobStore(root, files, "boot");
        other = new FilesystemBlobStore(root, files, "boot");
    }

    @Test
    void theNextRequestGoesOnWhileTheFlushIsUnderWay() {
        files.holdFlushes();
        ResumePoint point = chunk(ResumePoint.START);
        assertThat(files.flushes()).isZero();
        assertThatThrownBy(() -> other.open(key, point, WriteJournal.NONE)).isInstanceOf(KeyInUse.class);
        ResumePoint next = chunk(point);
        try (BlobWriter writer = store.open(key, next, WriteJournal.NONE)) {
            append(writer, "the end");
            files.letFlushesGo();
            writer.commit();
        }
        assertThat(store.stat(key)).hasValue(2 * EarlyFlush.BETWEEN + 7);
        assertThat(other.stat(key)).hasValue(2 * EarlyFlush.BETWEEN + 7);
    }

    @Test
    void whenTheFlushHasEndedTheKeyIsFree() {
        files.holdFlushes();
        ResumePoint point = chunk(ResumePoint.START);
        files.letFlushesGo();
        Await.until(SOON, "the lock of the key", () -> opens(other, point));
        try (BlobWriter writer = other.open(key, point, WriteJournal.NONE)) {
            append(writer, "the end");
            writer.commit();
        }
        assertThat(store.stat(key)).hasValue(EarlyFlush.BETWEEN + 7);
    }

    @Test
    void afterAFailedFlushNobodyGoesOnWithTheBytes() {
        files.holdFlushes();
        files.fail(Fault.FILE_FLUSH);
        ResumePoint point = chunk(ResumePoint.START);
        files.letFlushesGo();
        Await.until(SOON, "a file that is gone", () -> store.stat(key).isEmpty());
        files.fail(Fault.NONE);
        assertThatThrownBy(() -> store.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
        assertThatThrownBy(() -> other.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
    }

    @Test
    void whoeverTookTheFileUpLearnsOfAFailedFlush() {
        files.holdFlushes();
        files.fail(Fault.FILE_FLUSH);
        ResumePoint point = chunk(ResumePoint.START);
        try (BlobWriter writer = store.open(key, point, WriteJournal.NONE)) {
            files.letFlushesGo();
            Await.until(SOON, "a flush", () -> files.flushes() == 1);
            files.fail(Fault.NONE);
            append(writer, "the end");
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("Input/output error");
        }
        assertThatThrownBy(() -> store.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
    }

    @Test
    void aFileThatWasRemovedMeanwhileIsNotGoneOnWith() {
        files.holdFlushes();
        ResumePoint point = chunk(ResumePoint.START);
        store.delete(key);
        files.letFlushesGo();
        assertThatThrownBy(() -> store.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "anew");
            writer.commit();
        }
        assertThat(store.stat(key)).hasValue(4);
    }

    @Test
    void whoBeginsAnewFindsNothingOfWhatWasThere() {
        files.holdFlushes();
        chunk(ResumePoint.START);
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "anew");
            files.letFlushesGo();
            writer.commit();
        }
        assertThat(store.stat(key)).hasValue(4);
    }

    @Test
    void aStoreIsClosedWhenAllIsFlushed() throws InterruptedException {
        files.holdFlushes();
        ResumePoint point = chunk(ResumePoint.START);
        Thread closing = Thread.ofVirtual().start(() -> store.close());
        Await.until(SOON, "one who waits", () -> closing.getState() == Thread.State.TIMED_WAITING);
        files.letFlushesGo();
        closing.join();
        assertThat(files.flushes()).isEqualTo(1);
        assertThat(opens(other, point)).isTrue();
    }

    @Test
    void whatWasNotFlushedWhenTheStoreIsClosedGoes() {
        files.holdFlushes();
        files.fail(Fault.FILE_FLUSH);
        ResumePoint point = chunk(ResumePoint.START);
        files.letFlushesGo();
        store.close();
        files.fail(Fault.NONE);
        assertThatThrownBy(() -> other.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
    }

    @Test
    void aDiskThatIsFarBehindIsWaitedFor() throws InterruptedException {
        files.holdFlushes();
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            appendBytes(writer, EarlyFlush.BEHIND + (1 << 20));
            Thread pausing = Thread.ofVirtual().start(writer::durable);
            Await.until(SOON, "one who waits", () -> pausing.getState() == Thread.State.WAITING);
            files.letFlushesGo();
            pausing.join();
        }
        Await.until(SOON, "a second flush", () -> files.flushes() == 2);
    }

    private boolean opens(BlobStore by, ResumePoint point) {
        try (BlobWriter writer = by.open(key, point, WriteJournal.NONE)) {
            return writer.offset() == point.offset();
        } catch (KeyInUse e) {
            return false;
        }
    }

    /** Appends enough for a flush, and lets go of the file at a durable point. */
    private ResumePoint chunk(ResumePoint from) {
        try (BlobWriter writer = store.open(key, from, WriteJournal.NONE)) {
            appendBytes(writer, EarlyFlush.BETWEEN);
            return writer.durable();
        }
    }

    private static void appendBytes(BlobWriter writer, long count) {
        byte[] piece = new byte[1 << 20];
        for (long bytes = 0; bytes < count; bytes += piece.length) {
            writer.append(piece, 0, piece.length);
        }
    }
}
