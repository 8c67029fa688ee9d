package dev.moorage.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection on which everything can be sent that a polite client refuses to send.
 *
 * <p>Answers are read one by one, so several requests can share the connection, or break it. An answer is waited for 60 s; a write
 * that the other end does not read for 30 s ends the connection.
 */
public final class RawHttp implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 18;
    private static final Duration STUCK = Duration.ofSeconds(30);

    private final Socket socket;
    private final String host;
    private final InputStream in;
    private final OutputStream out;
    // When the write that is under way began, by the nano clock; 0 where none is.
    private volatile long writingSince;

    private RawHttp(Socket socket, String host) throws IOException {
        this.socket = socket;
        this.host = host;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
        var unused = Thread.startVirtualThread(this::endStuckWrite);
    }

    private void endStuckWrite() {
        while (!socket.isClosed()) {
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            long since = writingSince;
            if (since != 0 && System.nanoTime() - since > STUCK.toNanos()) {
                close();
            }
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private RawHttp write(Write write) {
        writingSince = System.nanoTime();
        try {
            write.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writingSince = 0;
        }
    }

    /** Opens a connection to the host and port of a URI. */
    public static RawHttp connect(URI base) {
        return connect(base, Optional.empty());
    }

    /** Opens a connection whose requests all have this header {@code Authorization}, if any. */
    static RawHttp connect(URI base, Optional<String> authorization) {
        try {
            Socket socket = new Socket();
            // Else the kernel takes tens of megabytes for a reader that does not read.
            socket.setReceiveBufferSize(BUFFER_BYTES);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
            String always = base.getHost() + ":" + base.getPort()
                    + authorization.map(shown -> "\r\nAuthorization: " + shown).orElse("");
            return new RawHttp(socket, always);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request line, Host and the given header lines; the body, if any, is sent by other methods. */
    public RawHttp head(String method, String target, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return bytes(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8))
                .flush();
    }

    /** Sends bytes as they are. */
    public RawHttp bytes(byte[] bytes) {
        return bytes(bytes, 0, bytes.length);
    }

    /** Sends a part of an array as it is. */
    public RawHttp bytes(byte[] bytes, int from, int length) {
        return write(() -> out.write(bytes, from, length));
    }

    /** Sends bytes as one chunk of the chunked coding. */
    public RawHttp chunk(byte[] bytes) {
        return bytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII))
                .bytes(bytes)
                .bytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Ends a body in the chunked coding. */
    public RawHttp lastChunk() {
        return bytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).flush();
    }

    /** Hands everything to the kernel. */
    public RawHttp flush() {
        return write(out::flush);
    }

    /** Says that no more bytes come, and keeps listening. */
    public RawHttp halfClose() {
        try {
            out.flush();
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the connection with a reset: what was not read at the other end may be lost. */
    public void reset() {
        try {
            out.flush();
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the next answer, interim ones (1xx) too. */
    public Answer answer(String method) {
        try {
            int status = status();
            Map<String, List<String>> headers = headers();
            return new Answer(status, headers, hasBody(method, status) ? body(headers) : new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the next answer if it begins within this time; nothing is lost of one that comes later. */
    public Optional<Answer> answerWithin(Duration time, String method) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            in.mark(1);
            boolean begun = in.read() >= 0;
            in.reset();
            socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
            return begun ? Optional.of(answer(method)) : Optional.empty();
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the head of an answer and hands out the rest of its stream, whose length is in the header. */
    public Answer readHead() {
        try {
            return new Answer(status(), headers(), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the body of an answer whose head was read; one that ends early is a failure. */
    public byte[] bodyAfter(Answer head) {
        try {
            return body(head.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes that follow the last head that was read. */
    public InputStream stream() {
        return in;
    }

    private int status() throws IOException {
        String line = line();
        if (!line.startsWith("HTTP/1.1 ") && !line.startsWith("HTTP/1.0 ")) {
            throw new IOException("no status line: " + line);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static boolean hasBody(String method, int status) {
        return !"HEAD".equals(method) && status >= 200 && status != 204 && status != 304;
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (true) {
                int length = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
                all.write(in.readNBytes(length));
                line();
                if (length == 0) {
                    return all.toByteArray();
                }
            }
        }
        if (headers.containsKey("content-length")) {
            int length = Integer.parseInt(headers.get("content-length").getFirst());
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("body of " + body.length + " instead of " + length + " bytes");
            }
            return body;
        }
        return in.readAllBytes();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended after: " + line.toString(StandardCharsets.UTF_8));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
