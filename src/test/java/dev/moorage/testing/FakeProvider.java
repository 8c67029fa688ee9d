package dev.moorage.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jose4j.json.JsonUtil;

/** An OpenID provider on loopback at which one person is logged in, and which looks at what a real one looks at. */
public final class FakeProvider implements AutoCloseable {

    /** What it calls its only client. */
    public static final String CLIENT = "moorage";

    /** The secret of the client. */
    public static final String SECRET = "the secret of the client";

    private final FakeIssuer issuer = new FakeIssuer();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private volatile Map<String, Object> person = Map.of();
    private volatile Function<Map<String, Object>, String> signer = issuer::token;

    /** A provider at which nobody is logged in. */
    public FakeProvider() {
        issuer.serve("authorization_endpoint", "/authorize", this::authorize);
        issuer.serve("token_endpoint", "/token", this::token);
    }

    /** Its address, which is also its name. */
    public String address() {
        return issuer.address();
    }

    /** The issuer behind it. */
    public FakeIssuer issuer() {
        return issuer;
    }

    /** Who is logged in from now on; it speaks the truth about him. */
    public void login(Map<String, Object> claims) {
        person = claims;
        signer = issuer::token;
    }

    /** Makes id-tokens in another way from now on. */
    public void sign(Function<Map<String, Object>, String> other) {
        signer = other;
    }

    /** Why it refused to give tokens, each time. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
        if (!CLIENT.equals(asked.get("client_id"))
                || !"code".equals(asked.get("response_type"))
                || !"S256".equals(asked.get("code_challenge_method"))
                || !List.of(asked.get("scope").split(" ", -1)).contains("openid")) {
            send(exchange, 400, "{}");
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, asked);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        asked.get("redirect_uri") + "?code=" + code + "&state="
                                + RegistryClient.encoded(asked.get("state")));
        send(exchange, 302, "");
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> shown = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        // A code is good once.
        Map<String, String> asked = codes.remove(shown.getOrDefault("code", ""));
        String basic = TokenSource.basic(RegistryClient.encoded(CLIENT), RegistryClient.encoded(SECRET));
        String plain = TokenSource.basic(CLIENT, SECRET);
        String client = exchange.getRequestHeaders().getFirst("Authorization");
        if (!basic.equals(client) && !plain.equals(client)) {
            refuse(exchange, "invalid_client");
        } else if (asked == null) {
            refuse(exchange, "unknown code");
        } else if (!asked.get("redirect_uri").equals(shown.get("redirect_uri"))) {
            refuse(exchange, "another address");
        } else if (!asked.get("code_challenge").equals(challenge(shown.getOrDefault("code_verifier", "")))) {
            refuse(exchange, "another verifier");
        } else {
            Map<String, Object> claims = issuer.claims(CLIENT, Map.of("nonce", asked.getOrDefault("nonce", "")));
            claims.putAll(person);
            send(
                    exchange,
                    200,
                    JsonUtil.toJson(new HashMap<>(Map.of(
                            "id_token",
                            signer.apply(claims),
                            "access_token",
                            "opaque",
                            "token_type",
                            "Bearer",
                            "expires_in",
                            300))));
        }
    }

    private void refuse(HttpExchange exchange, String because) throws IOException {
        refusals.add(because);
        send(exchange, 400, "{\"error\":\"invalid_grant\"}");
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The fields of a query or a form. */
    public static Map<String, String> form(String text) {
        return Arrays.stream(text.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        issuer.close();
    }
}
