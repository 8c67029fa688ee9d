package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a program whose clients share connections: an upload that takes too long is told so or cut, and loses nothing. */
class SharedDrainIT {

    private static final int SIZE = 4_000_000;

    @TempDir
    static Path folder;

    /** A client's body that never is silent, and never done while it has time. */
    private static final class Trickle extends InputStream {

        private final byte[] bytes;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private int sent;

        Trickle(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) throws IOException {
            if (stopped.get()) {
                throw new IOException("the test is over");
            }
            LockSupport.parkNanos(10_000_000);
            int count = Math.min(Math.min(length, 1000), bytes.length - sent);
            System.arraycopy(bytes, sent, buffer, offset, count);
            sent += count;
            return count == 0 ? -1 : count;
        }

        synchronized int sent() {
            return sent;
        }

        void stop() {
            stopped.set(true);
        }
    }

    @Test
    void anUploadThatTakesTooLongGoesOnElsewhere() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, "EC");
        Content blob = ImageFactory.fresh().blob(SIZE);
        MoorageProcess.Settings tls = MoorageProcess.Settings.usual()
                .property(
                        "moorage.http.tls.certificate",
                        certificate.writeCertificate(folder.resolve("tls.crt")).toString())
                .property(
                        "moorage.http.tls.key",
                        certificate.writeKey(folder.resolve("tls.key")).toString())
                .property("moorage.drain.delay", "0s")
                .property("moorage.drain.timeout", "1s");
        try (MoorageProcess stays = MoorageProcess.start("shared-drain-stays", MoorageProcess.Settings.usual());
                MoorageProcess leaves = MoorageProcess.startReplica("shared-drain", tls, stays);
                HttpClient client = certificate.client(Version.HTTP_2)) {
            RepositoryClient there = leaves.client(client).newRepository();
            RepositoryClient here = there.through(stays.client());
            String location = there.beginUpload();
            Trickle body = new Trickle(blob.bytes());
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                    HttpRequest.newBuilder(leaves.client(client).base().resolve(location))
                            .method("PATCH", BodyPublishers.ofInputStream(() -> body))
                            .build(),
                    BodyHandlers.ofString());
            Await.until(Duration.ofSeconds(20), "the first bytes", () -> body.sent() > 100_000);

            leaves.beginTermination();

            try {
                assertThat(answer.get().statusCode()).isEqualTo(503);
                assertThat(answer.get().body()).contains("UNAVAILABLE");
                assertThat(answer.get().headers().firstValue("Retry-After")).isPresent();
            } catch (ExecutionException cut) {
                assertThat(cut).hasCauseInstanceOf(IOException.class);
            } finally {
                body.stop();
            }
            leaves.awaitEnd();
            String range = here.status(location).expect(204).header("range");
            int offset = Integer.parseInt(range.substring("0-".length())) + 1;
            assertThat(offset).isBetween(1000, body.sent());
            here.patchChunk(location, offset, Arrays.copyOfRange(blob.bytes(), offset, SIZE))
                    .expect(202);
            here.finish(location, blob.digest(), new byte[0]).expect(201);
            here.assertBlob(blob.digest(), blob.bytes());
        }
    }
}
