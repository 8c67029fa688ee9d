package dev.moorage.blob;

import static dev.moorage.blob.BlobStoreContract.append;
import static dev.moorage.blob.BlobStoreContract.put;
import static dev.moorage.blob.BlobStoreContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.name.BlobKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a commit has answered for outlives a power cut, and each flush on the way to it is needed. */
class DurabilityOrderTest {

    private static final Path DATA = Path.of("/disk/data");
    private static final Path ROOT = DATA.resolve("made/store");
    private static final BlobKey KEY = BlobKey.of(UUID.fromString("abcdef01-0000-4000-8000-000000000001"));
    private static final BlobKey SAME_FOLDER = BlobKey.of(UUID.fromString("abcdef02-0000-4000-8000-000000000002"));
    private static final BlobKey NEXT_FOLDER = BlobKey.of(UUID.fromString("abce0000-0000-4000-8000-000000000003"));
    private static final BlobKey FAR_FOLDER = BlobKey.of(UUID.fromString("12345678-0000-4000-8000-000000000004"));
    private static final byte[] BYTES = text("acknowledged");

    /** How a process comes to the commit of {@link #KEY}; only the flushes after the preparation are counted. */
    enum Way {
        FIRST_OBJECT_OF_A_NEW_STORE(7) {
            @Override
            Runnable prepare(ForgetfulDisk disk) {
                return () -> put(store(disk), KEY, BYTES);
            }
        },
        ROOT_LEFT_BY_A_KILLED_PROCESS(6) {
            @Override
            Runnable prepare(ForgetfulDisk disk) throws IOException {
                disk.createFolder(ROOT.getParent());
                disk.forceFolder(DATA);
                disk.createFolder(ROOT);
                return () -> put(store(disk), KEY, BYTES);
            }
        },
        FIRST_OBJECT_OF_AN_OPEN_STORE(5) {
            @Override
            Runnable prepare(ForgetfulDisk disk) {
                BlobStore store = store(disk);
                return () -> put(store, KEY, BYTES);
            }
        },
        FOLDERS_LEFT_BY_A_KILLED_PROCESS(5) {
            @Override
            Runnable prepare(ForgetfulDisk disk) {
                store(disk)
                        .open(SAME_FOLDER, ResumePoint.START, WriteJournal.NONE)
                        .close();
                BlobStore store = store(disk);
                return () -> put(store, KEY, BYTES);
            }
        },
        WRITTEN_BY_ANOTHER_PROCESS_AND_COMMITTED_WITHOUT_A_BYTE(5) {
            @Override
            Runnable prepare(ForgetfulDisk disk) {
                ResumePoint point = writtenAndLeft(store(disk));
                BlobStore store = store(disk);
                return () -> {
                    try (BlobWriter writer = store.open(KEY, point, WriteJournal.NONE)) {
                        writer.commit();
                    }
                };
            }
        },
        NEW_OUTER_FOLDER(4) {
            @Override
            Runnable prepare(ForgetfulDisk disk) {
                BlobStore store = store(disk);
                put(store, FAR_FOLDER, BYTES);
                return () -> put(store, KEY, BYTES);
            }
        },
        NEW_INNER_FOLDER(3) {
            @Override
            Runnable prepare(ForgetfulDisk disk) {
                BlobStore store = store(disk);
                put(store, NEXT_FOLDER, BYTES);
                return () -> put(store, KEY, BYTES);
            }
        },
        SECOND_OBJECT_OF_A_FOLDER(2) {
            @Override
            Runnable prepare(ForgetfulDisk disk) {
                BlobStore store = store(disk);
                put(store, SAME_FOLDER, BYTES);
                return () -> put(store, KEY, BYTES);
            }
        };

        private final int flushes;

        Way(int flushes) {
            this.flushes = flushes;
        }

        abstract Runnable prepare(ForgetfulDisk disk) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aCommitOutlivesThePower(Way way) throws IOException {
        ForgetfulDisk disk = ForgetfulDisk.with(DATA);
        Runnable commit = way.prepare(disk);
        disk.recordFlushes();

        commit.run();
        assertThat(disk.flushes()).hasSize(way.flushes);
        disk.cutPower();

        assertThat(disk.bytes(ROOT.resolve(KEY.value()))).contains(BYTES);
        assertThat(store(disk).list(Optional.empty(), 10)).contains(KEY);
    }

    @ParameterizedTest
    @MethodSource("everyFlush")
    void withoutAnyOneFlushTheObjectIsLost(Way way, int flush) throws IOException {
        ForgetfulDisk disk = ForgetfulDisk.with(DATA);
        Runnable commit = way.prepare(disk);
        disk.suppressFlush(flush);

        commit.run();
        disk.cutPower();

        assertThat(disk.bytes(ROOT.resolve(KEY.value())).filter(bytes -> bytes.length == BYTES.length))
                .as("without the flush of " + disk.flushes().get(flush))
                .isEmpty();
    }

    static Stream<Arguments> everyFlush() {
        return Stream.of(Way.values())
                .flatMap(way -> IntStream.range(0, way.flushes).mapToObj(flush -> Arguments.of(way, flush)));
    }

    @Test
    void aDurablePointAloneOutlivesTheProcessAndNotThePower() {
        ForgetfulDisk disk = ForgetfulDisk.with(DATA);
        ResumePoint point = writtenAndLeft(store(disk));

        assertThat(disk.bytes(ROOT.resolve(KEY.value()))).contains(BYTES);
        disk.cutPower();

        assertThatThrownBy(() -> store(disk).open(KEY, point, WriteJournal.NONE))
                .isInstanceOf(ResumePointLost.class);
    }

    private static BlobStore store(ForgetfulDisk disk) {
        return new FilesystemBlobStore(ROOT, disk, "first boot");
    }

    private static ResumePoint writtenAndLeft(BlobStore store) {
        try (BlobWriter writer = store.open(KEY, ResumePoint.START, WriteJournal.NONE)) {
            append(writer, "acknowledged");
            return writer.durable();
        }
    }
}
