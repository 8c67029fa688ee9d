package dev.moorage.http.v2;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/**
 * Reads on what an answered request still sends, so that its connection serves the next one.
 *
 * <p>A little is read and thrown away; whoever goes on sending much more to a request that was refused loses the
 * connection.
 */
class UnreadBodies {

    private static final int AFTER_UNREADABLE_PATHS = 9_000;
    private static final long MAX_BYTES = 16L << 20;
    private static final Set<HttpMethod> WITH_BODY =
            Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    void register(@Observes Filters filters) {
        filters.register(UnreadBodies::watch, AFTER_UNREADABLE_PATHS);
    }

    private static void watch(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (WITH_BODY.contains(request.method())) {
            context.addEndHandler(ended -> {
                if (ended.succeeded() && !request.isEnded()) {
                    drain(request);
                }
            });
        }
        context.next();
    }

    private static void drain(HttpServerRequest request) {
        long[] drained = {0};
        request.handler(bytes -> {
            drained[0] += bytes.length();
            if (drained[0] > MAX_BYTES) {
                request.connection().close();
            }
        });
        request.resume();
    }
}
