package dev.moorage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.lifecycle.Finding.DigestDiffers;
import dev.moorage.lifecycle.Finding.ObjectAbsent;
import dev.moorage.lifecycle.Finding.ObjectUnnamed;
import dev.moorage.lifecycle.Finding.SizeDiffers;
import dev.moorage.lifecycle.FsckOptions.Depth;
import dev.moorage.lifecycle.FsckOptions.Mode;
import dev.moorage.metadata.BlobRow;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.FoundBlob;
import dev.moorage.registry.RegistryHarness;
import dev.moorage.testing.ImageFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check, and the removal of what is condemned, where small blobs are rows. */
class SmallObjectFsckIT {

    private static final String WEB = "acme/web";

    private final byte[] bytes = ImageFactory.seeded(53).bytes(500);

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(new FilesystemBlobStore(directory), TestCollection.atOnceWithRows());
    }

    @AfterEach
    void end() throws SQLException {
        registry.close();
    }

    @Test
    void whatFitsTogetherIsCountedAndNotReported() {
        registry.pushBlob(WEB, bytes);
        UploadId open = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), open, RegistryHarness.chunk(bytes));

        assertThat(FsckScene.summary(registry, Depth.DIGESTS, Mode.REPAIR))
                .isEqualTo(new FsckSummary(1, 500, 500, 2, 0, 0, 0, 0));
        registry.checkInvariants();
    }

    @Test
    void rowThatIsGoneIsFoundUntilTheBlobIsUploadedAgain() {
        BlobRow row = row(registry.pushBlob(WEB, bytes));
        registry.sql().change("DELETE FROM small_object");

        assertThat(FsckScene.look(registry)).containsExactly(new ObjectAbsent(row));
        registry.pushBlob(WEB, bytes);
        assertThat(FsckScene.lookDeep(registry)).isEmpty();
        registry.checkInvariants();
    }

    @Test
    void rowOfAnotherSizeOrWithOtherBytesIsFound() throws SQLException {
        BlobRow row = row(registry.pushBlob(WEB, bytes));
        registry.sql().change("UPDATE small_object SET bytes = bytes || '\\x00'");
        assertThat(FsckScene.look(registry)).containsExactly(new SizeDiffers(row, 501));

        byte[] other = bytes.clone();
        other[7]++;
        registry.sql().change("UPDATE small_object SET bytes = ?", other);
        // The program that has written the bytes remembers them: another one looks.
        RegistryHarness replica = registry.replica();
        assertThat(FsckScene.look(replica)).isEmpty();
        assertThat(FsckScene.lookDeep(replica))
                .containsExactly(new DigestDiffers(row, Digest.ofBytes(Digest.Algorithm.SHA256, other)));
    }

    @Test
    void rowThatNothingNamesIsFoundAndTakenAway() {
        BlobKey key = BlobKey.row(UUID.randomUUID());
        registry.sql().change("INSERT INTO small_object VALUES (?, ?)", key.value(), bytes);

        assertThat(FsckScene.look(registry)).containsExactly(new ObjectUnnamed(key, 500, Finding.Repair.NONE));
        FsckScene.repair(registry);
        registry.checkInvariants();
        sweep();
        assertThat(registry.store().stat(key)).isEmpty();
        assertThat(FsckScene.lookDeep(registry)).isEmpty();
    }

    @Test
    void firstBytesOfAnUploadThatWasCancelledGoWithTheirTombstone() {
        UploadId id = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));
        registry.uploads().cancel(TestGrants.to(WEB), id);
        registry.checkInvariants();

        sweep();
        assertThat(registry.sql().number("SELECT count(*) FROM small_object")).isZero();
        assertThat(registry.sql().number("SELECT count(*) FROM tombstone")).isZero();
    }

    @Test
    void tableThatCannotBeReadIsAStoreThatFails() {
        Digest digest = registry.pushBlob(WEB, bytes);
        RegistryHarness replica = registry.replica();
        FoundBlob found = replica.pulls().blob(TestGrants.to(WEB), digest);
        registry.sql().change("ALTER TABLE small_object RENAME TO elsewhere");

        for (RegistryHarness each : List.of(registry, replica)) {
            assertThatThrownBy(() -> each.store().stat(found.key())).isInstanceOf(StoreFailure.class);
            assertThatThrownBy(() -> each.store().delete(found.key())).isInstanceOf(StoreFailure.class);
        }
        assertThatThrownBy(() -> replica.pulls().read(TestGrants.to(WEB), found, Optional.empty()))
                .isInstanceOf(Unavailable.class);
    }

    private BlobRow row(Digest digest) {
        return new BlobRow(digest, bytes.length, registry.keyOf(digest));
    }

    private void sweep() {
        registry.sql().change("UPDATE tombstone SET not_before = now()");
        TestHousekeeping.remover(registry, registry.store()).sweep(Grant.system("test"));
    }
}
