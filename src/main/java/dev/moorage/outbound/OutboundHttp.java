package dev.moorage.outbound;

import dev.moorage.config.MoorageConfig;
import dev.moorage.name.Network;
import dev.moorage.outbound.CheckedNames.Names;
import dev.moorage.outbound.OutboundHttp.Outcome.Answer;
import dev.moorage.outbound.OutboundHttp.Outcome.Failed;
import dev.moorage.outbound.OutboundHttp.Outcome.Refused;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
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
    private static final long IDLE_SECONDS = 30;

    private final CloseableHttpClient checked;
    private final CloseableHttpClient named;
    // Threads of the platform: looking up a name holds on to whatever thread does it, and must not hold a carrier.
    private final ThreadPoolExecutor threads;

    @Inject
    OutboundHttp(MoorageConfig config) {
        this(config, InetAddress::getAllByName);
    }

    OutboundHttp(MoorageConfig config, Names names) {
        List<Network> networks = config.outbound().allowedNetworks().orElse(List.of()).stream()
                .flatMap(text -> Network.parse(text).stream())
                .toList();
        AddressGuard guard = new AddressGuard(networks);
        this.checked = client(names, guard::allows);
        this.named = client(names, guard::isNamed);
        this.threads = new ThreadPoolExecutor(
                0,
                MOST_CALLS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("outbound-", 0).factory());
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
    }

    /** Reads what is at an address. */
    public Outcome get(URI address, Bounds bounds) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if (address.getHost() == null || address.getRawUserInfo() != null) {
            return new Refused("an address names a host and nobody's password");
        }
        return switch (scheme) {
            case "https" -> get(checked, address, bounds);
            case "http" -> get(named, address, bounds);
            default -> new Refused("an address begins with https://");
        };
    }

    private Outcome get(CloseableHttpClient client, URI address, Bounds bounds) {
        HttpGet request = new HttpGet(address);
        request.setHeader("Accept", "application/json");
        Future<Outcome> call;
        try {
            call = threads.submit(() -> call(client, request, bounds));
        } catch (RejectedExecutionException _) {
            return new Failed("too many calls at once");
        }
        try {
            return call.get(bounds.time().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return broken(request, "no whole answer in time");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return broken(request, "interrupted");
        } catch (ExecutionException _) {
            return new Failed("no answer");
        }
    }

    private static Outcome broken(HttpGet request, String because) {
        request.abort();
        return new Failed(because);
    }

    private static Outcome call(CloseableHttpClient client, HttpGet request, Bounds bounds) {
        try {
            return client.execute(request, response -> answer(response, bounds));
        } catch (CheckedNames.Forbidden _) {
            return new Refused("the address is not public, and moorage.outbound.allowed-networks does not name it");
        } catch (TooLong _) {
            return new Failed("the answer is too long");
        } catch (IOException _) {
            return new Failed("no answer");
        }
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

    private static CloseableHttpClient client(Names names, Predicate<InetAddress> allowed) {
        return HttpClientBuilder.create()
                .setUserAgent("moorage")
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new CheckedNames(names, allowed))
                        .setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                                .setSslContext(tls())
                                .buildClassic())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.ofSeconds(5))
                                .setSocketTimeout(Timeout.ofSeconds(5))
                                .build())
                        .setMaxConnTotal(MOST_CALLS)
                        .setMaxConnPerRoute(MOST_CALLS)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.ofSeconds(5))
                        .setResponseTimeout(Timeout.ofSeconds(5))
                        .setProtocolUpgradeEnabled(false)
                        .build())
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
        checked.close();
        named.close();
    }
}
