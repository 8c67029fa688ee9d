package dev.moorage.metadata;

import static dev.moorage.metadata.PlanIT.GUARDED;
import static dev.moorage.metadata.PlanIT.KEY;
import static dev.moorage.metadata.PlanIT.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.name.BlobKey;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import dev.moorage.name.UploadId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a push writes: several rows, each of them into several indexes. */
enum PushStatements {
    UPLOADS(tx -> begin(tx, NAME)),
    UPLOADS_BY_A_MEMBER(tx -> begin(tx, GUARDED)),
    UPLOADS_THAT_ARE_TAKEN(tx -> take(tx, NAME)),
    UPLOADS_THAT_ARE_TAKEN_BY_A_MEMBER(tx -> take(tx, GUARDED)),
    BLOBS(tx -> commit(tx, NAME)),
    BLOBS_BY_A_MEMBER(tx -> commit(tx, GUARDED)),
    SMALL_CHUNKS(tx -> hold(tx, NAME)),
    SMALL_CHUNKS_BY_A_MEMBER(tx -> hold(tx, GUARDED)),
    SMALL_BLOBS(tx -> whole(tx, NAME)),
    SMALL_BLOBS_BY_A_MEMBER(tx -> whole(tx, GUARDED)),
    MANIFEST_WITH_WHAT_IT_REFERENCES(PushStatements::put);

    @SuppressWarnings("ImmutableEnumChecker") // Questions hold no state.
    private final Consumer<Transaction> statement;

    PushStatements(Consumer<Transaction> statement) {
        this.statement = statement;
    }

    Consumer<Transaction> statement() {
        return statement;
    }

    private static void begin(Transaction transaction, RepositoryScope repository) {
        List<UploadClaimStore.Begin> begins = Stream.of(1L, 2L, 3L)
                .map(i -> new UploadStore.Wanted(
                        new UploadId(new UUID(i, i)), BlobKey.of(new UUID(i, i)), Digest.Algorithm.SHA256, 0L))
                .map(session -> new UploadClaimStore.Begin(repository, session, "tester"))
                .toList();
        assertThat(new UploadClaimStore().begin(transaction, begins, Duration.ofHours(1), 1000))
                .noneMatch(Optional::isEmpty);
    }

    private static void take(Transaction transaction, RepositoryScope repository) {
        List<UploadClaimStore.Take> takes = Stream.of(upload(), session(1), session(2))
                .map(session -> new UploadClaimStore.Take(repository, session))
                .toList();
        assertThat(new UploadClaimStore().take(transaction, takes)).noneMatch(Optional::isEmpty);
    }

    private static void commit(Transaction transaction, RepositoryScope repository) {
        List<FreshBlobStore.Ended> ended = Stream.of(1, 2)
                .map(i -> new FreshBlobStore.Ended(
                        repository,
                        new UploadStore.Wanted(session(i).id(), key(i), Digest.Algorithm.SHA256, 0)
                                .in(KEY, Optional.empty()),
                        new BlobRow(LargeData.digest("fresh " + i), 1000, key(i))))
                .toList();
        assertThat(new FreshBlobStore().commit(transaction, ended, false)).containsExactly(true, true);
    }

    private static void hold(Transaction transaction, RepositoryScope repository) {
        UploadRow.Point point =
                new UploadRow.Point(20_000, "row", Optional.of(LargeData.digest("chunk")), Optional.empty());
        List<SmallChunkStore.Chunk> chunks = Stream.of(1, 2)
                .map(i -> new SmallChunkStore.Chunk(
                        repository, session(i), BlobKey.row(new UUID(i, i)), point, new byte[20_000]))
                .toList();
        assertThat(new SmallChunkStore().hold(transaction, chunks, Duration.ofHours(1)))
                .noneMatch(Optional::isEmpty);
    }

    private static void whole(Transaction transaction, RepositoryScope repository) {
        List<FreshBlobStore.Whole> uploads = Stream.of(1, 2)
                .map(i -> new FreshBlobStore.Whole(
                        repository,
                        session(i),
                        new BlobRow(LargeData.digest("fresh " + i), 20_000, BlobKey.row(new UUID(i, i))),
                        new byte[20_000]))
                .toList();
        assertThat(new FreshBlobStore().commitWhole(transaction, uploads, false))
                .containsExactly(true, true);
    }

    private static void put(Transaction transaction) {
        NewManifest manifest = new NewManifest(
                LargeData.digest("fresh manifest"),
                "application/vnd.oci.image.manifest.v1+json",
                Optional.empty(),
                Optional.empty(),
                new byte[1000],
                Optional.empty(),
                5000,
                List.of(LargeData.BASE_LAYER, LargeData.digest("blob 1"), LargeData.digest("blob 10000")),
                List.of(LargeData.CHILD),
                NewManifest.Image.UNKNOWN);
        assertThat(new ManifestWriteStore().put(transaction, KEY, manifest)).isEqualTo(ManifestWriteStore.Outcome.NEW);
    }

    static void heads(Transaction transaction, RepositoryScope repository) {
        assertThat(transaction.firstOfEach(Stream.of(0, LargeData.TAGS / 2, LargeData.TAGS - 1)
                        .map(i -> ManifestStore.toHead(repository, new Tag(LargeData.tag(i))))
                        .toList()))
                .noneMatch(Optional::isEmpty);
    }

    static void blobs(Transaction transaction, RepositoryScope repository) {
        assertThat(transaction.firstOfEach(
                        Stream.of(LargeData.BASE_LAYER, LargeData.digest("blob 700"), LargeData.digest("blob 15000"))
                                .map(digest -> LinkStore.toLook(repository, digest))
                                .toList()))
                .allMatch(look -> look.orElseThrow().blob().isPresent());
    }

    static BlobKey row(int number) {
        return BlobKey.row(UUID.fromString("00000000-0000-0000-0000-%012d".formatted(number)));
    }

    static void object(Transaction transaction, int number) {
        assertThat(transaction.first(SmallObjectStore.toRead(row(number)))).isPresent();
    }

    static void blob(Transaction transaction, RepositoryScope repository, Digest digest, boolean there) {
        assertThat(transaction
                        .first(LinkStore.toLook(repository, digest))
                        .orElseThrow()
                        .blob())
                .matches(blob -> blob.isPresent() == there);
    }

    /** A session that names no other object, in the repository with the many tags. */
    static UploadStore.Session session(int number) {
        return new UploadStore.Session(new UploadId(new UUID(0, number)), "tester");
    }

    static BlobKey key(int number) {
        return BlobKey.of(new UUID(number, number + 100));
    }

    static UploadStore.Session upload() {
        // The row of number 0.
        UploadId id = new UploadId(UUID.fromString("cfcd2084-95d5-65ef-66e7-dff9f98764da"));
        return new UploadStore.Session(id, "tester");
    }
}
