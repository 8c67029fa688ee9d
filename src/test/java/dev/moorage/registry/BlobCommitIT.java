package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.access.TestGrants;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.testing.Collector;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.StoreWrapper;
import dev.moorage.testing.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One digest has one row and one good object, however many push it and whatever became of the object before. */
class BlobCommitIT {

    private static final String WEB = "acme/web";
    private static final String OTHER = "globex/other";

    private final byte[] bytes = ImageFactory.seeded(23).bytes(5000);
    private final Queue<Runnable> afterStat = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(
                new StoreWrapper(new FilesystemBlobStore(directory)) {
                    @Override
                    public OptionalLong stat(BlobKey key) {
                        OptionalLong answer = super.stat(key);
                        Optional.ofNullable(afterStat.poll()).ifPresent(Runnable::run);
                        return answer;
                    }
                },
                Map.of());
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void tenUploadsOfOneDigestAtOnceLeaveOneRowAndOneObject() throws InterruptedException {
        List<Digest> answers = Together.run(IntStream.range(0, 10)
                .mapToObj(i -> (Callable<Digest>) () -> registry.pushBlob("acme/r" + i % 5, bytes))
                .toList());

        assertThat(answers).containsOnly(Digest.ofBytes(Digest.Algorithm.SHA256, bytes));
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isOne();
        assertThat(registry.sql().number("SELECT count(*) FROM repository_blob"))
                .isEqualTo(5);
        assertThat(condemned()).hasSize(9).doesNotContain(liveKey());
        assertThat(registry.store().stat(liveKey())).hasValue(bytes.length);
    }

    @Test
    void anObjectThatHasVanishedIsReplacedByTheNextPush() {
        BlobKey lost = pushed(WEB);
        registry.store().delete(lost);
        BlobKey present = pushed(OTHER);

        assertThat(present).isNotEqualTo(lost);
        assertThat(condemned()).containsExactly(lost);
    }

    @Test
    void anObjectOfAnotherSizeIsReplacedByTheNextPush() throws IOException {
        BlobKey broken = pushed(WEB);
        BlobBody body = registry.store().read(broken, Optional.empty()).orElseThrow();
        Files.write(((BlobBody.FileRegion) body).file(), new byte[3]);
        BlobKey present = pushed(OTHER);

        assertThat(present).isNotEqualTo(broken);
        assertThat(condemned()).containsExactly(broken);
    }

    @Test
    void aRowThatIsTakenAwayAfterItsObjectWasSeenIsMadeAgainWithTheNewObject() {
        BlobKey before = pushed(WEB);
        Collector collector = new Collector(registry.plain());
        collector.letTimePass();
        String digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes).toString();
        afterStat.add(() -> assertThat(collector.linkAndBlob(WEB, digest)).isEqualTo(Collector.Outcome.TAKEN));
        BlobKey present = pushed(OTHER);

        assertThat(afterStat).isEmpty();
        assertThat(present).isNotEqualTo(before);
        assertThat(condemned()).containsExactly(before);
    }

    @Test
    void anObjectThatAnotherPushHasReplacedMeanwhileIsLookedAtAgain() {
        BlobKey lost = pushed(WEB);
        registry.store().delete(lost);
        RegistryHarness two = registry.replica();
        afterStat.add(() -> two.pushBlob("acme/faster", bytes));
        BlobKey present = pushed(OTHER);

        assertThat(afterStat).isEmpty();
        assertThat(present).isNotEqualTo(lost);
        assertThat(condemned()).hasSize(2).contains(lost).doesNotContain(present);
    }

    @Test
    void anObjectThatWasSeenGoodAndIsAnotherOneNowIsLookedAtAgain() {
        BlobKey seen = pushed(WEB);
        RegistryHarness two = registry.replica();
        afterStat.add(() -> {
            two.store().delete(seen);
            two.pushBlob("acme/faster", bytes);
        });
        BlobKey present = pushed(OTHER);

        assertThat(present).isNotEqualTo(seen);
        assertThat(condemned()).hasSize(2).contains(seen).doesNotContain(present);
    }

    @Test
    void aStoreThatDoesNotAnswerIsUnavailableAndTheUploadGoesOn() {
        BlobKey before = pushed(WEB);
        UploadId id = registry.begin(OTHER);
        registry.uploads().append(TestGrants.to(OTHER), id, RegistryHarness.chunk(bytes));
        afterStat.add(() -> {
            throw new StoreFailure("the store is away");
        });

        assertThatThrownBy(() -> registry.finish(OTHER, id, bytes)).isInstanceOf(Unavailable.class);
        assertThat(registry.sql().number("SELECT count(*) FROM repository_blob"))
                .isOne();
        assertThat(registry.finish(OTHER, id, bytes)).isEqualTo(Digest.ofBytes(Digest.Algorithm.SHA256, bytes));
        assertThat(liveKey()).isEqualTo(before);
    }

    private BlobKey pushed(String repository) {
        registry.pushBlob(repository, bytes);
        return liveKey();
    }

    private BlobKey liveKey() {
        return registry.keyOf(Digest.ofBytes(Digest.Algorithm.SHA256, bytes));
    }

    private List<BlobKey> condemned() {
        return registry.sql().rows("SELECT storage_key FROM tombstone").stream()
                .map(BlobKey::new)
                .toList();
    }
}
