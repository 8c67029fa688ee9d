package dev.moorage.http.v2;

import dev.moorage.http.Cut;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

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
        Rest rest = new Rest(vertx, request);
        request.handler(rest::drained);
        request.endHandler(_ -> rest.end());
        request.exceptionHandler(_ -> rest.end());
        request.resume();
        rest.limit();
    }

    /** What a request still sends. */
    private static final class Rest {
        private final Vertx vertx;
        private final HttpServerRequest request;
        private final AtomicBoolean ended = new AtomicBoolean();
        private long drained;
        private volatile long timer = -1;

        Rest(Vertx vertx, HttpServerRequest request) {
            this.vertx = vertx;
            this.request = request;
        }

        private void drained(Buffer bytes) {
            drained += bytes.length();
            if (drained > MAX_BYTES) {
                end();
                Cut.answered(request);
            }
        }

        /** A timer keeps the request, and all that belongs to it, in memory: there is one only while bytes are to come. */
        private void limit() {
            // The end is told once only, mostly before anybody listened here.
            if (request.isEnded()) {
                return;
            }
            timer = vertx.setTimer(Cut.isShared(request) ? MILLIS_OF_A_STREAM : MILLIS_OF_A_CONNECTION, _ -> {
                // The connection may serve another one by now.
                if (!request.isEnded()) {
                    Cut.answered(request);
                }
            });
            if (ended.get() || request.isEnded()) {
                vertx.cancelTimer(timer);
            }
        }

        private void end() {
            ended.set(true);
            vertx.cancelTimer(timer);
        }
    }
}
