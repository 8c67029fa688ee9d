package dev.moorage.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.function.BiConsumer;

/**
 * Spares requests that no framework authenticates what the framework does for those that fail at that: where traces can be made it
 * sorts all paths of the program anew for each request, a tenth of the processor time of a push.
 *
 * <p>Between the handler that makes ready for a failure and the one that looks which path it would be of.
 */
class PlainFailures {

    /** Behind the framework's own filter of this priority, which was registered before. */
    private static final int AUTHENTICATION = 200;

    private static final String BY_THE_FRAMEWORK = "/auth/oidc";
    private static final BiConsumer<RoutingContext, Throwable> FAIL = RoutingContext::fail;

    void register(@Observes Filters filters) {
        filters.register(PlainFailures::spare, AUTHENTICATION);
    }

    private static void spare(RoutingContext context) {
        if (!context.request().uri().startsWith(BY_THE_FRAMEWORK)) {
            context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, FAIL);
        }
        context.next();
    }
}
