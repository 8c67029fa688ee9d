package dev.moorage.http.watch;

import dev.moorage.config.Meters;
import dev.moorage.http.LogFields;
import io.micrometer.core.instrument.Counter;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Writes a line for each request, by a thread of its own: a terminal that is slow holds up no request. Where it cannot keep up
 * lines are lost, and counted.
 *
 * <p>A line never has a query, a header or a body, and each character of a path that could begin another field or line is
 * encoded.
 */
@ApplicationScoped
class AccessLog {

    private static final Logger LOG = Logger.getLogger(AccessLog.class);
    private static final int WAITING = 8192;
    private static final int LONGEST = 512;
    private static final long LAST_WORDS_MILLIS = 2000;

    private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Counter lost =
            Meters.counter("moorage.access.log.lost", "Lines that the access log could not write in time");
    private Thread writer;

    /** A request that is over. */
    record Entry(
            String address,
            String caller,
            Verb verb,
            String path,
            int status,
            long received,
            long sent,
            long nanos,
            String id) {

        String line() {
            return "address=%s caller=%s method=%s path=%s status=%d received=%d sent=%d micros=%d"
                    .formatted(
                            safe(address),
                            safe(caller),
                            verb,
                            safe(path),
                            status,
                            received,
                            sent,
                            TimeUnit.NANOSECONDS.toMicros(nanos));
        }
    }

    void write(Entry entry) {
        start();
        if (!waiting.offer(entry)) {
            lost.increment();
        }
    }

    private synchronized void start() {
        if (writer == null) {
            writer = Thread.ofPlatform().daemon().name("access-log").start(this::writeAll);
        }
    }

    private void writeAll() {
        try {
            while (true) {
                Entry entry = waiting.take();
                MDC.put(LogFields.REQUEST, entry.id());
                LOG.info(entry.line());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the last lines a moment. */
    @PreDestroy
    synchronized void close() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
        while (writer != null && !waiting.isEmpty() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        if (writer != null) {
            writer.interrupt();
        }
    }

    /** Text that holds no space, no quote and no line end, and no more than so much. */
    static String safe(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), LONGEST) + 16);
        for (int i = 0; i < text.length() && safe.length() < LONGEST; i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=') {
                safe.append(c);
            } else {
                safe.append("%u").append(Integer.toHexString(0x10000 | c), 1, 5);
            }
        }
        return safe.isEmpty() ? "-" : safe.toString();
    }
}
