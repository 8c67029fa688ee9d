package dev.moorage.http;

import dev.moorage.testing.MoorageProcess;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Measures pushes, pulls and lists: of the packaged program on its embedded database, and of other registries beside it that
 * run already, all in turn within each round; run by hand, see docs/performance.md.
 *
 * <p>System properties {@code moorage.bench.scenarios} (all), names of {@link #scenarios} divided by commas, and {@code
 * moorage.bench.peers}, each {@code NAME=URL} or {@code NAME=URL=PID} on this machine, without which its processor time is not
 * told; {@code moorage.bench.rounds} (5), {@code moorage.bench.warmups} (3) before them, {@code moorage.bench.seconds} (3) of a
 * measurement that has no end of its own, and {@code moorage.bench.jvm}, the program's options ({@code -Xmx256m}). How large
 * things are: {@code moorage.bench.mebibytes} (256) a large blob, {@code moorage.bench.images} (100) a measurement, {@code
 * moorage.bench.layer} (20000) the bytes of a small layer, {@code moorage.bench.connections} (32), {@code moorage.bench.tags} (2000), {@code moorage.bench.repositories} (500) and {@code
 * moorage.bench.referrers} (1000).
 */
class LoadBenchmark {

    private static final int ROUNDS = Integer.getInteger("moorage.bench.rounds", 5);
    private static final int WARM_UPS = Integer.getInteger("moorage.bench.warmups", 3);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("moorage.bench.seconds", 3));

    private static Map<String, List<LoadScenario>> scenarios() {
        int mebibytes = Integer.getInteger("moorage.bench.mebibytes", 256);
        int connections = Integer.getInteger("moorage.bench.connections", 32);
        Map<String, List<LoadScenario>> scenarios = new LinkedHashMap<>();
        scenarios.put("push-large", LargeLoads.push(mebibytes));
        scenarios.put("pull-large", LargeLoads.pull(mebibytes));
        scenarios.put("chunked", LargeLoads.chunked(mebibytes));
        scenarios.put("push-small", SmallLoads.push(Integer.getInteger("moorage.bench.images", 100)));
        scenarios.put("manifest-head", SmallLoads.manifest("HEAD", connections));
        scenarios.put("manifest-get", SmallLoads.manifest("GET", connections));
        scenarios.put("blob-head", SmallLoads.blob("HEAD", connections));
        scenarios.put("blob-get", SmallLoads.blob("GET", connections));
        scenarios.put("tags-list", ListLoads.tags(Integer.getInteger("moorage.bench.tags", 2000)));
        scenarios.put("catalog", ListLoads.catalog(Integer.getInteger("moorage.bench.repositories", 500)));
        scenarios.put("referrers", ListLoads.referrers(Integer.getInteger("moorage.bench.referrers", 1000)));
        return scenarios;
    }

    @Test
    void measure() throws InterruptedException {
        List<LoadScenario> chosen = chosen();
        List<LoadTarget> peers =
                listed("moorage.bench.peers").map(LoadTarget::parse).toList();
        MoorageProcess.Settings settings = MoorageProcess.Settings.usual();
        for (String option :
                System.getProperty("moorage.bench.jvm", "-Xmx256m").strip().split(" +", -1)) {
            settings = settings.option(option);
        }
        try (MoorageProcess program = MoorageProcess.start("bench-load", settings)) {
            List<LoadTarget> targets = new ArrayList<>(List.of(LoadTarget.of(program)));
            targets.addAll(peers);
            System.out.printf(
                    "load average %.1f on %d processors%n",
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors());
            System.out.println("| what | program | a second | lowest and highest | median | p99 | processor time |");
            System.out.println("|---|---|---|---|---|---|---|");
            for (LoadScenario scenario : chosen) {
                measure(scenario, targets);
            }
        }
    }

    private static List<LoadScenario> chosen() {
        Map<String, List<LoadScenario>> all = scenarios();
        List<String> names = listed("moorage.bench.scenarios").toList();
        for (String name : names) {
            if (!all.containsKey(name)) {
                throw new IllegalArgumentException("no scenario " + name + ", but " + all.keySet());
            }
        }
        return all.entrySet().stream()
                .filter(entry -> names.isEmpty() || names.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private static Stream<String> listed(String property) {
        return Stream.of(System.getProperty(property, "").split(",", -1))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private static void measure(LoadScenario scenario, List<LoadTarget> targets) throws InterruptedException {
        Map<LoadTarget, Supplier<LoadScenario.Load>> loads = new LinkedHashMap<>();
        Map<LoadTarget, String> unable = new LinkedHashMap<>();
        for (LoadTarget target : targets) {
            try {
                loads.put(target, scenario.setting().apply(target));
            } catch (AssertionError | UncheckedIOException e) {
                if (target.equals(targets.getFirst())) {
                    throw e;
                }
                // Not every registry has everything.
                unable.put(target, e.getMessage());
            }
        }
        Map<LoadTarget, List<LoadResult>> results = new LinkedHashMap<>();
        loads.keySet().forEach(target -> results.put(target, new ArrayList<>()));
        List<LoadTarget> turn = new ArrayList<>(loads.keySet());
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (LoadTarget target : turn) {
                LoadScenario.Load load = loads.get(target).get();
                LoadResult result = LoadResult.measure(target, load, scenario.clients(), LENGTH);
                if (round >= 0) {
                    results.get(target).add(result);
                }
            }
            // Whoever comes behind another one finds the disk as that one left it.
            Collections.rotate(turn, 1);
        }
        print(scenario, results);
        unable.forEach((target, why) ->
                System.out.printf("| %s | %s | not measured: %s | | | | |%n", scenario.what(), target.name(), why));
    }

    private static void print(LoadScenario scenario, Map<LoadTarget, List<LoadResult>> results) {
        LoadResult first = LoadResult.median(results.values().iterator().next());
        boolean content = scenario.bytes() > 0;
        // Megabytes of 10^6 bytes, gigabytes of 10^9.
        double size = content ? scenario.bytes() / 1e6 : 1;
        results.forEach((target, all) -> {
            LoadResult median = LoadResult.median(all);
            DoubleSummaryStatistics rates = all.stream()
                    .mapToDouble(result -> result.perSecond() * size)
                    .summaryStatistics();
            System.out.printf(
                    "| %s | %s | %s%s%s | %s to %s | %s ms | %s ms | %s |%n",
                    scenario.what(),
                    target.name(),
                    number(median.perSecond() * size),
                    content ? " MB/s" : "",
                    ratio(median.perSecond(), first.perSecond()),
                    number(rates.getMin()),
                    number(rates.getMax()),
                    number(median.medianMillis()),
                    number(median.highMillis()),
                    Double.isNaN(median.processorMicros())
                            ? ""
                            : number(median.processorMicros() / (content ? size * 1e3 : 1))
                                    + (content ? " s/GB" : " µs")
                                    + ratio(median.processorMicros(), first.processorMicros()));
        });
    }

    /** Three digits, or all where there are more before the point. */
    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 99.95 ? "%,.0f" : value >= 9.995 ? "%.1f" : "%.2f", value);
    }

    /** Beside the first program, whose own ratio says nothing. */
    private static String ratio(double value, double first) {
        return value == first ? "" : String.format(Locale.ROOT, " (%.2f)", value / first);
    }
}
