package dev.moorage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory store keeps the contract, and its own promises about files. */
class FilesystemBlobStoreTest extends BlobStoreContract {

    private static final BlobKey KEY = BlobKey.of(UUID.fromString("abcdef01-0000-4000-8000-000000000001"));

    @TempDir
    private Path folder;

    private Path root;
    private BlobStore store;

    @BeforeEach
    void openStore() {
        root = folder.resolve("made/on/opening");
        store = new FilesystemBlobStore(root);
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Override
    BlobStore otherReplica() {
        return new FilesystemBlobStore(root);
    }

    @Test
    void aBlobIsAFileAtItsKeyFromItsFirstByte() {
        try (BlobWriter writer = store.open(KEY, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "now");
            assertThat(root.resolve(KEY.value())).hasContent("now");
        }
    }

    @Test
    void nobodyElseOnTheMachineReadsTheBlobs() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("blobs"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aRangeIsARegionOfTheFile() {
        put(store, KEY, text("0123456789"));

        assertThat(store.read(KEY, Optional.of(new ByteRange(2, 4))))
                .contains(new BlobBody.FileRegion(root.resolve(KEY.value()), 2, 3));
    }

    @Test
    void deletionLeavesTheFoldersForOtherWriters() {
        put(store, KEY, text("x"));

        store.delete(KEY);

        assertThat(root.resolve("blobs/ab/cd")).isEmptyDirectory();
    }

    @Test
    void otherFilesInTheDirectoryAreNotListed() throws IOException {
        put(store, KEY, text("x"));
        Files.writeString(root.resolve("blobs/ab/cd/notes.txt"), "x");
        Files.writeString(root.resolve("blobs/ab/file"), "x");
        Files.writeString(root.resolve("blobs/00"), "a file where a folder would be");
        Files.createDirectories(root.resolve("blobs/lost+found"));

        assertThat(store.list(Optional.empty(), 10)).containsExactly(KEY);
    }

    @Test
    void noLinkLeadsOutOfTheDirectory() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside/cd"));
        Path secret = Files.writeString(outside.resolve("abcdef01-0000-4000-8000-000000000001"), "secret");
        Files.createDirectories(root.resolve("blobs"));
        Files.createSymbolicLink(root.resolve("blobs/ab"), folder.resolve("outside"));

        assertEveryDoorRefuses();
        assertThat(store.list(Optional.empty(), 10)).isEmpty();

        Files.delete(root.resolve("blobs/ab"));
        Files.createDirectories(root.resolve("blobs/ab/cd"));
        Files.createSymbolicLink(root.resolve(KEY.value()), secret);

        assertEveryDoorRefuses();
        assertThat(secret).hasContent("secret");
    }

    private void assertEveryDoorRefuses() {
        assertThatThrownBy(() -> store.read(KEY, Optional.empty())).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> store.stat(KEY)).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> store.delete(KEY)).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> store.open(KEY, ResumePoint.START, WriteJournal.NONE))
                .isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> store.open(KEY, new ResumePoint(1, ""), WriteJournal.NONE))
                .isInstanceOf(StoreFailure.class);
    }

    @Test
    void theDirectoryItselfMayBeALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);

        put(new FilesystemBlobStore(link), KEY, text("through the link"));

        assertThat(read(store, KEY)).isEqualTo(text("through the link"));
    }

    @Test
    void aKeyHasOneWriterAtATime() {
        BlobKey key = newKey();
        try (BlobWriter writer = store.open(key, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "mine");
            assertThatThrownBy(() -> store.open(key, ResumePoint.START, WriteJournal.NONE))
                    .isInstanceOf(KeyInUse.class);
            assertThatThrownBy(() -> otherReplica().open(key, writer.durable(), WriteJournal.NONE))
                    .isInstanceOf(KeyInUse.class);
            writer.commit();
        }

        assertThat(read(store, key)).as("the refused writers took nothing away").isEqualTo(text("mine"));
        otherReplica().open(key, ResumePoint.START, WriteJournal.NONE).close();
    }

    @Test
    void anotherProcessHasNoWriterOfTheSameKey() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsKey.class.getName(),
                        root.toString(),
                        KEY.value())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("open");
            assertThatThrownBy(() -> store.open(KEY, ResumePoint.START, WriteJournal.NONE))
                    .isInstanceOf(KeyInUse.class);
            assertThat(read(store, KEY)).as("nothing was cut").isEqualTo(text("theirs"));
            store.open(newKey(), ResumePoint.START, WriteJournal.NONE).close();
        } finally {
            other.destroyForcibly().waitFor();
        }
        // A killed process holds nothing.
        put(store, KEY, text("mine"));
        assertThat(read(store, KEY)).isEqualTo(text("mine"));
    }

    @Test
    void aReaderThatEndsLeavesTheWriterItsLock() throws Exception {
        try (BlobWriter writer = store.open(KEY, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "read while it is written");
            assertThat(read(store, KEY)).hasSize(24);
            Process other = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            HoldsKey.class.getName(),
                            root.toString(),
                            KEY.value())
                    .start();
            assertThat(other.inputReader().readLine()).isEqualTo("in use");
            assertThat(other.waitFor()).isZero();
        }
    }

    @Test
    void aResumePointIsTrustedUntilTheMachineBootsAgain() {
        ResumePoint point;
        try (BlobWriter writer = store.open(KEY, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "x");
            point = writer.durable();
        }

        assertThat(store.trusts(point)).isTrue();
        assertThat(otherReplica().trusts(point)).isTrue();
        BlobStore afterBoot = new FilesystemBlobStore(root, new NioFileLayer(), "another boot");
        assertThat(afterBoot.trusts(point)).isFalse();
        assertThat(afterBoot.trusts(new ResumePoint(1, ""))).isFalse();
        assertThat(afterBoot.trusts(ResumePoint.START)).isTrue();
    }

    @Test
    void aFileRemovedWhileItIsWrittenIsNotCommitted() throws IOException {
        try (BlobWriter writer = store.open(KEY, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "x");
            Files.delete(root.resolve(KEY.value()));
            assertThatThrownBy(writer::commit).isInstanceOf(StoreFailure.class);
        }
    }

    @Test
    void aFileCutWhileItIsWrittenIsNotCommitted() throws IOException {
        try (BlobWriter writer = store.open(KEY, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "0123456789");
            try (FileChannel other = FileChannel.open(root.resolve(KEY.value()), StandardOpenOption.WRITE)) {
                other.truncate(5);
            }
            assertThatThrownBy(writer::commit).isInstanceOf(StoreFailure.class);
        }
    }

    @Test
    void anInterruptedCommitFailsAndCostsNoByteAndNoOtherLock() {
        ResumePoint point;
        try (BlobWriter writer = store.open(KEY, ResumePoint.START, WriteJournal.NONE);
                BlobWriter other = store.open(newKey(), ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "kept");
            point = writer.durable();
            Thread.currentThread().interrupt();
            assertThatThrownBy(writer::commit).isInstanceOf(StoreFailure.class);
            assertThat(Thread.interrupted()).isTrue();
            append(other, "undisturbed");
            other.commit();
        }

        try (BlobWriter writer = store.open(KEY, point, WriteJournal.NONE)) {
            writer.commit();
        }
        assertThat(read(store, KEY)).isEqualTo(text("kept"));
    }

    @Test
    void aDirectoryThatCannotBeMadeStopsTheStart() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> new FilesystemBlobStore(file.resolve("below")))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("blob directory");
        assertThatThrownBy(() -> new FilesystemBlobStore(file)).isInstanceOf(StoreFailure.class);
    }

    @Test
    void aRoundTripTouchesNothingOutsideItsFolders() throws IOException {
        put(store, KEY, text("x"));

        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile).map(root::relativize).map(Path::toString))
                    .containsExactlyInAnyOrder("writers.lock", KEY.value());
        }
    }

    /** A process that opens a writer and keeps it until it is killed. */
    static final class HoldsKey {

        private HoldsKey() {}

        public static void main(String[] arguments) throws IOException {
            BlobStore store = new FilesystemBlobStore(Path.of(arguments[0]));
            try (BlobWriter writer = store.open(new BlobKey(arguments[1]), ResumePoint.START, WriteJournal.NONE)) {
                append(writer, "theirs");
                System.out.println("open");
                System.in.read();
            } catch (KeyInUse e) {
                System.out.println("in use");
            }
        }
    }
}
