package dev.moorage.http.ui;

import dev.moorage.config.Reflective;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The style, the script and the sign that all pages have, from memory.
 *
 * <p>The framework would unpack them into files first, which nothing can be where the root file system is read-only.
 */
@Reflective("the files are those of the page, and the native build is told to keep them")
class ConsoleAssets {

    private static final String PATH = "/console/assets/";
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "console.css", "text/css;charset=UTF-8",
            "console.js", "text/javascript;charset=UTF-8",
            "moorage.svg", "image/svg+xml");

    void register(@Observes Router router) {
        MEDIA_TYPES.forEach((name, mediaType) -> {
            Asset asset = Asset.of(read(name), mediaType);
            router.route(PATH + name)
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .handler(asset::answer);
        });
    }

    private static byte[] read(String name) {
        try (InputStream file = ConsoleAssets.class.getResourceAsStream(PATH + name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Asset(Buffer content, String mediaType, String entityTag) {

        static Asset of(byte[] bytes, String mediaType) {
            return new Asset(Buffer.buffer(bytes), mediaType, '"' + digest(bytes) + '"');
        }

        private static String digest(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Each use asks whether it is still the same, so that pages of a new version have what they were written for. */
        void answer(RoutingContext context) {
            HttpServerRequest request = context.request();
            HttpServerResponse response =
                    context.response().putHeader("ETag", entityTag).putHeader("Cache-Control", "no-cache");
            String known = request.getHeader("If-None-Match");
            if (known != null && known.contains(entityTag)) {
                response.setStatusCode(304).end();
            } else {
                response.putHeader("Content-Type", mediaType);
                answerWithContent(request, response);
            }
        }

        private void answerWithContent(HttpServerRequest request, HttpServerResponse response) {
            if (request.method().equals(HttpMethod.HEAD)) {
                response.putHeader("Content-Length", Integer.toString(content.length()))
                        .end();
            } else {
                response.end(content);
            }
        }
    }
}
