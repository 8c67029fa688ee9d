package dev.moorage.outbound;

import dev.moorage.config.MoorageConfig;
import dev.moorage.name.Network;
import dev.moorage.name.OrganizationId;
import dev.moorage.outbound.CheckedNames.Names;
import dev.moorage.outbound.OutboundHttp.Outcome.Answer;
import dev.moorage.outbound.OutboundHttp.Outcome.Busy;
import dev.moorage.outbound.OutboundHttp.Outcome.Failed;
import dev.moorage.outbound.OutboundHttp.Outcome.Refused;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Calls addresses that somebody else wrote down: the only HTTP client for those.
 *
 * <p>It speaks https, and http only to networks that the operator named. What a name stands for is looked up once, checked
 * and called; private addresses are called only where the operator named them. Redirects are answers like others and are
 * not followed, so nothing that a request carries goes to another host. Bodies end at their bound, calls at theirs, whatever
 * they are held up by.
 */
@ApplicationScoped
public class OutboundHttp {

    private static final int MOST_CALLS = 32;
    // Apart from the others: targets that hang hold up nobody who has to ask something.
    private static final int MOST_POSTS = 80;
    private static final int MOST_LOOKUPS = 32;
    private static final long IDLE_SECONDS = 30;

    private final CloseableHttpClient checked;
    private final CloseableHttpClient named;
    // One sentence, whatever of it is so: else it would say which names there are in the operator's network.
    private static final String NOT_CALLED =
            "no address of its host is known that is public, or that" + " moorage.outbound.allowed-networks names";

    // Threads of the platform: looking up a name holds on to whatever thread does it, and must not hold a carrier.
    private final ThreadPoolExecutor threads;
    private final ThreadPoolExecutor postThreads;
    private final Lookups lookups;
    private final CheckedNames checkedNames;
    private final CheckedNames namedNames;

    @Inject
    OutboundHttp(MoorageConfig config) {
        this(config, InetAddress::getAllByName);
    }

    OutboundHttp(MoorageConfig config, Names names) {
        List<Network> networks = config.outbound().allowedNetworks().orElse(List.of()).stream()
                .flatMap(text -> Network.parse(text).stream())
                .toList();
        AddressGuard guard = new AddressGuard(networks);
        this.checkedNames = new CheckedNames(names, guard::allows);
        this.namedNames = new CheckedNames(names, guard::isNamed);
        this.checked = client(checkedNames);
        this.named = client(namedNames);
        this.threads = threads("outbound-", MOST_CALLS);
        this.postThreads = threads("outbound-post-", MOST_POSTS);
        this.lookups = new Lookups(threads("outbound-lookup-", MOST_LOOKUPS));
    }

    private static ThreadPoolExecutor threads(String name, int most) {
        return new ThreadPoolExecutor(
                0,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /**
     * What a call may cost.
     *
     * @param bytes how long the body is at most
     * @param time how long all of it takes at most
     */
    public record Bounds(int bytes, Duration time) {}

    /** What became of a call. */
    public sealed interface Outcome {

        /** There was an answer, of whatever status, with a text in UTF-8. */
        record Answer(int status, String text) implements Outcome {}

        /** The address is none that may be called. */
        record Refused(String because) implements Outcome {}

        /** There was no whole answer within the bounds. */
        record Failed(String because) implements Outcome {}

        /** Too much was under way here, and nobody was called. */
        record Busy(String because) implements Outcome {}
    }

    /** Reads what is at an address. */
    public Outcome get(URI address, Bounds bounds) {
        return switch (route(address)) {
            case Route.None(String because) -> new Refused(because);
            case Route.By by -> {
                HttpGet request = new HttpGet(address);
                request.setHeader("Accept", "application/json");
                yield within(threads, request, bounds.time(), () -> read(by.client(), request, bounds));
            }
        };
    }

    /**
     * Sends a body to an address. Of the answer there is the status: no byte of its body is read.
     *
     * @param headers beside those of the body's length, none of them one of the protocol's own
     * @param time how long all of it takes at most
     */
    public Outcome post(URI address, Map<String, String> headers, byte[] body, Duration time) {
        return switch (route(address)) {
            case Route.None(String because) -> new Refused(because);
            case Route.By by -> {
                HttpPost request = new HttpPost(address);
                headers.forEach(request::setHeader);
                request.setEntity(new ByteArrayEntity(body, null));
                request.setConfig(within(time));
                yield within(postThreads, request, time, () -> send(by.client(), request));
            }
        };
    }

    /**
     * Why an address is none that may be called, as far as that can be told now; its name is looked up once more at each call.
     *
     * @param organization for whom it is looked up
     */
    public Optional<String> refusal(OrganizationId organization, URI address, Duration time) {
        return switch (route(address)) {
            case Route.None(String because) -> Optional.of(because);
            case Route.By by ->
                lookups.find(organization, by.names(), address.getHost(), time)
                        ? Optional.empty()
                        : Optional.of(NOT_CALLED);
        };
    }

    /** By whom an address is called. */
    private sealed interface Route {

        /** By nobody. */
        record None(String because) implements Route {}

        /** By a client that asks for the host's addresses so. */
        record By(CloseableHttpClient client, CheckedNames names) implements Route {}
    }

    private Route route(URI address) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if (address.getHost() == null || address.getRawUserInfo() != null) {
            return new Route.None("an address names a host and nobody's password");
        }
        return switch (scheme) {
            case "https" -> new Route.By(checked, checkedNames);
            case "http" -> new Route.By(named, namedNames);
            default -> new Route.None("an address begins with https://");
        };
    }

    /** A call that may break. */
    @FunctionalInterface
    private interface Call {
        Outcome made() throws IOException;
    }

    private static Outcome within(ThreadPoolExecutor threads, HttpUriRequestBase request, Duration time, Call call) {
        Future<Outcome> outcome;
        try {
            outcome = threads.submit(() -> outcome(call));
        } catch (RejectedExecutionException _) {
            return new Busy("too many calls at once");
        }
        try {
            return outcome.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return broken(request, "no whole answer in time");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return broken(request, "interrupted");
        } catch (ExecutionException _) {
            return new Failed("no answer");
        }
    }

    private static Outcome broken(HttpUriRequestBase request, String because) {
        request.abort();
        return new Failed(because);
    }

    private static Outcome outcome(Call call) {
        try {
            return call.made();
        } catch (UnknownHostException _) {
            return new Refused(NOT_CALLED);
        } catch (TooLong _) {
            return new Failed("the answer is too long");
        } catch (IOException _) {
            return new Failed("no answer");
        }
    }

    private static Outcome read(CloseableHttpClient client, HttpGet request, Bounds bounds) throws IOException {
        return client.execute(request, response -> answer(response, bounds));
    }

    private static Outcome send(CloseableHttpClient client, HttpPost request) throws IOException {
        AtomicInteger status = new AtomicInteger();
        try {
            client.execute(request, response -> {
                status.set(response.getCode());
                // Else the client would read the body to its end before it gives the connection up.
                request.abort();
                return response;
            });
        } catch (IOException e) {
            if (status.get() == 0) {
                throw e;
            }
        }
        return new Answer(status.get(), "");
    }

    /** The rest of the body is not read: the connection is closed. */
    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static Outcome answer(ClassicHttpResponse response, Bounds bounds) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return new Answer(response.getCode(), "");
        }
        if (entity.getContentLength() > bounds.bytes()) {
            throw new TooLong();
        }
        try (InputStream stream = entity.getContent()) {
            byte[] body = stream.readNBytes(bounds.bytes());
            if (stream.read() >= 0) {
                throw new TooLong();
            }
            return new Answer(response.getCode(), new String(body, StandardCharsets.UTF_8));
        }
    }

    private static RequestConfig within(Duration time) {
        return RequestConfig.copy(usual()).setResponseTimeout(Timeout.of(time)).build();
    }

    private static RequestConfig usual() {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.ofSeconds(5))
                .setResponseTimeout(Timeout.ofSeconds(5))
                .setProtocolUpgradeEnabled(false)
                .build();
    }

    private static CloseableHttpClient client(CheckedNames names) {
        return HttpClientBuilder.create()
                .setUserAgent("moorage")
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(names)
                        .setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                                .setSslContext(tls())
                                .buildClassic())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.ofSeconds(5))
                                .setSocketTimeout(Timeout.ofSeconds(5))
                                .build())
                        .setMaxConnTotal(MOST_CALLS + MOST_POSTS)
                        .setMaxConnPerRoute(MOST_CALLS + MOST_POSTS)
                        .build())
                .setDefaultRequestConfig(usual())
                // A connection is for one call: the next one looks the name up again.
                .setConnectionReuseStrategy((_, _, _) -> false)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                // What is compressed is bounded only when it has grown.
                .disableContentCompression()
                .build();
    }

    private static SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @PreDestroy
    void close() throws IOException {
        threads.shutdownNow();
        postThreads.shutdownNow();
        lookups.close();
        checked.close();
        named.close();
    }
}
