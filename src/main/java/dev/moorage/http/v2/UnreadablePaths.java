package dev.moorage.http.v2;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/**
 * Leads request targets that are no URI at all to a place where they are refused as what they are: names that cannot be.
 *
 * <p>The framework would refuse them with an empty answer; {@code Main} switches that off, and this stands in its place.
 */
class UnreadablePaths {

    private static final int FIRST = 10_000;
    private static final String NO_NAME = "/v2/-/tags/list";
    private static final String UNSAFE = "\"<>\\^`{|}";

    void register(@Observes Filters filters) {
        filters.register(UnreadablePaths::lead, FIRST);
    }

    private static void lead(RoutingContext context) {
        String target = context.request().uri();
        if (isReadable(target)) {
            context.next();
        } else {
            context.reroute(HttpMethod.GET, NO_NAME);
        }
    }

    /** Whether all characters may stand in a URI (RFC 3986, appendix A), and each percent sign begins an encoded byte. */
    static boolean isReadable(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || UNSAFE.indexOf(c) >= 0 || (c == '%' && !isEncodedByte(target, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEncodedByte(String target, int percent) {
        return percent + 2 < target.length()
                && Character.digit(target.charAt(percent + 1), 16) >= 0
                && Character.digit(target.charAt(percent + 2), 16) >= 0;
    }
}
