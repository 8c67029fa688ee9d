package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.S3Fault;
import dev.moorage.testing.S3Request.Operation;
import dev.moorage.testing.TestCertificate;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In HTTP/2 what fails ends its own stream: never a short 200, and never the others of the connection. */
class SharedConnectionIT {

    private static final String BUCKET = "blobs";
    private static final int OTHERS = 8;

    @TempDir
    static Path folder;

    @Test
    void aDownloadThatTheStoreEndsEarlyIsCutAndThoseBesideItAreWhole() {
        TestCertificate certificate = TestCertificate.make(folder, "EC");
        try (FakeS3 fake = FakeS3.with(BUCKET);
                MoorageProcess program = MoorageProcess.start(
                        "shared-connection",
                        BucketSettings.of(fake, BUCKET)
                                .property("moorage.http.limits.network-per-minute", "100000")
                                .property(
                                        "moorage.http.tls.certificate",
                                        certificate
                                                .writeCertificate(folder.resolve("tls.crt"))
                                                .toString())
                                .property(
                                        "moorage.http.tls.key",
                                        certificate
                                                .writeKey(folder.resolve("tls.key"))
                                                .toString()))) {
            HttpClient one = certificate.client(Version.HTTP_2);
            RepositoryClient repository = program.client(one).newRepository();
            Content doomed = ImageFactory.fresh().blob(3_000_000);
            Content other = ImageFactory.fresh().blob(3_000_000);
            repository.pushBlob(doomed.digest(), doomed.bytes());
            String key = fake.objects(BUCKET).firstKey();
            repository.pushBlob(other.digest(), other.bytes());
            fake.once(
                    request -> request.operation() == Operation.GET_OBJECT
                            && request.key().equals(key),
                    new S3Fault.CutAnswer());

            List<CompletableFuture<Void>> whole = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                whole.add(CompletableFuture.runAsync(() -> repository.assertBlob(other.digest(), other.bytes())));
            }
            assertThatThrownBy(() -> repository.get("blobs/" + doomed.digest()))
                    .isInstanceOf(UncheckedIOException.class);
            CompletableFuture.allOf(whole.toArray(CompletableFuture[]::new)).join();
            repository.assertBlob(doomed.digest(), doomed.bytes());

            assertThat(program.output()).contains("A download was cut off").doesNotContain("ERROR", "Exception");
        }
    }
}
