package dev.moorage.http.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.testing.Await;
import dev.moorage.testing.RawHttp;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of all lengths, clients that read slowly or go, and sources that fail. */
class BodyPumpTest {

    private static final int ENDLESS = 64 << 20;
    private static final int LOOKS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final List<CompletableFuture<Long>> sent = new ArrayList<>();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                BodyPump.NARROW,
                BodyPump.WIDE - 1,
                BodyPump.WIDE,
                BodyPump.WIDE + 1,
                3 * BodyPump.WIDE,
                7 * BodyPump.WIDE + 12_345
            })
    void everyByteArrivesInItsPlace(int length) throws Exception {
        byte[] body = bytes(length);
        try (RawHttp client = ask(() -> new ByteArrayInputStream(body), length)) {
            assertThat(client.answer("GET").body()).isEqualTo(body);
        }
        assertThat(sent.getFirst().get(10, TimeUnit.SECONDS)).isEqualTo(length);
    }

    @Test
    void manyAtOnceGetWhatIsTheirs() throws Exception {
        byte[] body = bytes(3 * BodyPump.WIDE + 5);
        List<RawHttp> clients = IntStream.range(0, 40)
                .mapToObj(_ -> ask(() -> new ByteArrayInputStream(body), body.length))
                .toList();
        for (RawHttp client : clients) {
            assertThat(client.answer("GET").body()).isEqualTo(body);
            client.close();
        }
        for (CompletableFuture<Long> one : sent) {
            assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(body.length);
        }
    }

    @Test
    void whatNobodyTakesIsNotReadAhead() {
        AtomicLong read = new AtomicLong();
        try (RawHttp client = ask(() -> new Endless(read, ENDLESS), ENDLESS)) {
            assertThat(client.readHead().status()).isEqualTo(200);
            AtomicLong last = new AtomicLong();
            AtomicLong still = new AtomicLong();
            Await.until(
                    Duration.ofSeconds(20),
                    "the source is not read any more",
                    () -> last.getAndSet(read.get()) == read.get()
                            ? still.incrementAndGet() > LOOKS
                            : still.getAndSet(0) > LOOKS);

            // The kernel takes some megabytes for a reader that does not read.
            assertThat(read.get()).isLessThan(ENDLESS / 2);
        }
    }

    @Test
    void clientThatGoesEndsIt() {
        AtomicLong read = new AtomicLong();
        RawHttp client = ask(() -> new Endless(read, Long.MAX_VALUE), Long.MAX_VALUE);
        assertThat(client.readHead().status()).isEqualTo(200);

        client.reset();

        assertThatThrownBy(() -> sent.getFirst().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void whatCameBeforeTheSourceFailedIsSent() throws Exception {
        AtomicLong read = new AtomicLong();
        try (RawHttp client = ask(() -> new Endless(read, 5L * BodyPump.WIDE), ENDLESS)) {
            assertThat(client.readHead().status()).isEqualTo(200);

            assertThat(client.stream().readAllBytes().length)
                    .isEqualTo(read.get())
                    .isEqualTo(5 * BodyPump.WIDE);
            assertThatThrownBy(() -> sent.getFirst().get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("the source failed");
        }
    }

    private interface Source {
        InputStream open();
    }

    private RawHttp ask(Source source, long length) {
        CompletableFuture<Long> outcome = new CompletableFuture<>();
        sent.add(outcome);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> Thread.startVirtualThread(() -> {
                    HttpServerResponse answer = request.response();
                    answer.exceptionHandler(_ -> request.connection().close());
                    answer.putHeader("Content-Length", Long.toString(length));
                    try {
                        long count = BodyPump.send(source.open(), length, new Framework(answer), answer);
                        answer.end();
                        outcome.complete(count);
                    } catch (IOException | RuntimeException e) {
                        request.connection().close();
                        outcome.completeExceptionally(e);
                    }
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return RawHttp.connect(URI.create("http://127.0.0.1:" + server.actualPort()))
                .head("GET", "/");
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Stands for the framework's stream of an answer. */
    private static final class Framework extends OutputStream {

        private final HttpServerResponse answer;

        Framework(HttpServerResponse answer) {
            this.answer = answer;
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            if (length > 0) {
                answer.write(Buffer.buffer(length).appendBytes(bytes, from, length));
            }
        }
    }

    /** Zeroes without end, or until it fails. */
    private static final class Endless extends InputStream {

        private final AtomicLong read;
        private final long failsAfter;

        Endless(AtomicLong read, long failsAfter) {
            this.read = read;
            this.failsAfter = failsAfter;
        }

        @Override
        public int read() {
            throw new UncheckedIOException(new IOException("one byte at a time"));
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (read.get() >= failsAfter) {
                throw new IOException("the source failed");
            }
            int got = Math.min(length, 10_000);
            read.addAndGet(got);
            return got;
        }
    }
}
