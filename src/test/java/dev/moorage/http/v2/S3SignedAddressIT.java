package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A signed address opens one object, for reading, for as long as it says: a real server decides. */
class S3SignedAddressIT {

    // Long enough for the requests before its end on a busy machine.
    private static final int LIFETIME_SECONDS = 5;

    @Test
    void anAddressOpensOneObjectForReadingForItsTime() {
        assumeTrue(MoorageProcess.storesInBuckets(), "not run: S3_TEST_ENDPOINT names no server");
        MoorageProcess.Settings settings = MoorageProcess.Settings.usual()
                .property("moorage.storage.s3.redirect", "always")
                .property("moorage.storage.s3.redirect-lifetime", LIFETIME_SECONDS + "s");
        try (MoorageProcess program = MoorageProcess.start("signed", settings)) {
            RepositoryClient repository = program.client().newRepository();
            Content blob = pushed(repository);
            Content other = pushed(repository);
            RegistryClient client = repository.registry();
            // Once for nothing: the first signature of a JVM takes its time.
            location(repository, blob);
            String otherPath = path(location(repository, other));
            String location = location(repository, blob);

            assertFetched(client, location, blob);
            assertThat(path(location)).isNotEqualTo(otherPath);
            client.get(location.replace(path(location), otherPath)).expect(403);
            for (String method : List.of("PUT", "DELETE", "POST", "HEAD")) {
                assertThat(client.request(method, location).send().status())
                        .as(method)
                        .isGreaterThanOrEqualTo(400);
            }
            client.get(location.replace("X-Amz-Expires=" + LIFETIME_SECONDS, "X-Amz-Expires=300"))
                    .expect(403);
            // What was refused was not refused because its time was over.
            assertFetched(client, location, blob);

            Await.until(
                    Duration.ofSeconds(LIFETIME_SECONDS + 15L),
                    "the end of the address",
                    () -> client.get(location).status() == 403);
            assertFetched(client, location(repository, blob), blob);
            assertFetched(client, location(repository, other), other);
            assertThat(program.output()).doesNotContain("X-Amz-Signature");
        }
    }

    private static Content pushed(RepositoryClient repository) {
        Content blob = ImageFactory.fresh().blob(100_000);
        repository.pushBlob(blob.digest(), blob.bytes());
        return blob;
    }

    private static String location(RepositoryClient repository, Content blob) {
        return repository.get("blobs/" + blob.digest()).expect(307).header("location");
    }

    private static String path(String location) {
        return location.substring(0, location.indexOf('?'));
    }

    private static void assertFetched(RegistryClient client, String location, Content blob) {
        Answer fetched = client.get(location).expect(200);
        assertThat(fetched.body()).isEqualTo(blob.bytes());
        assertThat(fetched.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(fetched.header("content-disposition")).isEqualTo("attachment");
    }
}
