package dev.moorage.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives traces as a collector of OpenTelemetry does (OTLP over HTTP, protobuf), and keeps the spans. */
public final class FakeCollector implements AutoCloseable {

    private static final int RESOURCE_SPANS = 1;
    private static final int SCOPE_SPANS = 2;
    private static final int SPANS = 2;
    private static final int TRACE_ID = 1;
    private static final int SPAN_ID = 2;
    private static final int PARENT_ID = 4;
    private static final int NAME = 5;

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    // Written by one thread and read by another.
    @SuppressWarnings("JdkObsolete")
    private final StringBuffer received = new StringBuffer();

    /** A span, as much of it as tests look at; the parent is empty at the root. */
    public record Span(String trace, String id, String parent, String name) {}

    /** A field of a protobuf message that is a text, bytes, or a message. */
    private record Field(int number, ByteBuffer value) {}

    /** Starts on a port that the system chooses. */
    public FakeCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.append(new String(body, StandardCharsets.ISO_8859_1));
            below(ByteBuffer.wrap(body), RESOURCE_SPANS, SCOPE_SPANS, SPANS).forEach(span -> spans.add(span(span)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** Its address. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What came. */
    public List<Span> spans() {
        return List.copyOf(spans);
    }

    /** All bytes that came, as text. */
    public String received() {
        return received.toString();
    }

    private static Span span(ByteBuffer message) {
        String[] texts = {"", "", "", "", "", ""};
        for (Field field : fields(message)) {
            switch (field.number()) {
                case TRACE_ID, SPAN_ID, PARENT_ID ->
                    texts[field.number()] = HexFormat.of().formatHex(bytes(field.value()));
                case NAME -> texts[NAME] = new String(bytes(field.value()), StandardCharsets.UTF_8);
                default -> {
                    continue;
                }
            }
        }
        return new Span(texts[TRACE_ID], texts[SPAN_ID], texts[PARENT_ID], texts[NAME]);
    }

    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    private static List<ByteBuffer> below(ByteBuffer message, int... path) {
        List<ByteBuffer> found = List.of(message);
        for (int number : path) {
            found = found.stream()
                    .flatMap(one -> fields(one).stream())
                    .filter(field -> field.number() == number)
                    .map(Field::value)
                    .toList();
        }
        return found;
    }

    private static List<Field> fields(ByteBuffer message) {
        ByteBuffer left = message.duplicate().order(message.order());
        List<Field> fields = new ArrayList<>();
        while (left.hasRemaining()) {
            long tag = number(left);
            switch ((int) (tag & 7)) {
                case 0 -> number(left);
                case 1 -> left.position(left.position() + Long.BYTES);
                case 2 -> {
                    int length = (int) number(left);
                    fields.add(new Field((int) (tag >>> 3), left.slice(left.position(), length)));
                    left.position(left.position() + length);
                }
                case 5 -> left.position(left.position() + Integer.BYTES);
                default -> throw new IllegalArgumentException("no protobuf");
            }
        }
        return fields;
    }

    private static long number(ByteBuffer bytes) {
        long number = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes.get();
            number |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return number;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
