package dev.moorage.access;

import dev.moorage.config.Meters;
import io.micrometer.core.instrument.Counter;

/** How many come in and how many do not; never who. */
final class LoginMeter {

    private static final String ISSUED = "moorage.tokens.issued";
    private static final String ISSUED_DESCRIPTION = "Tokens that were given, by the kind of those who got them";
    private static final String FAILED = "moorage.login.failures";
    private static final String FAILED_DESCRIPTION = "Logins that failed, by what was shown";

    private static final Counter ANONYMOUS = Meters.counter(ISSUED, ISSUED_DESCRIPTION, "to", "anonymous");
    private static final Counter ACCOUNT = Meters.counter(ISSUED, ISSUED_DESCRIPTION, "to", "account");
    private static final Counter ROBOT = Meters.counter(ISSUED, ISSUED_DESCRIPTION, "to", "robot");
    private static final Counter JOB = Meters.counter(ISSUED, ISSUED_DESCRIPTION, "to", "job");
    private static final Counter EXTERNAL = Meters.counter(ISSUED, ISSUED_DESCRIPTION, "to", "external");
    private static final Counter PASSWORD = Meters.counter(FAILED, FAILED_DESCRIPTION, "shown", "password");
    private static final Counter SECRET = Meters.counter(FAILED, FAILED_DESCRIPTION, "shown", "secret");
    private static final Counter THROTTLED = Meters.counter(
            "moorage.login.throttled", "Logins that were refused unread, after too many that had failed");
    private static final Counter LIMITED =
            Meters.counter("moorage.requests.limited", "Requests that were refused, after too many in a minute");

    private LoginMeter() {}

    static void issued(Principal principal) {
        switch (principal) {
            case Principal.Anonymous _ -> ANONYMOUS.increment();
            case Principal.Account _ -> ACCOUNT.increment();
            case Principal.Robot _ -> ROBOT.increment();
            case Principal.Job _ -> JOB.increment();
            case Principal.External _ -> EXTERNAL.increment();
        }
    }

    static void wrongPassword() {
        PASSWORD.increment();
    }

    static void wrongSecret() {
        SECRET.increment();
    }

    static void throttled() {
        THROTTLED.increment();
    }

    static void limited() {
        LIMITED.increment();
    }
}
