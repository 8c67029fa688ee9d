package dev.moorage.http.v2;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends a long body in large pieces, of which one is read while two are on their way to the client.
 *
 * <p>The framework's own stream hands over 64 KiB at a time and waits for each: measured, a quarter of the processor's work
 * for a large download was the waking of threads for one another.
 */
final class BodyPump {

    /** Measured: 512 KiB are no faster. */
    static final int WIDE = 256 * 1024;

    /** For those who come when many are there, so that slow readers cannot hold much of a small heap. */
    static final int NARROW = 64 * 1024;

    static final int ON_THEIR_WAY = 2;
    private static final int FIRST_COME = 16;
    private static final AtomicInteger UNDER_WAY = new AtomicInteger();

    private final HttpServerResponse answer;
    private final Queue<Piece> onTheirWay = new ArrayDeque<>(ON_THEIR_WAY);
    private Optional<IOException> failure = Optional.empty();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(byte[] bytes, CompletableFuture<Void> written) {}

    private BodyPump(HttpServerResponse answer) {
        this.answer = answer;
    }

    /**
     * Sends all bytes and answers how many they were; the answer is left for its owner to end.
     *
     * @param length how many they should be; more or fewer are sent as they come
     * @param first the framework's stream of this answer, which sends the head with the first bytes
     * @throws IOException when the source fails, after all that came before, or the client takes nothing more
     */
    static long send(InputStream bytes, long length, OutputStream first, HttpServerResponse answer) throws IOException {
        int piece = UNDER_WAY.incrementAndGet() > FIRST_COME ? NARROW : WIDE;
        try {
            // One more than there are: a piece that is not full is the last.
            return new BodyPump(answer).send(bytes, first, new byte[(int) Math.min(piece - 1, length) + 1]);
        } finally {
            UNDER_WAY.decrementAndGet();
        }
    }

    private long send(InputStream bytes, OutputStream first, byte[] buffer) throws IOException {
        int got = fill(bytes, buffer);
        first.write(buffer, 0, got);
        long sent = got;
        if (got == buffer.length) {
            first.flush();
        }
        byte[] piece = buffer;
        while (got == buffer.length) {
            got = fill(bytes, piece);
            sent += got;
            if (got > 0) {
                onTheirWay.add(write(piece, got));
                piece = free(piece.length);
            }
        }
        while (!onTheirWay.isEmpty()) {
            await(onTheirWay.remove());
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return sent;
    }

    /** Reads until a piece is full; what came before a failure is worth sending, as clients go on from there. */
    private int fill(InputStream bytes, byte[] piece) {
        int got = 0;
        try {
            for (int run = 0; run >= 0 && got < piece.length; got += Math.max(0, run)) {
                run = bytes.read(piece, got, piece.length - got);
            }
        } catch (IOException e) {
            failure = Optional.of(e);
        } catch (RuntimeException e) {
            failure = Optional.of(new IOException(e.getMessage(), e));
        }
        return got;
    }

    // The bytes are not copied, which only the deprecated way allows.
    @SuppressWarnings("deprecation")
    private Piece write(byte[] piece, int length) {
        return new Piece(
                piece,
                answer.write(Buffer.buffer(Unpooled.wrappedBuffer(piece, 0, length)))
                        .toCompletionStage()
                        .toCompletableFuture());
    }

    private byte[] free(int size) throws IOException {
        return onTheirWay.size() < ON_THEIR_WAY ? new byte[size] : await(onTheirWay.remove());
    }

    /** Waits until nobody reads a piece any more. */
    private byte[] await(Piece piece) throws IOException {
        while (true) {
            try {
                piece.written().get(1, TimeUnit.SECONDS);
                return piece.bytes();
            } catch (TimeoutException slow) {
                if (answer.closed()) {
                    throw new IOException("the client is gone", slow);
                }
            } catch (ExecutionException e) {
                throw new IOException("the client is gone: " + e.getCause().getMessage(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the client takes its bytes");
            }
        }
    }
}
