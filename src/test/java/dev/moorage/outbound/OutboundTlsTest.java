package dev.moorage.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.moorage.outbound.OutboundHttp.Bounds;
import dev.moorage.outbound.OutboundHttp.Outcome;
import dev.moorage.outbound.OutboundHttp.Outcome.Answer;
import dev.moorage.outbound.OutboundHttp.Outcome.Failed;
import dev.moorage.testing.TestSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The name in the address is the one that the certificate must have, whatever address was called. */
class OutboundTlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static HttpsServer server;
    private static SSLContext trusting;

    @BeforeAll
    static void start() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=issuer.example",
                        "-ext",
                        "san=dns:issuer.example",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = keys(file);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(trusting));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void certificateOfTheNameThatWasAskedForIsTaken() throws Exception {
        assertThat(get("issuer.example", trusting)).isEqualTo(new Answer(200, ""));
    }

    @Test
    void certificateOfAnotherNameIsNot() throws Exception {
        assertThat(get("other.example", trusting)).isInstanceOf(Failed.class);
    }

    @Test
    void certificateThatNobodyVouchesForIsNot() throws Exception {
        assertThat(get("issuer.example", SSLContext.getDefault())).isInstanceOf(Failed.class);
    }

    private static Outcome get(String host, SSLContext context) throws IOException, GeneralSecurityException {
        SSLContext before = SSLContext.getDefault();
        SSLContext.setDefault(context);
        OutboundHttp client =
                new OutboundHttp(TestSettings.with(Map.of("moorage.outbound.allowed-networks", "127.0.0.1")), _ ->
                        new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")});
        SSLContext.setDefault(before);
        try {
            return client.get(
                    URI.create("https://" + host + ':' + server.getAddress().getPort()),
                    new Bounds(1000, Duration.ofSeconds(10)));
        } finally {
            client.close();
        }
    }

    private static KeyStore keys(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(file)) {
            keys.load(stream, PASSWORD);
        }
        return keys;
    }
}
