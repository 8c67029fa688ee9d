package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.name.UploadId;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.StoreWrapper;
import dev.moorage.testing.WatchedDataSource.Work;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk, and what with the kernel only, when a request is answered; and in which order it came there. */
class DurabilityGradeIT {

    private static final String WEB = "acme/web";

    private static final Map<String, String> STEPS = new LinkedHashMap<>();

    static {
        STEPS.put("INSERT INTO upload", "first row");
        STEPS.put("SET epoch = u.epoch + 1", "epoch");
        STEPS.put("SET byte_offset", "offset");
        STEPS.put("INSERT INTO manifest ", "manifest");
        STEPS.put("INSERT INTO repository_blob", "link");
        STEPS.put("DELETE FROM upload", "session gone");
        STEPS.put("INSERT INTO hold", "hidden");
    }

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final ImageFactory factory = ImageFactory.seeded(17);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        StoreWrapper store = new StoreWrapper(new FilesystemBlobStore(directory)) {
            @Override
            protected void onDurable() {
                steps.add("bytes with the kernel");
            }

            @Override
            protected void onFlushed() {
                steps.add("bytes flushed");
            }
        };
        registry = RegistryHarness.fresh(store, Map.of("moorage.uploads.resume-point-bytes", "1000"));
        registry.database().onCommitted(work -> name(work).ifPresent(steps::add));
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void theFirstRowOfAnUploadIsOnTheDiskBeforeItsAnswer() {
        registry.begin(WEB);
        // The repository is made on the second try, in a transaction of its own kind.
        assertThat(steps).isNotEmpty().containsOnly("first row, flushed");
        steps.clear();
        registry.begin(WEB);
        assertThat(steps).containsExactly("first row, flushed");
    }

    @Test
    void anAcceptedChunkIsWithTheKernelBeforeItsRowAndTheRowIsNotFlushed() {
        UploadId id = registry.begin(WEB);
        steps.clear();
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(factory.bytes(300)));

        assertThat(steps).containsExactly("epoch, flushed", "bytes with the kernel", "offset, not flushed");
    }

    @Test
    void aLongChunkIsRecordedOnItsWay() {
        UploadId id = registry.begin(WEB);
        steps.clear();
        InputStream body =
                new SequenceInputStream(Collections.enumeration(List.of(piece(1000), piece(1000), piece(7))));
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(body));

        assertThat(steps)
                .containsExactly(
                        "epoch, flushed",
                        "bytes with the kernel",
                        "offset, not flushed",
                        "bytes with the kernel",
                        "offset, not flushed",
                        "bytes with the kernel",
                        "offset, not flushed");
    }

    @Test
    void aCreatedBlobIsFlushedBeforeItsRowsAndTheRowsBeforeTheAnswer() {
        byte[] bytes = factory.bytes(300);
        UploadId id = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));
        steps.clear();
        registry.finish(WEB, id, bytes);

        assertThat(steps).containsExactly("epoch, flushed", "bytes flushed", "link, flushed");
    }

    @Test
    void aBlobOfOneRequestIsFlushedBeforeItsRows() {
        byte[] bytes = factory.bytes(300);
        registry.begin(WEB);
        steps.clear();
        registry.uploads()
                .whole(
                        TestGrants.to(WEB),
                        Digest.ofBytes(Digest.Algorithm.SHA256, bytes),
                        RegistryHarness.chunk(bytes));

        assertThat(steps).containsExactly("first row, flushed", "bytes flushed", "link, flushed");
    }

    @Test
    void whateverIsAnsweredWithCreatedOrDeletedIsFlushed() {
        Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
        Content manifest = factory.assemble(ImageFactory.OCI_MANIFEST, config, List.of(), Map.of())
                .manifest();
        Digest blob = registry.pushBlob(WEB, config.bytes());
        steps.clear();
        registry.mounts().mount(TestGrants.to("acme/other"), blob, Optional.of(TestGrants.to(WEB)));
        registry.pushManifest(WEB, new Tag("v1"), manifest);
        registry.deletes().manifest(TestGrants.to(WEB), new Tag("v1"), Precondition.NONE);
        registry.deletes().blob(TestGrants.to("acme/other"), blob);
        registry.uploads().cancel(TestGrants.to(WEB), registry.begin(WEB));

        assertThat(steps)
                .containsExactly(
                        "link, flushed",
                        "manifest, flushed",
                        "hidden, flushed",
                        "hidden, flushed",
                        "first row, flushed",
                        "session gone, flushed");
    }

    private ByteArrayInputStream piece(int length) {
        return new ByteArrayInputStream(factory.bytes(length));
    }

    private static Optional<String> name(Work work) {
        String grade = "on".equals(work.synchronousCommit()) ? ", flushed" : ", not flushed";
        return STEPS.entrySet().stream()
                .filter(step -> work.ran(step.getKey()))
                .findFirst()
                .map(step -> step.getValue() + grade);
    }
}
