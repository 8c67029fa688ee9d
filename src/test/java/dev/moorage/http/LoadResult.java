package dev.moorage.http;

import dev.moorage.http.LoadScenario.Load;
import dev.moorage.http.LoadScenario.Work;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What one measurement gave, or the median of several.
 *
 * @param perSecond how many pieces of work were done a second
 * @param medianMillis what half of them took at most
 * @param highMillis what 99 of 100 took at most
 * @param processorMicros the processor time of the registry for each, its database included; NaN where its process is not known
 */
record LoadResult(double perSecond, double medianMillis, double highMillis, double processorMicros) {

    /** Lets clients do the work of a scenario; those that go by time end after this long. */
    static LoadResult measure(LoadTarget target, Load load, int clients, Duration time) throws InterruptedException {
        Optional<Duration> before = target.processorTime();
        long begin = System.nanoTime();
        Supplier<Optional<Work>> next = LoadScenario.next(load, begin + time.toNanos());
        List<Callable<long[]>> all = IntStream.range(0, clients)
                .<Callable<long[]>>mapToObj(_ -> () -> client(target, next))
                .toList();
        long[] took = Together.run(all, Thread.ofPlatform().factory()).stream()
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
        double seconds = (System.nanoTime() - begin) / 1e9;
        Optional<Duration> after = target.processorTime();
        double micros = before.flatMap(from -> after.map(to -> to.minus(from).toNanos() / 1e3))
                .orElse(Double.NaN);
        return new LoadResult(
                took.length / seconds,
                took[took.length / 2] / 1e6,
                took[(int) (took.length * 0.99)] / 1e6,
                micros / took.length);
    }

    private static long[] client(LoadTarget target, Supplier<Optional<Work>> next) {
        LongStream.Builder took = LongStream.builder();
        try (LoadConnection connection = LoadConnection.open(target.base())) {
            for (Optional<Work> work = next.get(); work.isPresent(); work = next.get()) {
                long begin = System.nanoTime();
                work.get().on(connection);
                took.add(System.nanoTime() - begin);
            }
        }
        return took.build().toArray();
    }

    /** The median of each number by itself. */
    static LoadResult median(List<LoadResult> results) {
        return new LoadResult(
                median(results, LoadResult::perSecond),
                median(results, LoadResult::medianMillis),
                median(results, LoadResult::highMillis),
                median(results, LoadResult::processorMicros));
    }

    private static double median(List<LoadResult> results, ToDoubleFunction<LoadResult> number) {
        double[] sorted = results.stream().mapToDouble(number).sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }
}
