package dev.moorage.health;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * A question to something that may never answer.
 *
 * <p>It is asked once at a time, by a thread of its own, however many probes want to know; an answer serves all who come soon
 * after. Who waits does so for a short time, counted from when it was asked: nothing piles up behind what hangs.
 */
final class Question {

    /** How long an answer is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration FRESH = Duration.ofMillis(500);

    private final String name;
    private final Duration patience;
    private final Supplier<Map<String, String>> source;
    private CompletableFuture<Map<String, String>> asked = CompletableFuture.completedFuture(Map.of());
    private long askedAt = System.nanoTime() - FRESH.toNanos();
    private volatile double up = Double.NaN;

    /**
     * Asks nothing yet.
     *
     * @param name what is asked, as the probe names it
     * @param source answers with what is worth knowing, or fails with the reason as its message
     */
    Question(String name, Supplier<Map<String, String>> source) {
        this(name, PATIENCE, source);
    }

    Question(String name, Duration patience, Supplier<Map<String, String>> source) {
        this.name = name;
        this.patience = patience;
        this.source = source;
    }

    /** The answer as a probe gives it. */
    HealthCheckResponse answer() {
        HealthCheckResponse given = await();
        up = given.getStatus() == Status.UP ? 1 : 0;
        return given;
    }

    /** The last answer that was given, as a meter shows it: 1 where it was good and 0 where not, and no number before the first. */
    double up() {
        return up;
    }

    private HealthCheckResponse await() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named(name);
        try {
            Waiting waiting = ask();
            waiting.answer()
                    .get(Math.max(0, waiting.patienceNanos()), TimeUnit.NANOSECONDS)
                    .forEach(answer::withData);
            return answer.up().build();
        } catch (TimeoutException _) {
            return answer.down().withData("reason", "no answer in time").build();
        } catch (ExecutionException e) {
            return answer.down()
                    .withData("reason", String.valueOf(e.getCause().getMessage()))
                    .build();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return answer.down().withData("reason", "the program is ending").build();
        }
    }

    private record Waiting(CompletableFuture<Map<String, String>> answer, long patienceNanos) {}

    private synchronized Waiting ask() {
        long age = System.nanoTime() - askedAt;
        if (asked.isDone() && age >= FRESH.toNanos()) {
            CompletableFuture<Map<String, String>> next = new CompletableFuture<>();
            asked = next;
            askedAt = System.nanoTime();
            age = 0;
            // No virtual one: a file system that is away holds its thread, and would hold one that all others run on.
            Thread.ofPlatform().daemon().name("probe-" + name).start(() -> next.completeAsync(source, Runnable::run));
        }
        return new Waiting(asked, patience.toNanos() - age);
    }
}
