package dev.moorage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.net.httpserver.HttpServer;
import dev.moorage.outbound.OutboundHttp;
import dev.moorage.outbound.TestOutbound;
import dev.moorage.testing.TestSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What issuers publish, and what tokens say, that is meant to end the program and not to be read. */
class IssuersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"x\":%s}]}",
                "{\"keys\":%s}",
                "{\"x\":%s,\"keys\":[]}",
                "%s"
            })
    void keysThatAreNestedDeeplyAreNone(String published) throws IOException {
        byte[] body =
                published.formatted("[".repeat(100_000) + "]".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            OutboundHttp http =
                    TestOutbound.with(TestSettings.with(Map.of("moorage.outbound.allowed-networks", "127.0.0.1")));
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
            PublishedKeys keys = new Issuers(http, InstantSource.system()).keysAt(address);

            assertThat(keys.find("k", "RS256")).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"alg\":\"ES256\",\"kid\":%s}", "{\"alg\":\"ES256\",\"kid\":\"k\",\"x\":%s}"})
    void headerThatIsNestedDeeplyBreaksNothing(String header) {
        assertThatCode(() -> ForeignToken.read(text(header, 5000) + "." + text("{\"iss\":\"x\"}", 0) + ".AA"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"iss\":%s}", "{\"iss\":\"x\",\"aud\":%s}", "{\"iss\":\"x\",\"access\":%s}"})
    void claimsThatAreNestedDeeplyBreakNothing(String claims) {
        assertThatCode(() -> ForeignToken.read(
                                text("{\"alg\":\"ES256\",\"kid\":\"k\"}", 0) + "." + text(claims, 5000) + ".AA")
                        .ifPresent(token -> token.saysIssuer("x")))
                .doesNotThrowAnyException();
    }

    private static String text(String json, int depth) {
        String nested = json.formatted("[".repeat(depth) + "]".repeat(depth));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(nested.getBytes(StandardCharsets.UTF_8));
    }
}
