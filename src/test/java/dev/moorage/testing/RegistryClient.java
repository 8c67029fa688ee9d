package dev.moorage.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Speaks to one registry, follows nothing and hides nothing; for what {@link HttpClient} refuses there is {@link RawHttp}. */
public final class RegistryClient {

    private static final AtomicLong NUMBER =
            new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 40));
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI base;
    private final Optional<TokenSource> tokens;
    private final Optional<String> authorization;
    private final HttpClient http;

    /** Speaks to the registry at a URI such as {@code http://127.0.0.1:5000}. */
    public RegistryClient(URI base) {
        this(base, Optional.empty(), Optional.empty(), HTTP);
    }

    private RegistryClient(URI base, Optional<TokenSource> tokens, Optional<String> authorization, HttpClient http) {
        this.base = base;
        this.tokens = tokens;
        this.authorization = authorization;
        this.http = http;
    }

    /** The same registry by connections of another client, which trusts its certificate or speaks HTTP/2. */
    public RegistryClient over(HttpClient other) {
        return new RegistryClient(base, tokens, authorization, other);
    }

    /** The same registry for somebody who shows a name and a password or secret with every request, as curl does. */
    public RegistryClient showing(String user, String password) {
        return new RegistryClient(base, Optional.empty(), Optional.of(TokenSource.basic(user, password)), http);
    }

    /** The same registry for somebody who answers challenges with tokens, as clients do. */
    public RegistryClient as(String user, String password) {
        return new RegistryClient(
                base,
                Optional.of(new TokenSource(Optional.of(TokenSource.basic(user, password)))),
                Optional.empty(),
                http);
    }

    /** The same registry for somebody without an account who answers challenges with tokens. */
    public RegistryClient asNobody() {
        return new RegistryClient(base, Optional.of(new TokenSource(Optional.empty())), Optional.empty(), http);
    }

    /** Where the registry is. */
    public URI base() {
        return base;
    }

    /** A repository whose name nobody else uses. */
    public RepositoryClient newRepository() {
        return repository(newName());
    }

    /** A repository name that nobody else uses, with two components. */
    public static String newName() {
        return "org" + Long.toString(NUMBER.incrementAndGet(), 36) + "/app";
    }

    /** The repository of a name. */
    public RepositoryClient repository(String name) {
        return new RepositoryClient(this, name);
    }

    /** A new raw connection. */
    public RawHttp raw() {
        return RawHttp.connect(base, authorization);
    }

    /** A request for a path, or for what a Location or Link header said. */
    public Request request(String method, String target) {
        Request request = new Request(http, method, base.resolve(target), tokens);
        authorization.ifPresent(shown -> request.header("Authorization", shown));
        return request;
    }

    /** GET without any header of our own. */
    public Answer get(String target) {
        return request("GET", target).send();
    }

    /** Text as it stands in a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A location with one more query parameter, whatever it has already. */
    public static String withQuery(String location, String name, String value) {
        return location + (location.contains("?") ? "&" : "?") + name + "=" + encoded(value);
    }

    /** A request in the making. */
    public static final class Request {
        private final HttpClient http;
        private final String method;
        private final URI uri;
        private final Optional<TokenSource> tokens;
        private final List<String> headers = new ArrayList<>();
        private BodyPublisher body = BodyPublishers.noBody();

        private Request(HttpClient http, String method, URI uri, Optional<TokenSource> tokens) {
            this.http = http;
            this.method = method;
            this.uri = uri;
            this.tokens = tokens;
        }

        /** Which path it is for. */
        String path() {
            return uri.getPath();
        }

        /** Adds a header. */
        public Request header(String name, String value) {
            headers.add(name);
            headers.add(value);
            return this;
        }

        /** Sends these bytes with their length. */
        public Request body(byte[] bytes) {
            body = BodyPublishers.ofByteArray(bytes);
            return this;
        }

        /** Sends a stream in the chunked coding, without a length. */
        public Request stream(Supplier<InputStream> stream) {
            body = BodyPublishers.ofInputStream(stream);
            return this;
        }

        /** Sends the request and reads the answer whole. */
        public Answer send() {
            Answer answer = sendOnce();
            Optional<String> token =
                    answer.status() == 401 ? tokens.flatMap(source -> source.answering(answer)) : Optional.empty();
            return token.map(text -> header("Authorization", "Bearer " + text).sendOnce())
                    .orElse(answer);
        }

        private Answer sendOnce() {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).method(method, body).timeout(Duration.ofSeconds(90));
            if (!headers.isEmpty()) {
                request.headers(headers.toArray(String[]::new));
            }
            try {
                HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
                Map<String, List<String>> lower = new LinkedHashMap<>();
                response.headers().map().forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
                return new Answer(response.statusCode(), lower, response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(method + " " + uri, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
