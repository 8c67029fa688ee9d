package dev.moorage.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One connection of a client that costs little beside the registry that it asks: a write and a read for a small request, and
 * nothing kept of an answer but its status, its place and its length.
 *
 * <p>It knows only as much of HTTP as registries speak. For one thread of the platform: a virtual one would wait by way of another.
 */
final class LoadConnection implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 18;

    private final SocketChannel channel;
    private final String host;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private String method = "";
    private String target = "";
    // Of the last answer.
    private String location = "";
    private long length;

    private LoadConnection(SocketChannel channel, String host) {
        this.channel = channel;
        this.host = host;
    }

    /** Opens a connection to the host and port of a URI. */
    static LoadConnection open(URI base) {
        try {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(base.getHost(), base.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new LoadConnection(channel, base.getAuthority());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins a request; a body of the length that the header lines tell follows by {@link #bytes}. */
    LoadConnection head(String asked, String of, String... headers) {
        method = asked;
        target = of;
        StringBuilder text = new StringBuilder(256).append(asked).append(' ').append(of);
        text.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        bytes(head, 0, head.length);
        return this;
    }

    /** Sends a request with a body. */
    LoadConnection send(String asked, String of, byte[] body, String type) {
        head(asked, of, "Content-Type: " + type, "Content-Length: " + body.length);
        bytes(body, 0, body.length);
        return this;
    }

    /** Sends a part of a body. */
    void bytes(byte[] bytes, int from, int count) {
        if (count > out.remaining()) {
            flush();
        }
        if (count > out.capacity()) {
            write(ByteBuffer.wrap(bytes, from, count));
        } else {
            out.put(bytes, from, count);
        }
    }

    private void flush() {
        write(out.flip());
        out.clear();
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the request, reads its answer to the last byte and demands its status. */
    LoadConnection expect(int expected) {
        flush();
        int status = answer();
        if (status != expected) {
            throw new AssertionError(method + " " + target + " answered " + status + ", not " + expected);
        }
        return this;
    }

    /** The place that the last answer named, as the target of a request; empty where it named none. */
    String location() {
        int path = location.startsWith("http") ? location.indexOf('/', location.indexOf("//") + 2) : 0;
        return location.substring(path);
    }

    /** How many bytes the body of the last answer had. */
    long length() {
        return length;
    }

    private int answer() {
        try {
            boolean chunked = false;
            long announced = 0;
            location = "";
            length = 0;
            int begin = line();
            int status = Integer.parseInt(text(begin + 9, begin + 12));
            for (int from = line(); lineEnd() > from; from = line()) {
                if (is(from, "content-length:")) {
                    announced = Long.parseLong(text(from + 15, lineEnd()).strip());
                } else if (is(from, "transfer-encoding:")) {
                    chunked = true;
                } else if (is(from, "location:")) {
                    location = text(from + 9, lineEnd()).strip();
                }
            }
            if (!"HEAD".equals(method) && status != 204 && status != 304) {
                if (chunked) {
                    skipChunks();
                } else {
                    skip(announced);
                }
            }
            return status;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void skipChunks() throws IOException {
        while (true) {
            int from = line();
            long chunk = Long.parseLong(text(from, lineEnd()).split(";", 2)[0].strip(), 16);
            if (chunk == 0) {
                line();
                return;
            }
            skip(chunk);
            line();
        }
    }

    private void skip(long count) throws IOException {
        length += count;
        for (long left = count; left > 0; ) {
            if (!in.hasRemaining()) {
                in.clear();
                fill();
            }
            int some = (int) Math.min(left, in.remaining());
            in.position(in.position() + some);
            left -= some;
        }
    }

    /** Goes behind the next line and answers where it began; it ends at {@link #lineEnd}. */
    private int line() throws IOException {
        for (int at = in.position(); ; at++) {
            if (at == in.limit()) {
                int read = at - in.position();
                // Only heads are kept whole, and they are short.
                in.compact();
                fill();
                at = in.position() + read;
            }
            if (in.get(at) == '\n') {
                int begin = in.position();
                in.position(at + 1);
                return begin;
            }
        }
    }

    private int lineEnd() {
        return in.position() - 2;
    }

    /** Reads more behind what is there; before it the buffer is one to write into, behind it one to read from. */
    private void fill() throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the connection ended within the answer to " + method + " " + target);
        }
        in.flip();
    }

    private boolean is(int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            // Upper and lower case differ in this bit.
            if (from + i >= lineEnd() || (in.get(from + i) | 0x20) != (name.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int end) {
        byte[] bytes = new byte[end - from];
        in.get(from, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
