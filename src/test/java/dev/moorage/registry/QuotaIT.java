package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.access.TestGrants;
import dev.moorage.administration.TestAdministration;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.lifecycle.TestHousekeeping;
import dev.moorage.name.Digest;
import dev.moorage.name.OrganizationName;
import dev.moorage.name.Tag;
import dev.moorage.name.UploadId;
import dev.moorage.registry.UploadService.Chunk;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.Together;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an organization may keep: the account is exact, and a refusal leaves nothing behind. */
class QuotaIT {

    private static final String WEB = "acme/web";
    private static final int PUSHERS = 50;
    private static final int SIZE = 1000;

    private final ImageFactory factory = ImageFactory.seeded(31);

    @TempDir
    private Path directory;

    private RegistryHarness one;
    private RegistryHarness two;

    @BeforeEach
    void start() {
        one = RegistryHarness.fresh(directory);
        two = one.replica();
        one.sql().change("INSERT INTO organization (name) VALUES ('acme')");
    }

    @AfterEach
    void nothingIsBroken() throws SQLException {
        one.checkInvariants();
        TestHousekeeping.run(one);
        one.checkInvariants();
        one.close();
    }

    @Test
    void uploadIsRefusedAtItsBeginningWhereTheQuotaIsUsedUp() {
        one.pushBlob(WEB, factory.bytes(SIZE));
        limit(SIZE);

        Denied refusal = denied(() -> one.begin(WEB));

        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.detail())
                .containsEntry("quota", "bytes")
                .containsEntry("limit", (long) SIZE)
                .containsEntry("used", (long) SIZE)
                .containsEntry("wanted", 1L);
        assertThat(denied(() -> one.begin("acme/fresh"))).isNotNull();
        assertThat(one.sql().rows("SELECT name FROM repository")).containsExactly(WEB);
    }

    @Test
    void announcedLengthThatCannotFitIsRefusedBeforeAByteIsRead() {
        limit(SIZE);
        byte[] bytes = factory.bytes(SIZE + 1);
        Digest digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes);
        Chunk chunk = new Chunk(Optional.empty(), Optional.of(SIZE + 1L), new Unread());

        assertThat(denied(() -> one.uploads().whole(TestGrants.to(WEB), digest, chunk))
                        .detail())
                .containsEntry("wanted", SIZE + 1L);
        UploadId id = one.begin(WEB);
        denied(() -> one.uploads().append(TestGrants.to(WEB), id, chunk));
        one.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(new byte[] {7}));
        Chunk rest = new Chunk(Optional.empty(), Optional.of((long) SIZE), new Unread());
        denied(() -> one.uploads().append(TestGrants.to(WEB), id, rest));
        assertThat(one.uploads().status(TestGrants.to(WEB), id).offset()).isOne();
        denied(() -> one.uploads().finish(TestGrants.to(WEB), id, Optional.of(digest.toString()), rest));
        assertThat(one.sql().number("SELECT count(*) FROM upload"))
                .as("it can never be finished")
                .isZero();
        assertThat(used()).isZero();
    }

    @Test
    void blobThatDoesNotFitIsRefusedAtItsCommitAndItsUploadEnds() {
        byte[] bytes = factory.bytes(SIZE + 1);
        UploadId id = one.begin(WEB);
        one.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(bytes));
        limit(SIZE);

        assertThat(denied(() -> one.finish(WEB, id, bytes)).detail())
                .containsEntry("limit", (long) SIZE)
                .containsEntry("used", 0L)
                .containsEntry("wanted", SIZE + 1L);
        assertThat(one.sql().number("SELECT count(*) FROM upload")).isZero();
        assertThat(one.sql().number("SELECT count(*) FROM blob")).isZero();
        assertThat(one.sql().number("SELECT count(*) FROM tombstone")).isOne();
        assertThat(one.pushBlob(WEB, factory.bytes(SIZE))).isNotNull();
        assertThat(used()).isEqualTo(SIZE);
    }

    @Test
    void bodyWithoutALengthIsReadNoFurtherThanThereIsRoom() {
        int room = 1_000_000;
        limit(room);
        byte[] first = factory.bytes(SIZE);
        UploadId id = one.begin(WEB);
        one.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(first));
        ByteArrayInputStream body = new ByteArrayInputStream(new byte[20 * room]);

        assertThat(denied(() -> one.uploads().append(TestGrants.to(WEB), id, RegistryHarness.chunk(body)))
                        .detail())
                .containsEntry("quota", "bytes")
                .containsEntry("limit", (long) room)
                .containsEntry("used", 0L)
                .containsEntry("wanted", room + 1L);
        assertThat(20 * room - body.available()).isLessThan(2 * room);
        assertThat(one.uploads().status(TestGrants.to(WEB), id).offset()).isEqualTo(SIZE);
        assertThat(one.finish(WEB, id, first)).isNotNull();
        assertThat(used()).isEqualTo(SIZE);
    }

    @Test
    void lastRequestWithoutALengthIsReadNoFurtherThanThereIsRoomUnlessItsBlobIsThereAlready() {
        int room = 1_000_000;
        byte[] known = factory.bytes(SIZE);
        Digest digest = one.pushBlob(WEB, known);
        byte[] large = new byte[20 * room];
        String other = Digest.ofBytes(Digest.Algorithm.SHA256, large).toString();
        UploadId begun = one.begin("acme/again");
        UploadId id = one.begin(WEB);
        limit(SIZE + room);
        ByteArrayInputStream last = new ByteArrayInputStream(large);
        ByteArrayInputStream only = new ByteArrayInputStream(large);

        denied(() -> one.uploads().finish(TestGrants.to(WEB), id, Optional.of(other), RegistryHarness.chunk(last)));
        denied(() ->
                one.uploads().whole(TestGrants.to(WEB), RegistryHarness.digest(other), RegistryHarness.chunk(only)));
        assertThat(large.length - last.available()).isLessThan(2 * room);
        assertThat(large.length - only.available()).isLessThan(2 * room);
        limit(SIZE);
        one.uploads()
                .finish(
                        TestGrants.to("acme/again"),
                        begun,
                        Optional.of(digest.toString()),
                        RegistryHarness.chunk(known));
        assertThat(used()).isEqualTo(SIZE);
        assertThat(one.sql().number("SELECT count(*) FROM upload WHERE storage_key IS NOT NULL"))
                .isZero();
    }

    @Test
    void blobWhoseBytesComeWithTheLastRequestIsRefusedAtItsCommitAndItsUploadEnds() {
        limit(SIZE);
        byte[] bytes = factory.bytes(SIZE + 1);
        String digest = Digest.ofBytes(Digest.Algorithm.SHA256, bytes).toString();
        UploadId id = one.begin(WEB);

        denied(() -> one.uploads().finish(TestGrants.to(WEB), id, Optional.of(digest), RegistryHarness.chunk(bytes)));
        denied(() ->
                one.uploads().whole(TestGrants.to(WEB), RegistryHarness.digest(digest), RegistryHarness.chunk(bytes)));
        assertThat(one.sql().number("SELECT count(*) FROM upload")).isZero();
        assertThat(one.sql().number("SELECT count(*) FROM blob")).isZero();
        assertThat(one.sql().number("SELECT count(*) FROM tombstone")).isEqualTo(2);
    }

    @Test
    void whatTheOrganizationHasAlreadyIsFree() {
        byte[] bytes = factory.bytes(SIZE);
        Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
        Content manifest = manifest(config, "first");
        Digest digest = one.pushBlob(WEB, bytes);
        one.pushBlob(WEB, config.bytes());
        one.pushManifest(WEB, new Tag("v1"), manifest);
        one.pushBlob("acme/fresh", factory.bytes(1));
        UploadId begun = one.begin("acme/again");
        one.uploads().append(TestGrants.to("acme/again"), begun, RegistryHarness.chunk(bytes));
        long before = used();
        limit(before);

        one.finish("acme/again", begun, bytes);
        assertThat(one.mounts().mount(TestGrants.to("acme/fresh"), digest, Optional.of(TestGrants.to(WEB))))
                .isInstanceOf(MountService.Mount.Linked.class);
        one.uploads()
                .whole(
                        TestGrants.to("acme/other"),
                        digest,
                        new Chunk(Optional.empty(), Optional.of((long) SIZE), new ByteArrayInputStream(bytes)));
        one.pushManifest(WEB, new Tag("v2"), manifest);
        one.deletes().manifest(TestGrants.to(WEB), RegistryHarness.digest(manifest.digest()), Precondition.NONE);
        one.pushManifest(WEB, new Tag("v3"), manifest);

        assertThat(used()).isEqualTo(before);
    }

    @Test
    void manifestAboveTheQuotaIsRefusedWithItsTag() {
        Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
        Content manifest = manifest(config, "first");
        one.pushBlob(WEB, config.bytes());
        limit(config.bytes().length + manifest.bytes().length - 1L);

        assertThat(denied(() -> one.pushManifest(WEB, new Tag("v1"), manifest)).detail())
                .containsEntry("wanted", (long) manifest.bytes().length);
        assertThat(one.sql().number("SELECT count(*) FROM manifest")).isZero();
        assertThat(one.sql().number("SELECT count(*) FROM tag")).isZero();

        limit(config.bytes().length + manifest.bytes().length);
        one.pushManifest(WEB, new Tag("v1"), manifest);
        assertThat(used()).isEqualTo(config.bytes().length + manifest.bytes().length);
    }

    @Test
    void ofFiftyPushesAtTheEdgeAsManySucceedAsFit() throws InterruptedException {
        one.pushBlob(WEB, factory.bytes(95 * SIZE));
        limit(100 * SIZE + SIZE / 2);

        List<String> answers = Together.run(pushes(finishes()));

        assertThat(Collections.frequency(answers, "DENIED")).isEqualTo(PUSHERS - 5);
        assertThat(used()).isEqualTo(100 * SIZE);
        assertThat(one.database().rollbacks() + two.database().rollbacks())
                .as("refusals, those but for which the room was seen to be gone before, and no deadlock")
                .isLessThanOrEqualTo(PUSHERS - 5);
    }

    @Test
    void fiftyPushesBelowTheEdgeComeToNoMoreThanTheQuotaAndWhatWasUnderWay() throws InterruptedException {
        long limit = 20L * SIZE;
        limit(limit);

        List<String> answers = Together.run(pushes(finishes()));

        long succeeded = (long) PUSHERS - Collections.frequency(answers, "DENIED");
        assertThat(used()).isEqualTo(succeeded * SIZE).isLessThanOrEqualTo(limit + (long) PUSHERS * SIZE);
        assertThat(denied(() -> one.begin(WEB))).isNotNull();
    }

    @Test
    void ofFiftyMountsAtTheEdgeAsManySucceedAsFit() throws InterruptedException {
        List<Digest> digests = IntStream.range(0, PUSHERS)
                .mapToObj(i -> one.pushBlob("other/base", factory.bytes(SIZE)))
                .toList();
        one.pushBlob(WEB, factory.bytes(95 * SIZE));
        limit(100 * SIZE);

        List<String> answers = Together.run(IntStream.range(0, PUSHERS)
                .mapToObj(i -> (Callable<String>) () -> Race.answer(() -> replica(i)
                        .mounts()
                        .mount(
                                TestGrants.to("acme/r" + i % 3),
                                digests.get(i),
                                Optional.of(TestGrants.to("other/base")))
                        .getClass()
                        .getSimpleName()))
                .toList());

        assertThat(Collections.frequency(answers, "Linked")).isEqualTo(5);
        assertThat(Collections.frequency(answers, "DENIED")).isEqualTo(PUSHERS - 5);
        assertThat(used()).isEqualTo(100 * SIZE);
    }

    @Test
    void theSameBlobFromManyAtTheEdgeIsPaidForOnce() throws InterruptedException {
        one.pushBlob(WEB, factory.bytes(95 * SIZE));
        limit(96 * SIZE);
        byte[] bytes = factory.bytes(SIZE);
        List<UploadId> uploads =
                IntStream.range(0, 8).mapToObj(i -> one.begin("acme/r" + i)).toList();
        IntStream.range(0, 8).forEach(i -> one.uploads()
                .append(TestGrants.to("acme/r" + i), uploads.get(i), RegistryHarness.chunk(bytes)));

        List<String> answers = Together.run(IntStream.range(0, 8)
                .mapToObj(i -> (Callable<String>)
                        () -> Race.answer(() -> replica(i).finish("acme/r" + i, uploads.get(i), bytes)))
                .toList());

        // Who looks before the first has committed, and waits for the lock, may be told that there is no room.
        assertThat(answers).anyMatch(answer -> answer.startsWith("sha256:"));
        assertThat(used()).isEqualTo(96 * SIZE);
    }

    @Test
    void ofManyWhoMakeRepositoriesAsManySucceedAsThereMayBe() throws InterruptedException {
        one.sql().change("UPDATE organization SET quota_repositories = 3");
        one.begin(WEB);

        List<String> answers = Together.run(IntStream.range(0, 12)
                .mapToObj(i -> (Callable<String>) () -> Race.answer(() -> {
                    replica(i).begin("acme/r" + i / 2);
                    return "202";
                }))
                .toList());

        assertThat(one.sql().number("SELECT count(*) FROM repository")).isEqualTo(3);
        // Two of each, and both or none, for who comes second finds what the first has made.
        assertThat(Collections.frequency(answers, "202")).isEqualTo(4);
        assertThat(denied(() -> one.begin("acme/more")).detail())
                .containsEntry("quota", "repositories")
                .containsEntry("limit", 3L)
                .containsEntry("used", 3L);
        assertThat(one.begin(WEB)).isNotNull();
        assertThat(one.begin("other/web")).isNotNull();
    }

    @Test
    void whereThereIsNoQuotaNothingIsAskedNorLocked() {
        List<String> statements = new CopyOnWriteArrayList<>();
        one.database().onCommitted(work -> statements.addAll(work.statements()));
        Content config = factory.content(ImageFactory.EMPTY, new byte[] {'{', '}'});
        Digest digest = one.pushBlob(WEB, config.bytes());
        one.pushManifest(WEB, new Tag("v1"), manifest(config, "first"));
        one.mounts().mount(TestGrants.to("acme/api"), digest, Optional.of(TestGrants.to(WEB)));

        assertThat(statements)
                .isNotEmpty()
                .noneMatch(sql -> sql.contains("pg_advisory") || sql.contains("sum(bytes)"))
                .noneMatch(sql -> sql.contains("links > 0"));
    }

    @Test
    void quotaThatIsLoweredKeepsWhatIsThereAndLetsNothingIn() {
        one.pushBlob(WEB, factory.bytes(SIZE));
        limit(0);

        assertThat(denied(() -> one.begin(WEB)).detail()).containsEntry("used", (long) SIZE);
        assertThatThrownBy(() -> one.pushBlob(WEB, factory.bytes(1))).isInstanceOf(Denied.class);
        assertThat(used()).isEqualTo(SIZE);
    }

    private List<byte[]> finishes() {
        return IntStream.range(0, PUSHERS).mapToObj(_ -> factory.bytes(SIZE)).toList();
    }

    /** Uploads whose bytes are there already, each with its last request still to come. */
    private List<Callable<String>> pushes(List<byte[]> contents) {
        return IntStream.range(0, contents.size())
                .mapToObj(i -> {
                    String repository = "acme/r" + i % 5;
                    UploadId id = one.begin(repository);
                    one.uploads().append(TestGrants.to(repository), id, RegistryHarness.chunk(contents.get(i)));
                    return (Callable<String>)
                            () -> Race.answer(() -> replica(i).finish(repository, id, contents.get(i)));
                })
                .toList();
    }

    private RegistryHarness replica(int number) {
        return number % 2 == 0 ? one : two;
    }

    private void limit(long bytes) {
        one.sql().change("UPDATE organization SET quota_bytes = ? WHERE name = 'acme'", bytes);
    }

    private long used() {
        return TestAdministration.used(one, new OrganizationName("acme"));
    }

    private Content manifest(Content config, String name) {
        return factory.assemble(
                        ImageFactory.OCI_MANIFEST, config, List.of(), Map.of("annotations", Map.of("name", name)))
                .manifest();
    }

    private static Denied denied(ThrowingCallable work) {
        Denied refusal = catchThrowableOfType(Denied.class, work);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    /** A body that nobody may read. */
    private static final class Unread extends InputStream {
        @Override
        public int read() {
            throw new AssertionError("the body is read");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return read();
        }
    }
}
