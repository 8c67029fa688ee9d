package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Answer;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RepositoryClient;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program with its blobs in a bucket and the small ones in the database. */
class S3SmallBlobIT {

    private static final String BUCKET = "moorage-small";
    private static final int MOST = 10_000;
    private static final byte[] NOTHING = {};

    private static FakeS3 fake;
    private static MoorageProcess program;

    private final RepositoryClient repository = program.client().newRepository();
    private final ImageFactory images = ImageFactory.fresh();

    @BeforeAll
    static void start() {
        fake = FakeS3.with(BUCKET);
        program = MoorageProcess.start(
                "s3-small",
                BucketSettings.of(fake, BUCKET)
                        .property("moorage.storage.rows-up-to", Integer.toString(MOST))
                        .property("moorage.storage.s3.redirect", "always"));
    }

    @AfterAll
    static void stop() {
        program.close();
        fake.close();
    }

    @Test
    void theBucketIsNotAskedForSmallBlobsHoweverTheyCome() {
        List<Content> blobs = List.of(images.blob(1), images.blob(MOST - 1), images.blob(MOST));
        fake.forgetRequests();

        repository
                .finish(
                        repository.beginUpload(),
                        blobs.get(0).digest(),
                        blobs.get(0).bytes())
                .expect(201);
        Answer announced =
                repository.patch(repository.beginUpload(), blobs.get(1).bytes());
        repository
                .finish(announced.expect(202).header("location"), blobs.get(1).digest(), NOTHING)
                .expect(201);
        Answer streamed =
                repository.patchStream(repository.beginUpload(), blobs.get(2).bytes());
        repository
                .finish(streamed.expect(202).header("location"), blobs.get(2).digest(), NOTHING)
                .expect(201);

        for (Content blob : blobs) {
            Answer whole =
                    repository.request("GET", "blobs/" + blob.digest()).send().expect(200);
            assertThat(whole.body()).isEqualTo(blob.bytes());
            assertThat(whole.header("content-length")).isEqualTo(Integer.toString(blob.bytes().length));
        }
        Answer part = repository
                .request("GET", "blobs/" + blobs.get(2).digest())
                .header("Range", "bytes=100-299")
                .send()
                .expect(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(blobs.get(2).bytes(), 100, 300));
        assertThat(part.header("content-range")).isEqualTo("bytes 100-299/" + MOST);
        assertThat(fake.requests()).noneMatch(request -> request.key().startsWith("blobs/"));
    }

    @Test
    void whatIsLargerIsInTheBucketAndFetchedThere() {
        Content blob = images.blob(MOST + 1);
        repository.finish(repository.beginUpload(), blob.digest(), blob.bytes()).expect(201);

        repository.request("GET", "blobs/" + blob.digest()).send().expect(307);
        assertThat(fake.objects(BUCKET).values()).contains(blob.bytes());
    }

    /** With the second size all bytes need more memory than those of the request alone. */
    @ParameterizedTest
    @ValueSource(ints = {MOST, 67_000})
    void aChunkBehindTheFirstSmallOneTakesBothIntoTheBucket(int size) {
        Content blob = images.blob(size);
        byte[] first = Arrays.copyOf(blob.bytes(), 5000);
        byte[] rest = Arrays.copyOfRange(blob.bytes(), 5000, size);

        String location =
                repository.patch(repository.beginUpload(), first).expect(202).header("location");
        location = repository.patch(location, rest).expect(202).header("location");
        repository.finish(location, blob.digest(), NOTHING).expect(201);

        repository.request("GET", "blobs/" + blob.digest()).send().expect(307);
        assertThat(fake.objects(BUCKET).values()).contains(blob.bytes());
    }
}
