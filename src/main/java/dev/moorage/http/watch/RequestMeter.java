package dev.moorage.http.watch;

import dev.moorage.config.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts requests by route, method and status, and their bytes.
 *
 * <p>Each meter is made when it is first needed and then found by its place, so that a request makes nothing new.
 */
@SuppressWarnings("EnumOrdinal") // A place in an array of this class, which nobody else sees.
final class RequestMeter {

    private static final int ROUTES = Route.values().length;
    private static final int VERBS = Verb.values().length;
    private static final int STATUSES = 600;
    // What has no status, for the client was gone before it was answered (nginx calls it 499).
    private static final int GONE = 499;

    private final AtomicReferenceArray<Timer> durations = new AtomicReferenceArray<>(ROUTES * VERBS);
    private final AtomicReferenceArray<Counter> answers = new AtomicReferenceArray<>(ROUTES * VERBS * STATUSES);
    private final AtomicReferenceArray<Counter> received = new AtomicReferenceArray<>(ROUTES);
    private final AtomicReferenceArray<Counter> sent = new AtomicReferenceArray<>(ROUTES);
    private final LongAdder open = new LongAdder();

    RequestMeter() {
        Meters.gauge("moorage.http.open", "Requests that are not answered yet", open, LongAdder::sum);
    }

    void begun() {
        open.increment();
    }

    void ended(Route route, Verb verb, int status, long nanos, long bytesReceived, long bytesSent) {
        open.decrement();
        int place = route.ordinal() * VERBS + verb.ordinal();
        Timer timer = durations.get(place);
        (timer == null ? made(durations, place, () -> duration(route, verb)) : timer)
                .record(nanos, TimeUnit.NANOSECONDS);
        int known = status >= 100 && status < STATUSES ? status : GONE;
        int answer = place * STATUSES + known;
        Counter counter = answers.get(answer);
        (counter == null ? made(answers, answer, () -> answer(route, verb, known)) : counter).increment();
        count(received, route, bytesReceived, "moorage.http.received.bytes", "Bytes of the bodies of requests");
        count(sent, route, bytesSent, "moorage.http.sent.bytes", "Bytes of the bodies of answers");
    }

    private static void count(
            AtomicReferenceArray<Counter> counters, Route route, long bytes, String name, String description) {
        if (bytes > 0) {
            Counter counter = counters.get(route.ordinal());
            (counter == null
                            ? made(
                                    counters,
                                    route.ordinal(),
                                    () -> Meters.counter(name, description, "route", route.word()))
                            : counter)
                    .increment((double) bytes);
        }
    }

    private static Timer duration(Route route, Verb verb) {
        return Meters.timer(
                "moorage.http.duration",
                "How long requests take, from their head to the last byte of the answer",
                "route",
                route.word(),
                "method",
                verb.name());
    }

    private static Counter answer(Route route, Verb verb, int status) {
        return Meters.counter(
                "moorage.http.requests",
                "Requests by what they are about, method and status; 499 for a client that went away",
                "route",
                route.word(),
                "method",
                verb.name(),
                "status",
                Integer.toString(status));
    }

    /** Two that make the same one get the same one: the registry knows it. */
    private static <T> T made(AtomicReferenceArray<T> meters, int place, Supplier<T> maker) {
        T meter = maker.get();
        meters.set(place, meter);
        return meter;
    }
}
