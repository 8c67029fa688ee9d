package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.access.TestGrants;
import dev.moorage.name.ByteRange;
import dev.moorage.name.Digest;
import dev.moorage.name.UploadId;
import dev.moorage.registry.UploadService.Chunk;
import dev.moorage.testing.Await;
import dev.moorage.testing.GatedBody;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.LockWatch;
import dev.moorage.testing.Together;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One request at a time works on an upload; who has stopped loses it, and nothing of his counts any more. */
class UploadLeaseIT {

    private static final String WEB = "acme/web";
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Requests that wait a moment for each other; their holder looks at its lease many times meanwhile. */
    private static final UploadTimes LIVELY =
            new UploadTimes(Duration.ofMillis(500), Duration.ofMillis(5), Duration.ofMillis(20));

    /** A holder that does not look at its lease while a test runs, as one whose machine stands still. */
    private static final UploadTimes FROZEN =
            new UploadTimes(Duration.ofMillis(500), Duration.ofMillis(5), Duration.ofHours(1));

    private final byte[] first = ImageFactory.seeded(31).bytes(3000);
    private final byte[] second = ImageFactory.seeded(32).bytes(2000);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    private Path directory;

    private RegistryHarness registry;
    private RegistryHarness lively;
    private RegistryHarness frozen;

    @BeforeEach
    void start() {
        registry = RegistryHarness.fresh(directory);
        lively = registry.replica(LIVELY);
        frozen = registry.replica(FROZEN);
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        threads.close();
        registry.checkInvariants();
        registry.close();
    }

    @Test
    void aRequestThatFindsALivingHolderIsRefusedAndTheHolderGoesOn() throws Exception {
        UploadId id = registry.begin(WEB);
        GatedBody body = new GatedBody(first, second);
        Future<String> holder = appending(lively, id, body);
        body.awaitReached();

        assertThat(Race.answer(append(lively, id, second))).isEqualTo("BLOB_UPLOAD_INVALID");
        body.open();
        assertThat(Together.get(holder)).isEqualTo("5000");
        assertThat(lively.finish(WEB, id, both())).isEqualTo(digest(both()));
    }

    @Test
    void aHolderWhoseBytesMoveRenewsItsLease() throws InterruptedException {
        UploadId id = registry.begin(WEB);
        AtomicBoolean enough = new AtomicBoolean();
        InputStream trickle = new InputStream() {
            @Override
            public int read() {
                return enough.get() ? -1 : 7;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                Arrays.fill(buffer, offset, offset + 1, (byte) 7);
                return enough.get() ? -1 : 1;
            }
        };
        Future<String> holder = appending(lively, id, trickle);
        Await.until(SOON, "a held upload", () -> registry.sql().number("SELECT epoch FROM upload") == 1);
        registry.sql().change("UPDATE upload SET lease_until = now() + interval '2 seconds'");

        Await.until(
                SOON,
                "a renewed lease",
                () -> registry.sql()
                                .number("SELECT count(*) FROM upload WHERE lease_until > now() + interval '8 seconds'")
                        == 1);
        enough.set(true);
        assertThat(Together.get(holder)).isEqualTo(offset());
    }

    @Test
    void renewalsThatTheDatabaseHoldsUpDoNotQueueUp() throws Exception {
        UploadId id = registry.begin(WEB);
        UploadId other = registry.begin(WEB);
        GatedBody body = new GatedBody(first, second);
        GatedBody metronome = new GatedBody(first, second);
        AtomicInteger renewals = new AtomicInteger();
        try (Connection slow = registry.plain().getConnection()) {
            Future<String> holder = appending(lively, id, body);
            body.awaitReached();
            slow.setAutoCommit(false);
            try (PreparedStatement lock = slow.prepareStatement("SELECT FROM upload WHERE id = ? FOR UPDATE")) {
                lock.setObject(1, id.value());
                lock.execute();
            }
            LockWatch.awaitWaiting(registry.plain());
            lively.database().onCommitted(work -> renewals.addAndGet(work.ran("waiting_for_client") ? 1 : 0));
            Future<String> ticking = appending(lively, other, metronome);
            Await.until(SOON, "many renewals of the other one", () -> renewals.get() >= 100);
            metronome.open();
            assertThat(Together.get(ticking)).isEqualTo("5000");

            int before = renewals.get();
            body.open();
            slow.rollback();
            assertThat(Together.get(holder)).isEqualTo("5000");
            assertThat(renewals.get() - before).isLessThan(50);
        }
    }

    @Test
    void anUploadWhoseLeaseHasLapsedGoesToTheNextRequestAndTheOldHolderLetsGo() throws InterruptedException {
        UploadId id = registry.begin(WEB);
        GatedBody body = new GatedBody(second, second);
        Future<String> old = appending(lively, id, body);
        body.awaitReached();
        letLeaseLapse();

        assertThat(appending(registry, id, RegistryHarness.chunk(first)))
                .succeedsWithin(SOON)
                .isEqualTo("3000");
        body.open();
        assertThat(Together.get(old)).isEqualTo("BLOB_UPLOAD_INVALID");
        assertThat(offset()).isEqualTo("3000");
        assertThat(registry.finish(WEB, id, first)).isEqualTo(digest(first));
    }

    @Test
    void aClientThatSendsNothingForFiveSecondsLosesTheUploadBeforeItsLeaseLapses() throws InterruptedException {
        UploadId id = registry.begin(WEB);
        GatedBody body = new GatedBody(second, second);
        Future<String> old = appending(lively, id, body);
        body.awaitReached();
        Await.until(
                SOON,
                "a holder that waits for its client",
                () -> registry.sql().number("SELECT count(*) FROM upload WHERE waiting_for_client") == 1);
        assertThat(Together.get(appending(lively, id, RegistryHarness.chunk(first))))
                .isEqualTo("BLOB_UPLOAD_INVALID");
        registry.sql().change("UPDATE upload SET last_byte_at = now() - interval '6 seconds'");

        assertThat(registry.sql().number("SELECT count(*) FROM upload WHERE lease_until > now()"))
                .isOne();
        assertThat(Together.get(appending(lively, id, RegistryHarness.chunk(first))))
                .isEqualTo("3000");
        body.open();
        assertThat(Together.get(old)).isEqualTo("BLOB_UPLOAD_INVALID");
    }

    @Test
    void aHolderThatStoodStillRecordsNothingAfterItsUploadWasTaken() throws InterruptedException {
        UploadId id = registry.begin(WEB);
        GatedBody body = new GatedBody(second, second);
        Future<String> old = appending(frozen, id, body);
        Future<String> next = takenOverBy(RegistryHarness.chunk(first), id, body);

        assertThat(Together.get(old)).isEqualTo("BLOB_UPLOAD_INVALID");
        assertThat(Together.get(next)).isEqualTo("3000");
        assertThat(registry.finish(WEB, id, first)).isEqualTo(digest(first));
    }

    @Test
    void aHolderThatStoodStillFinishesNothingAfterItsUploadWasTaken() throws InterruptedException {
        UploadId id = registry.begin(WEB);
        GatedBody body = new GatedBody(second, new byte[0]);
        Future<String> old = finishing(frozen, id, digest(second), body);
        Future<String> next = takenOverBy(RegistryHarness.chunk(first), id, body);

        assertThat(Together.get(old)).isEqualTo("BLOB_UPLOAD_INVALID");
        assertThat(Together.get(next)).isEqualTo("3000");
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isZero();
        assertThat(registry.finish(WEB, id, first)).isEqualTo(digest(first));
    }

    @Test
    void aHolderThatStoodStillDoesNotEndTheUploadForItsOwnWrongDigest() throws InterruptedException {
        UploadId id = registry.begin(WEB);
        GatedBody body = new GatedBody(second, new byte[0]);
        Future<String> old = finishing(frozen, id, digest(first), body);
        Future<String> next = takenOverBy(RegistryHarness.chunk(first), id, body);

        assertThat(Together.get(old)).isEqualTo("BLOB_UPLOAD_INVALID");
        assertThat(Together.get(next)).isEqualTo("3000");
        assertThat(registry.finish(WEB, id, first)).isEqualTo(digest(first));
    }

    @Test
    void everyRequestTakesTheNextEpochAndLetsGoOfTheUpload() throws Exception {
        UploadId id = registry.begin(WEB);
        assertThat(epoch()).isZero();
        assertThat(Race.answer(append(registry, id, first))).isEqualTo("3000");
        assertThat(epoch()).isOne();
        Chunk elsewhere = new Chunk(
                ByteRange.parseChunk("9-10"),
                Optional.of(2L),
                RegistryHarness.chunk(second).bytes());
        assertThat(Together.get(appending(registry, id, elsewhere))).isEqualTo("BLOB_UPLOAD_INVALID");
        assertThat(epoch()).isEqualTo(2);
        assertThat(registry.sql().number("SELECT count(*) FROM upload WHERE lease_until IS NULL"))
                .isOne();
        registry.finish(WEB, id, first);
        assertThat(epoch()).isEqualTo(3);
    }

    @Test
    void twoWhoFinishAtOnceMakeOneBlobAndBothLearnOfIt() throws InterruptedException {
        for (int round = 0; round < 4; round++) {
            byte[] bytes = ImageFactory.seeded(100 + round).bytes(1000);
            UploadId id = registry.begin(WEB);
            registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));
            RegistryHarness other = registry.replica();
            List<Digest> answers =
                    Together.run(List.of(() -> registry.finish(WEB, id, bytes), () -> other.finish(WEB, id, bytes)));

            assertThat(answers).containsOnly(digest(bytes));
        }
        assertThat(registry.sql().number("SELECT count(*) FROM blob")).isEqualTo(4);
        assertThat(registry.sql().number("SELECT count(*) FROM tombstone")).isZero();
    }

    @Test
    void aRepeatedFinishIsAnsweredAtOnceHoweverOften() throws Exception {
        UploadId id = registry.begin(WEB);
        registry.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(first));
        for (int i = 0; i < 4; i++) {
            assertThat(lively.finish(WEB, id, first)).isEqualTo(digest(first));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(Race.answer(append(lively, id, second))).isEqualTo("BLOB_UPLOAD_UNKNOWN");
        }
    }

    @Test
    void aCancelledUploadIsGoneForTheRequestThatWritesToIt() throws InterruptedException {
        UploadId id = registry.begin(WEB);
        GatedBody body = new GatedBody(first, second);
        Future<String> writer = appending(lively, id, body);
        body.awaitReached();
        registry.uploads().cancel(TestGrants.to(WEB), id);
        body.open();

        assertThat(Together.get(writer)).isEqualTo("BLOB_UPLOAD_INVALID");
        assertThat(registry.sql().number("SELECT count(*) FROM upload")).isZero();
        assertThat(registry.sql().rows("SELECT why FROM tombstone")).containsExactly("the upload was cancelled");
    }

    /** The holder has read up to its gate and its lease lapses; another request takes the upload; then the gate opens. */
    private Future<String> takenOverBy(Chunk chunk, UploadId id, GatedBody gate) {
        gate.awaitReached();
        letLeaseLapse();
        Future<String> next = appending(registry, id, chunk);
        Await.until(SOON, "another holder", () -> epoch() == 2);
        gate.open();
        return next;
    }

    private void letLeaseLapse() {
        registry.sql().change("UPDATE upload SET lease_until = now() - interval '1 second'");
    }

    private Future<String> appending(RegistryHarness by, UploadId id, InputStream body) {
        return appending(by, id, RegistryHarness.chunk(body));
    }

    private Future<String> appending(RegistryHarness by, UploadId id, Chunk chunk) {
        return threads.submit(() -> Race.answer(
                () -> by.uploads().append(TestGrants.to(WEB), id, chunk).offset()));
    }

    private Future<String> finishing(RegistryHarness by, UploadId id, Digest digest, InputStream body) {
        return threads.submit(() -> Race.answer(() -> by.uploads()
                .finish(TestGrants.to(WEB), id, Optional.of(digest.toString()), RegistryHarness.chunk(body))));
    }

    private static Callable<Long> append(RegistryHarness by, UploadId id, byte[] bytes) {
        return () -> by.uploads()
                .append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes))
                .offset();
    }

    private long epoch() {
        return registry.sql().number("SELECT epoch FROM upload");
    }

    private String offset() {
        return registry.sql().rows("SELECT byte_offset FROM upload").getFirst();
    }

    private byte[] both() {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static Digest digest(byte[] bytes) {
        return Digest.ofBytes(Digest.Algorithm.SHA256, bytes);
    }
}
