package dev.moorage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testing.Answer;
import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged program speaks TLS itself, HTTP/1.1 and HTTP/2, in secured mode. */
class TlsIT {

    private static final String PASSWORD = "correct horse";
    private static final int INTERNAL_ERROR = 2;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static Path certificateFile;
    private static Path keyFile;
    private static TestCertificate certificate;
    private static MoorageProcess program;

    private final ImageFactory images = ImageFactory.fresh();

    @BeforeAll
    static void start() {
        certificate = TestCertificate.make(folder, "EC");
        certificateFile = certificate.writeCertificate(folder.resolve("tls.crt"));
        keyFile = certificate.writeKey(folder.resolve("tls.key"));
        program = MoorageProcess.start(
                "tls",
                MoorageProcess.Settings.usual()
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.admin-password", PASSWORD)
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.organizations.auto-create", "true")
                        .property("moorage.http.limits.body-patience", "5s")
                        .property("moorage.http.tls.certificate", certificateFile.toString())
                        .property("moorage.http.tls.key", keyFile.toString())
                        .property("moorage.http.tls.reload-interval", "1s"));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @ParameterizedTest
    @EnumSource
    void imagesArePushedAndPulled(Version version) {
        RepositoryClient repository = program.client(certificate.client(version))
                .showing("admin", PASSWORD)
                .newRepository();
        Image image = repository.push("v1", images.image());
        Content large = images.blob(9_000_000);
        repository.pushBlob(large.digest(), large.bytes());

        assertThat(repository.get("manifests/v1").expect(200).body())
                .isEqualTo(image.manifest().bytes());
        image.blobs().forEach(blob -> repository.assertBlob(blob.digest(), blob.bytes()));
        repository.assertBlob(large.digest(), large.bytes());
        Answer part = repository
                .request("GET", "blobs/" + large.digest())
                .header("Range", "bytes=4000000-7999999")
                .send()
                .expect(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(large.bytes(), 4_000_000, 8_000_000));
    }

    @Test
    void bothVersionsAreAgreedOnByTheHandshake() throws Exception {
        for (Version version : Version.values()) {
            HttpRequest request =
                    HttpRequest.newBuilder(program.base().resolve("/v2/")).build();
            HttpResponse<Void> answer = certificate.client(version).send(request, BodyHandlers.discarding());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("www-authenticate"))
                    .hasValueSatisfying(challenge ->
                            assertThat(challenge).startsWith("Bearer realm=\"" + program.base() + "/auth/token\""));
        }
        assertThat(program.output())
                .contains("address         " + program.base())
                .contains("https://");
    }

    @Test
    void noForwardedHeaderSteersWhereClientsAreSent() throws Exception {
        HttpClient http = certificate.client(Version.HTTP_2);
        for (String path : new String[] {"/v2/", "/v2/acme/web/blobs/uploads/"}) {
            HttpRequest.Builder request = HttpRequest.newBuilder(program.base().resolve(path))
                    .header("X-Forwarded-Proto", "http")
                    .header("X-Forwarded-Host", "evil.example")
                    .header("X-Forwarded-Port", "80")
                    .header("Forwarded", "host=evil.example;proto=http");
            HttpResponse<String> refused = http.send(request.GET().build(), BodyHandlers.ofString());
            assertThat(refused.headers().toString() + refused.body()).doesNotContain("evil.example");
            HttpResponse<String> begun = http.send(
                    request.header("Authorization", basic())
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            assertThat(begun.headers().firstValue("location").orElse("/v2/")).startsWith("/v2/");
            assertThat(begun.headers().toString() + begun.body()).doesNotContain("evil.example");
        }
        HttpResponse<String> challenge = http.send(
                HttpRequest.newBuilder(program.base().resolve("/v2/"))
                        .header("X-Forwarded-Host", "evil.example")
                        .build(),
                BodyHandlers.ofString());
        assertThat(challenge.headers().firstValue("www-authenticate").orElseThrow())
                .contains(program.base() + "/auth/token");
    }

    @Test
    void whoOpensAndCancelsStreamAfterStreamLosesTheConnection() throws Exception {
        try (Http2Frames flood = new Http2Frames(program.base(), certificate.trusting())) {
            assertThat(flood.next(Http2Frames.SETTINGS).settings())
                    .containsEntry(Http2Frames.MAX_CONCURRENT_STREAMS, 100)
                    .containsEntry(Http2Frames.INITIAL_WINDOW_SIZE, 1 << 20);
            int sent = 0;
            try {
                while (sent < 20_000) {
                    flood.askAndCancel(2 * sent + 1);
                    sent++;
                }
            } catch (IOException closed) {
                assertThat(sent).isGreaterThan(200);
            }
            // Its last words, where the close did not take them with it, and then nothing.
            assertThatThrownBy(() -> {
                        while (true) {
                            flood.next(Http2Frames.GOAWAY);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
        assertThat(certificate
                        .client(Version.HTTP_2)
                        .send(ping(), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void nothingIsAnsweredInTheClear() {
        URI clear = URI.create("http://127.0.0.1:" + program.base().getPort());
        try (RawHttp raw = RawHttp.connect(clear)) {
            assertThatThrownBy(() -> raw.head("GET", "/v2/").answer("GET")).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void newFilesServeNewConnectionsAndTheOldOnesGoOn() throws Exception {
        TestCertificate next = TestCertificate.make(folder, "RSA");
        HttpClient before = certificate.client(Version.HTTP_2);
        RepositoryClient old = program.client(before).showing("admin", PASSWORD).newRepository();
        String location = old.beginUpload();
        Content blob = images.blob(3_000_000);
        try (PipedOutputStream rest = new PipedOutputStream()) {
            InputStream body = new PipedInputStream(rest, 1 << 16);
            CompletableFuture<HttpResponse<Void>> upload = before.sendAsync(
                    HttpRequest.newBuilder(program.base().resolve(location))
                            .header("Authorization", basic())
                            .method("PATCH", BodyPublishers.ofInputStream(() -> body))
                            .build(),
                    BodyHandlers.discarding());
            Trickle bytes = new Trickle(rest, blob.bytes());

            Files.writeString(certificateFile, "-----BEGIN NOTHING-----\n");
            Await.until(
                    SOON, "the complaint", () -> bytes.go() && program.output().contains("is not taken"));
            assertThat(certificate
                            .client(Version.HTTP_2)
                            .send(ping(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(401);
            next.writeCertificate(certificateFile);
            next.writeKey(keyFile);
            Await.until(
                    SOON,
                    "the new certificate",
                    () -> bytes.go() && program.output().contains("A new certificate serves"));

            assertThat(next.client(Version.HTTP_2)
                            .send(ping(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(401);
            assertThatThrownBy(() -> certificate.client(Version.HTTP_2).send(ping(), BodyHandlers.discarding()))
                    .isInstanceOf(IOException.class);
            bytes.end();
            assertThat(upload.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(202);
            certificate = next;
        }
        RepositoryClient again =
                old.through(program.client(certificate.client(Version.HTTP_2)).showing("admin", PASSWORD));
        again.finish(location, blob.digest(), new byte[0]).expect(201);
        again.assertBlob(blob.digest(), blob.bytes());
        assertThat(program.output().lines().filter(line -> line.contains("is not taken")))
                .hasSizeBetween(1, 2);
        assertThat(program.output()).doesNotContain("Exception");
    }

    @Test
    void aBodyThatDoesNotComeEndsItsStreamAndNotTheConnection() throws Exception {
        RepositoryClient repository = program.client(certificate.client(Version.HTTP_2))
                .showing("admin", PASSWORD)
                .newRepository();
        Content blob = images.blob(1_000_000);
        String silent = repository.beginUpload();
        try (Http2Frames shared = new Http2Frames(program.base(), certificate.trusting())) {
            // No more than a stream may have on its way that knows nothing of larger windows.
            shared.begin(1, silent, basic(), Arrays.copyOf(blob.bytes(), 50_000));
            Http2Frames.Frame end = shared.next(Http2Frames.RST_STREAM);
            assertThat(end.stream()).isEqualTo(1);
            assertThat(ByteBuffer.wrap(end.payload()).getInt()).isEqualTo(INTERNAL_ERROR);
            shared.ask(3, "/v2/");
            assertThat(shared.next(Http2Frames.HEADERS).stream()).isEqualTo(3);
        }
        // What came is kept, and the session is nobody's.
        assertThat(repository
                        .patchChunk(silent, 50_000, Arrays.copyOfRange(blob.bytes(), 50_000, 1_000_000))
                        .expect(202)
                        .header("range"))
                .isEqualTo("0-999999");
        repository.finish(silent, blob.digest(), new byte[0]).expect(201);
    }

    @Test
    void whoGoesOnSendingToARefusedRequestLosesItsStreamOnly() throws Exception {
        HttpClient one = certificate.client(Version.HTTP_2);
        HttpResponse<byte[]> refused = one.send(
                HttpRequest.newBuilder(program.base().resolve("/v2/acme/web/manifests/v1"))
                        .header("Content-Type", ImageFactory.OCI_MANIFEST)
                        .PUT(BodyPublishers.ofInputStream(() -> new Zeroes(64 << 20)))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(one.send(ping(), BodyHandlers.discarding()).statusCode()).isEqualTo(401);
    }

    /** Sends a little, again and again, and then the rest. */
    private static final class Trickle {
        private final PipedOutputStream out;
        private final byte[] bytes;
        private int sent;

        Trickle(PipedOutputStream out, byte[] bytes) {
            this.out = out;
            this.bytes = bytes;
        }

        boolean go() {
            send(Math.min(2000, bytes.length - 1 - sent));
            return true;
        }

        void end() throws IOException {
            send(bytes.length - sent);
            out.close();
        }

        private void send(int length) {
            try {
                out.write(bytes, sent, length);
                out.flush();
                sent += length;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** So many zeroes. */
    private static final class Zeroes extends InputStream {
        private long left;

        Zeroes(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int got = (int) Math.min(left, length);
            left -= got;
            return got;
        }
    }

    private static HttpRequest ping() {
        return HttpRequest.newBuilder(program.base().resolve("/v2/")).build();
    }

    private static String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }
}
