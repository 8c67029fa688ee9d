package dev.moorage.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * The end of one request against the will of its client: in HTTP/2 of its stream alone, for others share the connection; before
 * that there is nothing but the connection to end.
 */
public final class Cut {

    // RFC 9113, section 7.
    private static final long NO_ERROR = 0;
    private static final long INTERNAL_ERROR = 2;

    private Cut() {}

    /** Whether others may be on the same connection. */
    public static boolean isShared(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }

    /** Whose answer cannot be ended as it was announced. */
    public static void failed(HttpServerRequest request) {
        end(request, INTERNAL_ERROR);
    }

    /** Who has his answer, and goes on sending what nobody reads. */
    public static void answered(HttpServerRequest request) {
        end(request, NO_ERROR);
    }

    private static void end(HttpServerRequest request, long code) {
        if (isShared(request)) {
            request.response().reset(code);
        } else {
            request.connection().close();
        }
    }
}
