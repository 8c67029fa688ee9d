package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.S3Request.Operation;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small pushes cost a bucket one write, and downloads go through the registry or to the bucket as the settings say. */
class S3ServingIT {

    private static final String BUCKET = "blobs";
    private static final byte[] NOTHING = new byte[0];
    private static final int LARGE = 1000;

    private static FakeS3 fake;
    private static MoorageProcess never;
    private static MoorageProcess large;
    private static MoorageProcess always;

    private final RepositoryClient repository = never.client().newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @BeforeAll
    static void start() {
        fake = FakeS3.with(BUCKET);
        MoorageProcess.Settings settings = BucketSettings.of(fake, BUCKET);
        never = MoorageProcess.start("s3-never", settings);
        large = MoorageProcess.startReplica(
                "s3-large",
                settings.property("moorage.storage.s3.redirect", "large")
                        .property("moorage.storage.s3.redirect-above", Integer.toString(LARGE))
                        .property("moorage.storage.s3.redirect-endpoint", publicEndpoint()),
                never);
        always = MoorageProcess.startReplica(
                "s3-always",
                settings.property("moorage.storage.s3.redirect", "always")
                        .property("moorage.storage.s3.redirect-lifetime", "5m")
                        .property("quarkus.log.level", "DEBUG")
                        .property("quarkus.log.category.\"dev.moorage\".level", "DEBUG"),
                never);
    }

    @AfterAll
    static void stop() {
        always.close();
        large.close();
        never.close();
        fake.close();
    }

    /** The same server by another name than the one that the program itself uses. */
    private static String publicEndpoint() {
        return "http://localhost:" + fake.endpoint().getPort();
    }

    /** A way to push a whole blob. */
    private interface Push {
        Answer send(RepositoryClient repository, Content blob);
    }

    private static Stream<Push> pushes() {
        return Stream.of(
                (repository, blob) -> {
                    Answer sent = repository.patch(repository.beginUpload(), blob.bytes());
                    return repository.finish(sent.expect(202).header("location"), blob.digest(), NOTHING);
                },
                (repository, blob) -> {
                    Answer sent = repository.patchStream(repository.beginUpload(), blob.bytes());
                    return repository.finish(sent.expect(202).header("location"), blob.digest(), NOTHING);
                },
                (repository, blob) -> repository.finish(repository.beginUpload(), blob.digest(), blob.bytes()),
                (repository, blob) -> repository.singlePost(blob.digest(), blob.bytes()));
    }

    @ParameterizedTest
    @MethodSource("pushes")
    void aSmallBlobCostsOneWriteRequest(Push push) {
        Content blob = images.blob(20_000);
        fake.forgetRequests();

        push.send(repository, blob).expect(201);

        assertThat(fake.writes()).containsExactly(Operation.PUT_OBJECT);
        repository.assertBlob(blob.digest(), blob.bytes());
    }

    @ParameterizedTest
    @MethodSource("pushes")
    void tenSmallBlobsCostTenWriteRequests(Push push) {
        List<Content> blobs =
                Stream.generate(() -> images.blob(3_000)).limit(10).toList();
        fake.forgetRequests();

        blobs.forEach(blob -> push.send(repository, blob).expect(201));

        assertThat(fake.writes()).isEqualTo(Collections.nCopies(10, Operation.PUT_OBJECT));
        blobs.forEach(blob -> repository.assertBlob(blob.digest(), blob.bytes()));
    }

    @Test
    void withoutRedirectsTheRegistrySendsTheBytesItself() {
        Content blob = pushed(50_000);

        repository.assertBlob(blob.digest(), blob.bytes());
        Answer part = repository
                .request("GET", "blobs/" + blob.digest())
                .header("Range", "bytes=100-299")
                .send()
                .expect(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(blob.bytes(), 100, 300));
        assertThat(part.header("content-range")).isEqualTo("bytes 100-299/50000");
        Answer last = repository
                .request("GET", "blobs/" + blob.digest())
                .header("Range", "bytes=-7")
                .send()
                .expect(206);
        assertThat(last.body()).isEqualTo(Arrays.copyOfRange(blob.bytes(), 49_993, 50_000));
    }

    @Test
    void onlyLargeBlobsAreFetchedElsewhereWhereTheSettingSaysSo() {
        Content small = pushed(LARGE - 1);
        Content exact = pushed(LARGE);
        RepositoryClient there = repository.through(large.client());

        there.assertBlob(small.digest(), small.bytes());
        String location = redirected(there, exact);

        assertThat(location).startsWith(publicEndpoint() + "/" + BUCKET + "/blobs/");
        assertThat(query(location)).containsEntry("X-Amz-Expires", "60");
        assertFetched(there.registry(), location, exact);
        assertThat(large.output())
                .doesNotContain("X-Amz-Signature", query(location).get("X-Amz-Signature"));
    }

    @Test
    void everyBlobIsFetchedElsewhereWhereTheSettingSaysSo() {
        RepositoryClient there = repository.through(always.client());
        for (Content blob : List.of(pushed(1), pushed(100_000))) {
            fake.forgetRequests();

            String location = redirected(there, blob);

            assertThat(fake.requests()).as("the store is not asked").isEmpty();
            assertThat(location).startsWith(fake.endpoint() + "/" + BUCKET + "/blobs/");
            assertThat(query(location)).containsEntry("X-Amz-Expires", "300");
            assertFetched(there.registry(), location, blob);
        }
    }

    @Test
    void aRangeIsAskedForAtTheStoreAndOneThatCannotBeIsRefusedHere() {
        Content blob = pushed(10_000);
        RepositoryClient there = repository.through(always.client());

        Answer answer = there.request("GET", "blobs/" + blob.digest())
                .header("Range", "bytes=10-19")
                .send()
                .expect(307);
        Answer part = there.registry()
                .request("GET", answer.header("location"))
                .header("Range", "bytes=10-19")
                .send()
                .expect(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(blob.bytes(), 10, 20));

        there.request("GET", "blobs/" + blob.digest())
                .header("Range", "bytes=10000-")
                .send()
                .expect(416);
        there.request("GET", "blobs/" + blob.digest())
                .header("If-None-Match", '"' + blob.digest() + '"')
                .send()
                .expect(304);
    }

    @Test
    void headsAndManifestsAreNeverElsewhere() {
        Image image = repository.push("v1", images.image());
        RepositoryClient there = repository.through(always.client());

        for (Content blob : image.blobs()) {
            Answer head = there.head("blobs/" + blob.digest()).expect(200);
            assertThat(head.header("content-length")).isEqualTo(Integer.toString(blob.bytes().length));
            assertThat(head.find("location")).isEmpty();
        }
        for (String reference : List.of("v1", image.digest())) {
            there.head("manifests/" + reference).expect(200);
            assertThat(there.get("manifests/" + reference).expect(200).body())
                    .isEqualTo(image.manifest().bytes());
        }
    }

    @Test
    void aSignedAddressAndTheSecretAreNeverPrintedHoweverMuchElseIs() {
        Content blob = pushed(5_000);
        RepositoryClient there = repository.through(always.client());

        String location = redirected(there, blob);
        there.registry().get(location).expect(200);
        there.pushBlob(images.bytes(100));

        String output = always.output();
        assertThat(output).as("so much is printed").contains("DEBUG");
        assertThat(output.contains(query(location).get("X-Amz-Signature")))
                .as("the signature is printed")
                .isFalse();
        assertThat(output.contains("X-Amz-Signature=")).as("a signature").isFalse();
        assertThat(output.contains(BucketSettings.SECRET_KEY)).as("the secret").isFalse();
    }

    private Content pushed(int size) {
        Content blob = images.blob(size);
        repository.pushBlob(blob.digest(), blob.bytes());
        return blob;
    }

    /** Demands the redirect of a GET and answers where to. */
    private static String redirected(RepositoryClient repository, Content blob) {
        Answer answer = repository.get("blobs/" + blob.digest()).expect(307);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.body()).isEmpty();
        String location = answer.header("location");
        assertThat(Integer.parseInt(query(location).get("X-Amz-Expires"))).isBetween(1, 300);
        return location;
    }

    private static void assertFetched(RegistryClient client, String location, Content blob) {
        Answer fetched = client.get(location).expect(200);
        assertThat(fetched.body()).isEqualTo(blob.bytes());
        assertThat(fetched.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(fetched.header("content-disposition")).isEqualTo("attachment");
    }

    private static Map<String, String> query(String location) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : URI.create(location).getRawQuery().split("&", -1)) {
            String[] words = pair.split("=", 2);
            parameters.put(words[0], words[1]);
        }
        return parameters;
    }
}
