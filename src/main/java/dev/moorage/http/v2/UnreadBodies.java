package dev.moorage.http.v2;

import dev.moorage.http.Cut;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/**
 * Reads on what an answered request still sends, so that its connection serves the next one.
 *
 * <p>A little is read and thrown away; whoever goes on sending much more to a request that was refused, or for long, loses the
 * connection, or in HTTP/2 the stream, which is ended soon: nothing has to be read there for the next one.
 */
class UnreadBodies {

    private static final int AFTER_UNREADABLE_PATHS = 9_000;
    private static final long MAX_BYTES = 16L << 20;
    private static final long MILLIS_OF_A_CONNECTION = 30_000;
    private static final long MILLIS_OF_A_STREAM = 1_000;
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
                    drain(context.vertx(), request);
                }
            });
        }
        context.next();
    }

    private static void drain(Vertx vertx, HttpServerRequest request) {
        long timer = vertx.setTimer(Cut.isShared(request) ? MILLIS_OF_A_STREAM : MILLIS_OF_A_CONNECTION, _ -> {
            // The end is told once only, perhaps before anybody listened here; and the connection may serve another by
            // now.
            if (!request.isEnded()) {
                Cut.answered(request);
            }
        });
        long[] drained = {0};
        request.handler(bytes -> {
            drained[0] += bytes.length();
            if (drained[0] > MAX_BYTES) {
                vertx.cancelTimer(timer);
                Cut.answered(request);
            }
        });
        request.endHandler(_ -> vertx.cancelTimer(timer));
        request.exceptionHandler(_ -> vertx.cancelTimer(timer));
        request.resume();
    }
}
