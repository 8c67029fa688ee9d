package dev.moorage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two programs on one database and one directory of blobs are one registry: no request cares which of them answers. */
class ReplicasIT {

    private static final byte[] NOTHING = new byte[0];

    private static MoorageProcess first;
    private static MoorageProcess second;

    private final ImageFactory images = ImageFactory.fresh();
    private final RepositoryClient one = first.client().newRepository();
    private final RepositoryClient two = one.through(second.client());

    @BeforeAll
    static void start() {
        first = MoorageProcess.start("replica", MoorageProcess.Settings.usual());
        second = MoorageProcess.startReplica("replica", MoorageProcess.Settings.usual(), first);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void aPushWhoseRequestsAlternateIsWhole() {
        Image image = images.image();
        RepositoryClient here = one;
        RepositoryClient there = two;
        for (Content blob : image.blobs()) {
            here.head("blobs/" + blob.digest()).expect(404);
            String location = there.beginUpload();
            location = here.patch(location, blob.bytes()).expect(202).header("location");
            there.finish(location, blob.digest(), NOTHING).expect(201);
            here.assertBlob(blob.digest(), blob.bytes());
            RepositoryClient swap = here;
            here = there;
            there = swap;
        }
        one.put("v1", image.manifest()).expect(201);
        assertThat(two.get("manifests/v1").expect(200).body())
                .isEqualTo(image.manifest().bytes());
        Content index = images.index(List.of(image.manifest()), Map.of());
        two.put("index", index).expect(201);
        assertThat(one.resolve("index")).hasValue(index.digest());
        assertThat(one.tags()).isEqualTo(two.tags()).containsExactly("index", "v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha512"})
    void chunksThatAlternateGiveTheRightDigest(String algorithm) {
        // Borders that are none of any hash's blocks.
        Content blob = images.with(algorithm).blob(1_000_003);
        String location = one.beginUpload();
        int step = 99_991;
        for (int at = 0; at < blob.bytes().length; at += step) {
            int end = Math.min(at + step, blob.bytes().length);
            RepositoryClient next = at / step % 2 == 0 ? two : one;
            Answer answer = next.patchChunk(location, at, Arrays.copyOfRange(blob.bytes(), at, end))
                    .expect(202);
            assertThat(answer.header("range")).isEqualTo("0-" + (end - 1));
            assertThat((next == one ? two : one).status(location).expect(204).header("range"))
                    .isEqualTo("0-" + (end - 1));
            location = answer.header("location");
        }
        two.finish(location, blob.digest(), NOTHING).expect(201);
        one.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aWrongDigestIsFoundWhereverTheChunksWent() {
        Content blob = images.blob(200_000);
        String location = one.patch(one.beginUpload(), Arrays.copyOf(blob.bytes(), 99_999))
                .expect(202)
                .header("location");
        byte[] wrong = Arrays.copyOfRange(blob.bytes(), 99_999, 200_000);
        wrong[5]++;
        two.finish(location, blob.digest(), wrong).expectError(400, "DIGEST_INVALID");
        one.status(location).expect(404);
        one.get("blobs/" + blob.digest()).expect(404);
    }

    @Test
    void aTagIsReadExactlyAfterItWasWrittenElsewhere() {
        for (int i = 0; i < 20; i++) {
            RepositoryClient writer = i % 2 == 0 ? one : two;
            RepositoryClient reader = i % 2 == 0 ? two : one;
            Image image = writer.push("moving", images.image());
            assertThat(reader.resolve("moving")).hasValue(image.digest());
        }
        one.delete("manifests/moving").expect(202);
        assertThat(two.resolve("moving")).isEmpty();
        assertThat(two.tags()).isEmpty();
    }

    @Test
    void anUploadCutAtOneReplicaIsContinuedAtTheOther() {
        Content blob = images.blob(400_000);
        String location = one.beginUpload();
        try (RawHttp raw = first.client().raw()) {
            raw.head("PATCH", location, "Content-Length: 400000");
            raw.bytes(blob.bytes(), 0, 250_000).reset();
        }
        Answer done = two.status(location).expect(204);
        for (int attempt = 0; attempt < 50; attempt++) {
            long last = Long.parseLong(
                    two.status(location).expect(204).header("range").substring(2));
            int offset = Math.toIntExact(last == 0 ? 0 : last + 1);
            done = two.patchChunk(location, offset, Arrays.copyOfRange(blob.bytes(), offset, 400_000));
            if (done.status() != 416) {
                break;
            }
        }
        done.expect(202);
        two.finish(location, blob.digest(), NOTHING).expect(201);
        one.assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void theSameBlobPushedToBothAtOnceIsOneBlob() throws Exception {
        for (int i = 0; i < 10; i++) {
            Content blob = images.blob(50_000);
            CompletableFuture<Answer> here =
                    CompletableFuture.supplyAsync(() -> one.singlePost(blob.digest(), blob.bytes()));
            CompletableFuture<Answer> there =
                    CompletableFuture.supplyAsync(() -> two.singlePost(blob.digest(), blob.bytes()));
            here.get().expect(201);
            there.get().expect(201);
            one.assertBlob(blob.digest(), blob.bytes());
        }
    }

    @Test
    void oneOfTwoConditionalTagsWins() throws Exception {
        for (int i = 0; i < 10; i++) {
            String tag = "once" + i;
            Image image = images.image();
            Image other = images.image();
            one.pushBlobs(image);
            one.pushBlobs(other);
            CompletableFuture<Answer> here = CompletableFuture.supplyAsync(() -> create(one, tag, image));
            CompletableFuture<Answer> there = CompletableFuture.supplyAsync(() -> create(two, tag, other));
            assertThat(List.of(here.get().status(), there.get().status())).containsExactlyInAnyOrder(201, 412);
            String winner = here.get().status() == 201 ? image.digest() : other.digest();
            assertThat(one.resolve(tag)).hasValue(winner);
            assertThat(two.resolve(tag)).hasValue(winner);
        }
    }

    private static Answer create(RepositoryClient where, String tag, Image image) {
        return where.request("PUT", "manifests/" + tag)
                .header("Content-Type", image.manifest().mediaType())
                .header("If-None-Match", "*")
                .body(image.manifest().bytes())
                .send();
    }

    @Test
    void aMountAtOneReplicaSeesWhatTheOtherStored() {
        Content blob = images.blob(5000);
        RegistryClient other = second.client();
        RepositoryClient target = other.newRepository();
        one.pushBlob(blob.digest(), blob.bytes());
        target.mount(blob.digest(), Optional.of(one.name())).expect(201);
        target.through(first.client()).assertBlob(blob.digest(), blob.bytes());
    }

    @Test
    void aCancelledUploadIsGoneEverywhere() {
        String location =
                one.patch(one.beginUpload(), images.bytes(100)).expect(202).header("location");
        two.cancel(location).expect(204);
        one.status(location).expectError(404, "BLOB_UPLOAD_UNKNOWN");
        one.patch(location, images.bytes(100)).expectError(404, "BLOB_UPLOAD_UNKNOWN");
    }
}
