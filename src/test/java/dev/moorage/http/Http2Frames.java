package dev.moorage.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection of HTTP/2 on which every frame can be sent that a polite client does not send (RFC 9113). */
final class Http2Frames implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;

    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;

    private static final int END_HEADERS = 4;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final int LARGEST_FRAME = 16_384;
    private static final int CANCEL = 8;

    private final SSLSocket socket;
    private final String authority;
    private final DataInputStream in;
    private final OutputStream out;

    /** A frame that came. */
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    record Frame(int type, int flags, int stream, byte[] payload) {

        /** Of a frame of settings, what it says. */
        Map<Integer, Integer> settings() {
            Map<Integer, Integer> settings = new HashMap<>();
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            while (bytes.remaining() >= 6) {
                settings.put((int) bytes.getShort(), bytes.getInt());
            }
            return settings;
        }
    }

    Http2Frames(URI base, SSLContext trusting) throws IOException {
        this.authority = base.getAuthority();
        this.socket = (SSLSocket) trusting.getSocketFactory().createSocket(base.getHost(), base.getPort());
        socket.setSoTimeout(30_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    /** Asks for something, and takes that back at once. */
    void askAndCancel(int stream) throws IOException {
        ask(stream, "/v2/");
        send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
    }

    /** GET without a body. */
    void ask(int stream, String path) throws IOException {
        send(HEADERS, END_STREAM_AND_HEADERS, stream, head("GET", path).toByteArray());
    }

    /** PATCH by somebody, with bytes that are not the end of its body. */
    void begin(int stream, String path, String authorization, byte[] bytes) throws IOException {
        ByteArrayOutputStream block = head("PATCH", path);
        block.write(0);
        text(block, "authorization");
        text(block, authorization);
        send(HEADERS, END_HEADERS, stream, block.toByteArray());
        for (int at = 0; at < bytes.length; at += LARGEST_FRAME) {
            send(DATA, 0, stream, Arrays.copyOfRange(bytes, at, Math.min(at + LARGEST_FRAME, bytes.length)));
        }
    }

    /** By the static table and without compression (RFC 7541). */
    private ByteArrayOutputStream head(String method, String path) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, 2, method);
        block.write(0x87);
        literal(block, 4, path);
        literal(block, 1, authority);
        return block;
    }

    private static void literal(ByteArrayOutputStream block, int name, String value) throws IOException {
        block.write(name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String value) throws IOException {
        // Of 127 and more the length is written in more bytes.
        if (value.length() < 127) {
            block.write(value.length());
        } else {
            block.write(127);
            block.write(value.length() - 127);
        }
        block.write(value.getBytes(StandardCharsets.US_ASCII));
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
        out.write(frame.putInt(stream).put(payload).array());
        out.flush();
    }

    /** The next frame of a type; those before it are passed over. */
    Frame next(int type) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            Frame frame = new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), new byte[length]);
            in.readFully(frame.payload());
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
