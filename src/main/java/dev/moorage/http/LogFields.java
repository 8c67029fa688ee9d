package dev.moorage.http;

import dev.moorage.access.Grant;
import org.jboss.logging.MDC;

/** What every line of the log about a request has beside its text. */
public final class LogFields {

    /** The field that names who makes the request. */
    public static final String CALLER = "caller";

    /** The field that names the request. */
    public static final String REQUEST = "request";

    private LogFields() {}

    /** What the request at hand is called. */
    public static String request() {
        return String.valueOf(MDC.get(REQUEST));
    }

    /** Notes whose grant it is, and hands it on. */
    public static Grant noted(Grant grant) {
        MDC.put(CALLER, grant.caller().account());
        return grant;
    }
}
