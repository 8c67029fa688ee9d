package dev.moorage.http;

import dev.moorage.config.MoorageConfig;
import dev.moorage.drain.Drain;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The requests that the end of the program waits for.
 *
 * <p>While it is about to end every answer says that the connection ends with it, so that the next request goes elsewhere; in
 * HTTP/2 the connection takes no new stream, and those that it has go on.
 */
@ApplicationScoped
class RequestsUnderWay {

    // Before all others: whatever answers, it was under way.
    private static final int FIRST = 11_000;

    // Longer than the sequence waits for any: the server closes the connection with all its streams after it.
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final Set<HttpServerRequest> requests = ConcurrentHashMap.newKeySet();
    private final Drain drain;
    private final long longest;

    RequestsUnderWay(Drain drain, MoorageConfig config) {
        this.drain = drain;
        this.longest = Drain.longest(config.drain()).plus(MARGIN).toMillis();
        drain.atBegin(() -> requests.forEach(request -> Drain.attempt(() -> leave(request))));
        drain.atCut(() -> requests.forEach(request -> Drain.attempt(() -> Cut.failed(request))));
    }

    void register(@Observes Filters filters) {
        filters.register(this::count, FIRST);
    }

    private void count(RoutingContext context) {
        HttpServerRequest request = context.request();
        Drain.Work work = drain.request();
        requests.add(request);
        context.addHeadersEndHandler(_ -> {
            if (drain.begun() && !Cut.isShared(request)) {
                context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        });
        context.addEndHandler(_ -> {
            requests.remove(request);
            work.close();
            // Closed with something unread, it would take the answer with it.
            if (drain.begun() && !Cut.isShared(request) && request.isEnded()) {
                request.connection().close();
            }
        });
        if (drain.begun()) {
            Drain.attempt(() -> leave(request));
        }
        context.next();
    }

    private void leave(HttpServerRequest request) {
        if (Cut.isShared(request)) {
            var unused = request.connection().shutdown(longest, TimeUnit.MILLISECONDS);
        }
    }
}
