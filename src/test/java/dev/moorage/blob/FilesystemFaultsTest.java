package dev.moorage.blob;

import static dev.moorage.blob.BlobStoreContract.append;
import static dev.moorage.blob.BlobStoreContract.newKey;
import static dev.moorage.blob.BlobStoreContract.put;
import static dev.moorage.blob.BlobStoreContract.read;
import static dev.moorage.blob.BlobStoreContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.blob.FaultyFiles.Fault;
import dev.moorage.name.BlobKey;
import dev.moorage.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails costs the upload at worst: never a wrong blob, and what was there stays readable. */
class FilesystemFaultsTest {

    @TempDir
    private Path root;

    private final FaultyFiles files = new FaultyFiles();
    private final BlobKey key = newKey();
    private BlobStore store;

    @BeforeEach
    void openStore() {
        store = new FilesystemBlobStore(root, files, "boot");
    }

    @Test
    void aFullDiskIsNamedAndTheUploadGoesOnWhenThereIsRoomAgain() {
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "whole ");
            files.fail(Fault.DISK_FULL);
            assertThatThrownBy(() -> append(writer, "this one breaks off"))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining(key.value());
            assertThat(writer.offset()).isEqualTo(6);
            assertThat(writer.durable().offset()).isEqualTo(6);

            files.fail(Fault.NONE);
            append(writer, "again");
            writer.commit();
        }
        assertThat(read(store, key)).isEqualTo(text("whole again"));
    }

    @Test
    void halfAnAppendIsNoPartOfWhatIsCommitted() {
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "whole");
            files.fail(Fault.DISK_FULL);
            assertThatThrownBy(() -> append(writer, "this one breaks off")).isInstanceOf(StoreFailure.class);
            files.fail(Fault.NONE);
            writer.commit();
        }
        assertThat(read(store, key)).isEqualTo(text("whole"));
    }

    @Test
    void aFullDiskStopsNewWritersAndNoReader() {
        put(store, key, text("there before"));
        files.fail(Fault.DISK_FULL);

        assertThatThrownBy(() -> store.open(newKey(), ResumePoint.START, WriteJournal.NONE))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("No space left on device");

        assertThat(read(store, key)).isEqualTo(text("there before"));
        assertThat(store.list(Optional.empty(), 10)).containsExactly(key);
        store.delete(key);
        assertThat(store.stat(key)).as("room can be made").isEmpty();
    }

    @Test
    void aReadOnlyDiskRefusesWritersAndRemovalsByName() {
        put(store, key, text("there before"));
        files.fail(Fault.READ_ONLY);

        assertThatThrownBy(() -> store.open(newKey(), ResumePoint.START, WriteJournal.NONE))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("Read-only file system");
        assertThatThrownBy(() -> store.delete(key))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("Read-only file system");
        assertThat(read(store, key)).isEqualTo(text("there before"));
    }

    @Test
    void aFailedOpenLeavesNoLock() {
        files.fail(Fault.READ_ONLY);
        assertThatThrownBy(() -> store.open(key, ResumePoint.START, WriteJournal.NONE))
                .isInstanceOf(StoreFailure.class)
                .isNotInstanceOf(KeyInUse.class);

        files.fail(Fault.NONE);
        put(store, key, text("x"));
        assertThat(read(store, key)).isEqualTo(text("x"));
    }

    /** A second flush after a failed one may succeed for nothing: so no later writer may find the bytes. */
    @ParameterizedTest
    @EnumSource(names = {"FILE_FLUSH", "FOLDER_FLUSH"})
    void afterAFailedFlushNobodyCanBuildOnTheBytes(Fault fault) {
        ResumePoint point;
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "perhaps on the disk");
            point = writer.durable();
            files.fail(fault);
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("Input/output error");
            assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
        }
        files.fail(Fault.NONE);

        assertThatThrownBy(() -> store.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
        assertThat(store.stat(key)).isEmpty();
    }

    /** A long file is flushed while it is written, and the kernel tells of a failure once. */
    @Test
    void afterAFailedFlushOnTheWayNothingIsCommitted() {
        ResumePoint point;
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            point = failOnTheWay(writer);
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("Input/output error");
        }
        assertThatThrownBy(() -> store.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
        assertThat(store.stat(key)).isEmpty();
    }

    @Test
    void afterAFailedFlushOnTheWayNobodyGoesOnWithTheBytes() {
        BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE);
        ResumePoint point = failOnTheWay(writer);
        assertThatThrownBy(writer::close).isInstanceOf(StoreFailure.class).hasMessageContaining("Input/output error");

        assertThatThrownBy(() -> store.open(key, point, WriteJournal.NONE)).isInstanceOf(ResumePointLost.class);
        assertThat(store.stat(key)).isEmpty();
    }

    @Test
    void aLongFileIsFlushedOnTheWayAndOnceMoreInTheEnd() {
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "short");
            assertThat(files.flushes()).isZero();
            appendEnough(writer);
            Await.until(Duration.ofSeconds(10), "a flush", () -> files.flushes() == 1);
            writer.commit();
        }
        assertThat(files.flushes()).isEqualTo(2);
        assertThat(store.stat(key)).hasValue(EarlyFlush.EVERY + 5);
    }

    /** A point in front of bytes whose flush has failed, on a disk that is well again. */
    private ResumePoint failOnTheWay(BlobWriter writer) {
        append(writer, "durable");
        ResumePoint point = writer.durable();
        files.fail(Fault.FILE_FLUSH);
        appendEnough(writer);
        Await.until(Duration.ofSeconds(10), "a flush", () -> files.flushes() == 1);
        files.fail(Fault.NONE);
        return point;
    }

    private static void appendEnough(BlobWriter writer) {
        byte[] piece = new byte[1 << 20];
        for (long bytes = 0; bytes < EarlyFlush.EVERY; bytes += piece.length) {
            writer.append(piece, 0, piece.length);
        }
    }
}
