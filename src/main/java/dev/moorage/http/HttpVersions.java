package dev.moorage.http;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * HTTP/2 where TLS has agreed on it, and nowhere else.
 *
 * <p>Spoken in the clear it begins as a request to change the protocol, which a proxy may hand on without knowing what it
 * opens: what is said behind it passes every rule that the proxy has.
 */
@Singleton
class HttpVersions implements HttpServerOptionsCustomizer {

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }
}
