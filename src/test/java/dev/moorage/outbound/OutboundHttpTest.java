package dev.moorage.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.moorage.error.RegistryException.TooManyRequests;
import dev.moorage.name.OrganizationId;
import dev.moorage.outbound.OutboundHttp.Bounds;
import dev.moorage.outbound.OutboundHttp.Outcome.Answer;
import dev.moorage.outbound.OutboundHttp.Outcome.Failed;
import dev.moorage.outbound.OutboundHttp.Outcome.Refused;
import dev.moorage.testing.TestSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a call goes, and where no address, name or answer brings it. */
class OutboundHttpTest {

    private static final Bounds USUAL = new Bounds(1000, Duration.ofSeconds(10));
    private static final Bounds SHORT = new Bounds(1000, Duration.ofMillis(400));

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<OutboundHttp> clients = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private ExecutorService threads;

    @BeforeEach
    void start() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterEach
    void stop() throws IOException {
        end.countDown();
        servers.forEach(server -> server.stop(0));
        for (OutboundHttp client : clients) {
            client.close();
        }
        threads.shutdownNow();
    }

    @Test
    void namedNetworkIsCalledWithoutTlsAndItsAnswerRead() throws IOException {
        int port = server("127.0.0.1", exchange -> send(exchange, 200, "hello"));

        assertThat(client("127.0.0.0/8").get(at("http://127.0.0.1", port), USUAL))
                .isEqualTo(new Answer(200, "hello"));
        assertThat(client("127.0.0.0/8").get(at("http://localhost", port), USUAL))
                .isEqualTo(new Answer(200, "hello"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "2130706433",
                "localhost",
                "0.0.0.0",
                "10.0.0.1",
                "100.100.100.200",
                "169.254.169.254",
                "172.31.255.255",
                "192.168.0.1",
                "168.63.129.16",
                "224.0.0.1",
                "255.255.255.255",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:a9fe:a9fe]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::1]",
                "[2001:0:7f00:1::1]",
                "[fe80::1]",
                "[fec0::1]",
                "[fd00:ec2::254]",
                "[ff02::1]"
            })
    void addressThatIsNotPublicIsNotCalledUnlessItWasNamed(String host) throws IOException {
        int port = server("127.0.0.1", exchange -> send(exchange, 200, "hello"));

        for (String scheme : List.of("http://", "https://")) {
            assertThat(client("192.0.2.0/24").get(at(scheme + host, port), USUAL))
                    .isInstanceOf(Refused.class);
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    void publicAddressIsNeverCalledWithoutTls() {
        OutboundHttp client = client("127.0.0.0/8", _ -> new InetAddress[] {InetAddress.ofLiteral("9.9.9.9")});

        assertThat(client.get(URI.create("http://public.example/"), USUAL)).isInstanceOf(Refused.class);
    }

    @Test
    void nameThatChangesItsMeaningIsLookedUpOnceForACall() throws IOException {
        int port = server("127.0.0.1", exchange -> send(exchange, 200, "hello"));
        AtomicInteger lookups = new AtomicInteger();
        OutboundHttp client = client("127.0.0.1", _ ->
                new InetAddress[] {InetAddress.ofLiteral(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")});

        assertThat(client.get(at("http://rebinding.example", port), USUAL)).isInstanceOf(Answer.class);
        assertThat(lookups).hasValue(1);
        assertThat(client.get(at("http://rebinding.example", port), USUAL)).isInstanceOf(Refused.class);
        assertThat(calls).hasValue(1);
    }

    @Test
    void ofManyAddressesOnlyThoseThatMayBeAreCalled() throws IOException {
        int port = server("127.0.0.1", exchange -> send(exchange, 200, "right"));
        server("127.0.0.2", port, exchange -> send(exchange, 200, "wrong"));
        OutboundHttp client = client("127.0.0.1", _ ->
                new InetAddress[] {InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")});

        assertThat(client.get(at("http://both.example", port), USUAL)).isEqualTo(new Answer(200, "right"));
    }

    @Test
    void redirectIsAnAnswerAndIsNotFollowed() throws IOException {
        AtomicInteger followed = new AtomicInteger();
        int secret = server("127.0.0.2", exchange -> {
            followed.incrementAndGet();
            send(exchange, 200, "secret");
        });
        int port = server("127.0.0.1", exchange -> {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.2:" + secret + "/");
            send(exchange, 302, "");
        });

        assertThat(client("127.0.0.0/8").get(at("http://127.0.0.1", port), USUAL))
                .isEqualTo(new Answer(302, ""));
        assertThat(followed).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://127.0.0.1/",
                "file:///etc/passwd",
                "http:///path",
                "http://user:password@127.0.0.1/",
                "/path",
                "jar:http://127.0.0.1!/",
                "http://a_b/"
            })
    void whatIsNoAddressOfAnHttpServerIsRefused(String address) {
        assertThat(client("127.0.0.0/8").get(URI.create(address), USUAL)).isInstanceOf(Refused.class);
    }

    @Test
    void bodyOfTheBoundIsReadAndALongerOneIsNot() throws IOException {
        int port = server(
                "127.0.0.1",
                exchange -> send(
                        exchange,
                        200,
                        "x"
                                .repeat(Integer.parseInt(
                                        exchange.getRequestURI().getPath().substring(1)))));

        assertThat(client("127.0.0.1").get(URI.create("http://127.0.0.1:" + port + "/1000"), USUAL))
                .isEqualTo(new Answer(200, "x".repeat(1000)));
        assertThat(client("127.0.0.1").get(URI.create("http://127.0.0.1:" + port + "/1001"), USUAL))
                .isInstanceOf(Failed.class);
    }

    @Test
    void bodyWithoutEndIsCutOff() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        int port = server("127.0.0.1", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(new byte[10_000]);
                }
            } catch (IOException e) {
                cut.countDown();
            }
        });

        assertThat(client("127.0.0.1").get(at("http://127.0.0.1", port), USUAL)).isInstanceOf(Failed.class);
        assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void bodyThatDripsIsLeftInTime() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        int port = server("127.0.0.1", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                do {
                    body.write('x');
                    body.flush();
                } while (!ended());
            } catch (IOException e) {
                cut.countDown();
            }
        });

        assertLeftInTime(at("http://127.0.0.1", port));
        assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void headersThatDripAreLeftInTime() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var unused = threads.submit(() -> {
                try (Socket socket = listening.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                    do {
                        socket.getOutputStream().write('x');
                    } while (!ended());
                }
                return true;
            });
            assertLeftInTime(at("http://127.0.0.1", listening.getLocalPort()));
        }
    }

    @Test
    void nameThatIsLookedUpForEverIsLeftInTime() {
        OutboundHttp client = client("127.0.0.1", _ -> neverFound());
        Instant before = Instant.now();

        assertThat(client.get(URI.create("https://slow.example/"), SHORT)).isInstanceOf(Failed.class);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void lookupsOfOneOrganizationAreFewAtOnceAndHoldUpNeitherAnothersNorCalls() throws IOException {
        int port = server("127.0.0.1", exchange -> send(exchange, 204, ""));
        OrganizationId hanging = new OrganizationId(1);
        OutboundHttp client = client(
                "127.0.0.1",
                host -> host.startsWith("slow")
                        ? neverFound()
                        : new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")});
        URI slow = URI.create("https://slow.example/");
        URI fast = at("http://fast.example", port);
        for (int i = 0; i < Lookups.OF_ONE; i++) {
            assertThat(client.refusal(hanging, slow, Duration.ofMillis(50))).isPresent();
        }

        assertThatThrownBy(() -> client.refusal(hanging, fast, SHORT.time())).isInstanceOf(TooManyRequests.class);
        assertThat(client.refusal(new OrganizationId(2), fast, USUAL.time())).isEmpty();
        assertThat(client.post(fast, Map.of(), new byte[1], USUAL.time())).isInstanceOf(Answer.class);
    }

    @Test
    void refusalDoesNotSayWhetherThereIsAName() {
        OutboundHttp client = client("127.0.0.1", host -> {
            if (host.startsWith("none")) {
                throw new UnknownHostException();
            }
            return new InetAddress[] {InetAddress.ofLiteral("10.0.0.1")};
        });
        OrganizationId organization = new OrganizationId(1);

        assertThat(client.refusal(organization, URI.create("https://there.example/"), USUAL.time()))
                .isPresent()
                .isEqualTo(client.refusal(organization, URI.create("https://none.example/"), USUAL.time()));
        assertThat(client.post(URI.create("https://there.example/"), Map.of(), new byte[1], USUAL.time()))
                .isInstanceOf(Refused.class)
                .isEqualTo(client.post(URI.create("https://none.example/"), Map.of(), new byte[1], USUAL.time()));
    }

    private InetAddress[] neverFound() throws UnknownHostException {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException();
    }

    private void assertLeftInTime(URI address) {
        Instant before = Instant.now();

        assertThat(client("127.0.0.1").get(address, SHORT)).isInstanceOf(Failed.class);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(4));
    }

    /** Whether the test is over, asked now and then. */
    private boolean ended() {
        try {
            return end.await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return true;
        }
    }

    private OutboundHttp client(String network) {
        return client(network, InetAddress::getAllByName);
    }

    private OutboundHttp client(String network, CheckedNames.Names names) {
        OutboundHttp client =
                new OutboundHttp(TestSettings.with(Map.of("moorage.outbound.allowed-networks", network)), names);
        clients.add(client);
        return client;
    }

    private int server(String address, HttpHandler handler) throws IOException {
        return server(address, 0, handler);
    }

    private int server(String address, int port, HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), port), 0);
        server.createContext("/", exchange -> {
            calls.incrementAndGet();
            handler.handle(exchange);
        });
        server.setExecutor(threads);
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private static URI at(String base, int port) {
        return URI.create(base + ':' + port + '/');
    }
}
