package dev.moorage.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** What webhooks call: it writes down what it is told, and answers as the test wants. */
public final class Receiver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Function<Received, Reply> replies = _ -> Reply.TAKEN;

    /** One on loopback that takes everything. */
    public Receiver() {
        this("127.0.0.1");
    }

    /** One on an address of this machine. */
    public Receiver(String address) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * A message as it came.
     *
     * @param path with its query
     */
    @SuppressWarnings("ArrayRecordComponent") // Looked at, never compared.
    public record Received(String path, Map<String, List<String>> headers, byte[] body) {

        /** The body as JSON. */
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A header that is there once. */
        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }

        /** What happened, the same in every message about it. */
        public String event() {
            return header("Moorage-event-id");
        }

        /** The repository of a CloudEvent. */
        public String repository() {
            return json().path("data").path("repository").asText();
        }
    }

    /** How a message is answered. */
    public sealed interface Reply {

        /** It was taken. */
        Reply TAKEN = new Status(204, "");

        /** An answer; with a location where it is not empty. */
        record Status(int code, String location) implements Reply {}

        /** None, as long as the receiver is there. */
        record Silence() implements Reply {}

        /** The connection is closed. */
        record Cut() implements Reply {}
    }

    /** Answers so from now on. */
    public void answer(Function<Received, Reply> how) {
        replies = how;
    }

    /** Answers every message with this status from now on. */
    public void answer(int status) {
        replies = _ -> new Reply.Status(status, "");
    }

    /** Where it is. */
    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/hook";
    }

    /** All messages in the order in which they came. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Received message = new Received(
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes());
            received.add(message);
            switch (replies.apply(message)) {
                case Reply.Status(int code, String location) -> {
                    if (!location.isEmpty()) {
                        exchange.getResponseHeaders().set("Location", location);
                    }
                    exchange.sendResponseHeaders(code, -1);
                }
                case Reply.Silence _ -> silent();
                case Reply.Cut _ -> {}
            }
        }
    }

    private void silent() {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
