package dev.moorage.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something that is asked of each registry in turn.
 *
 * @param what for the table
 * @param clients how many connections ask at once
 * @param bytes how many bytes of content one piece of work moves; 0 where requests count
 * @param setting makes a registry ready for all measurements; what it gives makes ready what one of them needs, and neither
 *     is measured
 */
record LoadScenario(String what, int clients, long bytes, Function<LoadTarget, Supplier<Load>> setting) {

    /** One piece of work on a client's connection, whose time is taken: a request or several. */
    @FunctionalInterface
    interface Work {
        void on(LoadConnection connection);
    }

    /** What the clients of one measurement do. */
    sealed interface Load {}

    /** All clients do the same until the time is over. */
    record Again(Work work) implements Load {}

    /** Each piece is done once, by whichever client comes to it. */
    record Once(List<Work> work) implements Load {
        Once {
            work = List.copyOf(work);
        }
    }

    /** One request again and again, on connections that are as many as these; it is demanded once before. */
    static LoadScenario requests(String what, int clients, String method, Function<LoadTarget, String> setting) {
        return new LoadScenario(what, clients, 0, target -> {
            String path = setting.apply(target);
            Work work = connection -> connection
                    .head(method, path, "Accept: " + LoadTarget.MANIFESTS)
                    .expect(200);
            target.does(work);
            return () -> new Again(work);
        });
    }

    /** What a client does next; empty when it is done. */
    static Supplier<Optional<Work>> next(Load load, long endNanos) {
        return switch (load) {
            case Again(Work work) -> {
                Optional<Work> same = Optional.of(work);
                yield () -> System.nanoTime() - endNanos < 0 ? same : Optional.empty();
            }
            case Once(List<Work> work) -> {
                ConcurrentLinkedQueue<Work> left = new ConcurrentLinkedQueue<>(work);
                yield () -> Optional.ofNullable(left.poll());
            }
        };
    }
}
