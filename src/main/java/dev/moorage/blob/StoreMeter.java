package dev.moorage.blob;

import dev.moorage.config.Meters;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** How long the store takes for what it is asked, and whether it does it. */
final class StoreMeter {

    private static final Map<Operation, Timer> DONE = timers("done");
    private static final Map<Operation, Timer> FAILED = timers("failed");

    private StoreMeter() {}

    /** What a store is asked; to a bucket each is one request, with its repetitions. */
    enum Operation {
        /** A whole object is put. */
        PUT("put"),
        /** A multipart upload is begun. */
        BEGIN("begin"),
        /** A part is put. */
        PART("put a part of"),
        /** An object is made final: its parts are put together, or its file is flushed. */
        COMPLETE("complete"),
        /** A multipart upload is given up. */
        ABORT("abort"),
        /** An object is opened for reading, until its first byte. */
        READ("read"),
        /** An object is looked at. */
        STAT("look at"),
        /** An object is removed. */
        DELETE("remove"),
        /** A page of objects is listed. */
        LIST("list");

        private final String doing;

        Operation(String doing) {
            this.doing = doing;
        }

        /** As the message of a failure says it. */
        String doing() {
            return doing;
        }
    }

    /** What a file system does. */
    @FunctionalInterface
    interface FileWork<T> {
        T run() throws IOException;
    }

    /** Counts a request, and shows it in the trace that it belongs to; every exception is a failure. */
    static <T> T time(Operation operation, Supplier<T> request) {
        if (!Span.current().getSpanContext().isSampled()) {
            return timed(operation, request);
        }
        Span span = GlobalOpenTelemetry.getTracer("moorage")
                .spanBuilder("store " + operation.name().toLowerCase(Locale.ROOT))
                .setSpanKind(SpanKind.CLIENT)
                .startSpan();
        try {
            return timed(operation, request);
        } catch (RuntimeException e) {
            // Not its message: that names the object.
            span.setStatus(StatusCode.ERROR);
            throw e;
        } finally {
            span.end();
        }
    }

    private static <T> T timed(Operation operation, Supplier<T> request) {
        long begin = System.nanoTime();
        T answer;
        try {
            answer = request.get();
        } catch (RuntimeException e) {
            count(FAILED, operation, begin);
            throw e;
        }
        count(DONE, operation, begin);
        return answer;
    }

    /** Counts what a file system does; every exception is a failure. */
    static <T> T timeFile(Operation operation, FileWork<T> work) throws IOException {
        long begin = System.nanoTime();
        T answer;
        try {
            answer = work.run();
        } catch (IOException | RuntimeException e) {
            count(FAILED, operation, begin);
            throw e;
        }
        count(DONE, operation, begin);
        return answer;
    }

    private static void count(Map<Operation, Timer> timers, Operation operation, long begin) {
        timers.get(operation).record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }

    private static Map<Operation, Timer> timers(String outcome) {
        return Arrays.stream(Operation.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        operation -> Meters.timer(
                                "moorage.store.operations",
                                "What the store of blobs was asked, by what and what came of it",
                                "operation",
                                operation.name().toLowerCase(Locale.ROOT),
                                "outcome",
                                outcome),
                        (one, _) -> one,
                        () -> new EnumMap<>(Operation.class)));
    }
}
