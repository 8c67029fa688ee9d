package dev.moorage.http.watch;

import dev.moorage.config.MoorageConfig;
import dev.moorage.http.ClientAddress;
import dev.moorage.http.LogFields;
import dev.moorage.http.RawPath;
import io.quarkus.arc.Unremovable;
import io.quarkus.vertx.core.runtime.VertxMDC;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.jboss.logging.MDC;

/**
 * Sees each request come and go, before everything else: names it, counts it, and writes it into the access log.
 *
 * <p>It runs on the event loop, twice for each request, and does nothing there but count.
 */
@Unremovable
@ApplicationScoped
class RequestWatch {

    private static final int BEFORE_ALL_OTHERS = 20_000;
    private static final String SEEN = "moorage.seen";
    private static final String NOBODY = "-";

    private final RequestMeter meter = new RequestMeter();
    private final ClientAddress addresses;
    private final AccessLog log;
    private final boolean logged;

    RequestWatch(ClientAddress addresses, AccessLog log, MoorageConfig config) {
        this.addresses = addresses;
        this.log = log;
        this.logged = config.http().accessLog();
    }

    void register(@Observes Filters filters) {
        filters.register(this::watch, BEFORE_ALL_OTHERS);
    }

    private void watch(RoutingContext context) {
        // What is led elsewhere comes by again.
        if (context.get(SEEN) == null) {
            context.put(SEEN, true);
            begin(context);
        }
        context.next();
    }

    private void begin(RoutingContext context) {
        long begin = System.nanoTime();
        HttpServerRequest request = context.request();
        String id = RequestId.of(request.getHeader(RequestId.HEADER));
        context.response().putHeader(RequestId.HEADER, id);
        MDC.put(LogFields.REQUEST, id);
        meter.begun();
        Context fields = logged ? Vertx.currentContext() : null;
        // As it was asked for: what is led elsewhere has another target then.
        String path = RawPath.of(request.uri());
        Verb verb = Verb.of(request.method().name());
        context.addEndHandler(ended -> {
            HttpServerResponse response = context.response();
            int status = ended.succeeded() || response.headWritten() ? response.getStatusCode() : 0;
            end(
                    request,
                    verb,
                    path,
                    status,
                    response.bytesWritten(),
                    System.nanoTime() - begin,
                    id,
                    Optional.ofNullable(fields));
        });
    }

    private void end(
            HttpServerRequest request,
            Verb verb,
            String path,
            int status,
            long sent,
            long nanos,
            String id,
            Optional<Context> fields) {
        long received = request.bytesRead();
        meter.ended(Route.of(path), verb, status, nanos, received, sent);
        fields.ifPresent(kept -> {
            String caller = VertxMDC.INSTANCE.get(LogFields.CALLER, kept);
            log.write(new AccessLog.Entry(
                    addresses.of(request),
                    caller == null ? NOBODY : caller,
                    verb,
                    path,
                    status,
                    received,
                    sent,
                    nanos,
                    id));
        });
    }
}
