package dev.moorage.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An issuer of tokens with keys of its own, on loopback, that publishes what a real one does. */
public final class FakeIssuer implements AutoCloseable {

    private static final int RSA_BITS = 2048;

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private final List<PublicJsonWebKey> published = new ArrayList<>();
    private final Map<String, String> announced = new ConcurrentHashMap<>();
    private volatile String name;
    private volatile int status = 200;

    /** An issuer with a key for ES256 and one for RS256. */
    public FakeIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        name = "http://127.0.0.1:" + server.getAddress().getPort();
        publish(newKey("ES256", "es"), newKey("RS256", "rs"));
        server.createContext(
                "/.well-known/openid-configuration", exchange -> send(exchange, JsonUtil.toJson(discovery())));
        server.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            synchronized (published) {
                send(
                        exchange,
                        new JsonWebKeySet(List.<JsonWebKey>copyOf(published))
                                .toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
            }
        });
        server.start();
    }

    private Map<String, Object> discovery() {
        Map<String, Object> all = new HashMap<>(announced);
        all.put("issuer", name);
        all.put("jwks_uri", keys().toString());
        return all;
    }

    /** Answers at another path too, which it announces under a name. */
    void serve(String announcedAs, String path, HttpHandler handler) {
        server.createContext(path, handler);
        announced.put(announcedAs, address() + path);
    }

    /** Its address, which is also its name unless it lies. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where its keys are. */
    public URI keys() {
        return URI.create(address() + "/keys");
    }

    /** How often the keys were fetched. */
    public int fetches() {
        return fetches.get();
    }

    /** Says that it is another one. */
    public void claimToBe(String issuer) {
        name = issuer;
    }

    /** Answers with another status. */
    public void answer(int other) {
        status = other;
    }

    /** Publishes these keys and no others. */
    public void publish(PublicJsonWebKey... keys) {
        synchronized (published) {
            published.clear();
            published.addAll(List.of(keys));
        }
    }

    /** The published key of an algorithm. */
    public PublicJsonWebKey key(String algorithm) {
        synchronized (published) {
            return published.stream()
                    .filter(key -> algorithm.equals(key.getAlgorithm()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A new pair of keys for ES256 or RS256. */
    public static PublicJsonWebKey newKey(String algorithm, String kid) {
        try {
            PublicJsonWebKey key = algorithm.equals("RS256")
                    ? RsaJwkGenerator.generateJwk(RSA_BITS)
                    : EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(kid);
            key.setAlgorithm(algorithm);
            key.setUse("sig");
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    /** Claims that would do for an audience: of now, by this issuer, and what else is said. */
    public Map<String, Object> claims(String audience, Map<String, ?> others) {
        long now = System.currentTimeMillis() / 1000;
        Map<String, Object> claims = new HashMap<>(
                Map.of("iss", address(), "aud", audience, "iat", now, "nbf", now, "exp", now + 300, "sub", "somebody"));
        claims.putAll(others);
        return claims;
    }

    /** A token that says this, signed by the key of ES256. */
    public String token(Map<String, ?> claims) {
        return sign(key("ES256"), JsonUtil.toJson(new HashMap<>(claims)), Map.of());
    }

    /** A token that a key has signed. */
    public static String sign(PublicJsonWebKey key, String claims, Map<String, Object> headers) {
        return sign(key.getAlgorithm(), key.getKeyId(), key.getPrivateKey(), claims, headers);
    }

    /** A token that a key of whatever kind has signed. */
    public static String sign(String algorithm, String kid, Key key, String claims, Map<String, Object> headers) {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue(algorithm);
        token.setKeyIdHeaderValue(kid);
        headers.forEach((header, value) -> token.setHeader(header, value));
        token.setPayload(claims);
        token.setKey(key);
        token.setDoKeyValidation(false);
        token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private void send(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
