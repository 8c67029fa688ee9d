package dev.moorage.lifecycle;

import dev.moorage.testing.Await;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RepositoryClient;
import dev.moorage.testing.Sql;
import dev.moorage.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Measures what the collection of many deleted manifests costs the pushes and pulls beside it: the same load with and without,
 * in turn, in one run, until all is gone; run by hand, see docs/performance.md.
 *
 * <p>System properties {@code moorage.bench.manifests} (10000), {@code moorage.bench.seconds} a measurement (10) and
 * {@code moorage.bench.rounds} (6). The manifests are pushed and deleted by requests; only the time that must pass until they
 * may be collected passes at once.
 */
class CollectionBenchmark {

    private static final int MANIFESTS = Integer.getInteger("moorage.bench.manifests", 10_000);
    private static final int ROUNDS = Integer.getInteger("moorage.bench.rounds", 6);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("moorage.bench.seconds", 10));
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final int PUSHERS = 8;
    private static final int PULLERS = 8;
    private static final String DOOMED = "acme/doomed";
    private static final String LIVE = "acme/live";

    /** What pushers and pullers got done: images a second, and the time that most of them took, in milliseconds. */
    private record Rates(double pushes, double pulls, double slowPush, double slowPull) {}

    @Test
    void measure() throws InterruptedException {
        MoorageProcess.Settings settings = MoorageProcess.Settings.usual()
                .option("-Xmx256m")
                .property("moorage.collection.interval", "1s")
                .property("moorage.collection.delay.manifest-gone", "0s")
                .property("moorage.collection.delay.link-gone", "0s");
        try (MoorageProcess program = MoorageProcess.start("bench-collection", settings)) {
            Sql sql = new Sql(program.database().source());
            fill(program);
            long filled = bytes(program);
            // Nobody waits for a day: what nothing but a manifest keeps is as old as after one.
            sql.change("UPDATE repository_blob SET leased_at = leased_at - interval '2 days'");
            Image image = ImageFactory.fresh().image();
            program.client().repository(LIVE).push("v1", image);
            load(program, image);

            List<Rates> without = new ArrayList<>();
            List<Rates> with = new ArrayList<>();
            Duration collected = Duration.ZERO;
            for (int round = 0; round < ROUNDS; round++) {
                without.add(load(program, image));
                release(sql);
                long begin = System.nanoTime();
                with.add(load(program, image));
                collected = collected.plusNanos(System.nanoTime() - begin);
                System.out.printf(
                        "round %d: %s without, %s with; %,d manifests, %,d links and %,d blobs of them left, %,d in the queue%n",
                        round + 1,
                        without.getLast(),
                        with.getLast(),
                        left(sql, "manifest"),
                        left(sql, "repository_blob"),
                        sql.number("SELECT count(*) FROM blob"),
                        sql.number("SELECT count(*) FROM review"));
                putOff(sql);
            }
            release(sql);
            long begin = System.nanoTime();
            // The queue is empty at last; what is counted in the tables would be work beside it.
            Await.until(
                    LIMIT,
                    "the end of the collection",
                    () -> sql.rows("SELECT id FROM review LIMIT 1").isEmpty() && gone(sql));
            Duration alone = Duration.ofNanos(System.nanoTime() - begin);
            long before = bytes(program);
            sql.change("UPDATE tombstone SET not_before = now()");
            Await.until(LIMIT, "the end of the objects", () -> sql.number("SELECT count(*) FROM tombstone") == 0);
            print("push of an image", without, with, Rates::pushes, Rates::slowPush);
            print("pull of an image", without, with, Rates::pulls, Rates::slowPull);
            System.out.printf(
                    "%,d manifests with %,d bytes: %d s beside the load, then %d s alone; %,d bytes came back%n",
                    MANIFESTS, filled, collected.toSeconds(), alone.toSeconds(), before - bytes(program));
        }
    }

    /** Pushes and deletes, each manifest with a config and two layers of its own. */
    private static void fill(MoorageProcess program) throws InterruptedException {
        RepositoryClient doomed = program.client().repository(DOOMED);
        AtomicInteger left = new AtomicInteger(MANIFESTS);
        Together.run(IntStream.range(0, PUSHERS)
                .<Callable<Boolean>>mapToObj(client -> () -> {
                    ImageFactory factory = ImageFactory.seeded(client);
                    while (left.getAndDecrement() > 0) {
                        Image image = factory.image();
                        doomed.push(image.digest(), image);
                        doomed.delete("manifests/" + image.digest()).expect(202);
                    }
                    return true;
                })
                .toList());
    }

    private static Rates load(MoorageProcess program, Image image) throws InterruptedException {
        RepositoryClient live = program.client().repository(LIVE);
        List<Long> pushes = Collections.synchronizedList(new ArrayList<>());
        List<Long> pulls = Collections.synchronizedList(new ArrayList<>());
        AtomicLong number = new AtomicLong();
        long begin = System.nanoTime();
        long end = begin + LENGTH.toNanos();
        Stream<Callable<Boolean>> pushers = IntStream.range(0, PUSHERS).mapToObj(_ -> () -> {
            ImageFactory factory = ImageFactory.fresh();
            return repeat(end, pushes, () -> live.push("p" + number.incrementAndGet(), factory.image()));
        });
        Stream<Callable<Boolean>> pullers = IntStream.range(0, PULLERS)
                .mapToObj(_ -> () -> repeat(end, pulls, () -> {
                    live.get("manifests/v1").expect(200);
                    image.blobs()
                            .forEach(blob -> live.get("blobs/" + blob.digest()).expect(200));
                }));
        Together.run(Stream.concat(pushers, pullers).toList());
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Rates(pushes.size() / seconds, pulls.size() / seconds, slow(pushes), slow(pulls));
    }

    private static boolean repeat(long end, List<Long> took, Runnable work) {
        for (long now = System.nanoTime(); now < end; ) {
            work.run();
            long after = System.nanoTime();
            took.add(after - now);
            now = after;
        }
        return true;
    }

    private static double slow(List<Long> took) {
        long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) (sorted.length * 0.99)] / 1e6;
    }

    /** Lets everything that was deleted be collected from now on. */
    private static void release(Sql sql) {
        sql.change("UPDATE hold SET held_until = now() - interval '1 second'");
        sql.change("UPDATE review SET not_before = now()");
    }

    /** Lets nothing be collected. */
    private static void putOff(Sql sql) {
        sql.change("UPDATE hold SET held_until = now() + interval '1 day'");
        sql.change("UPDATE review SET not_before = now() + interval '1 day'");
    }

    private static boolean gone(Sql sql) {
        return left(sql, "manifest") + left(sql, "repository_blob") == 0;
    }

    private static long left(Sql sql, String table) {
        return sql.number(
                "SELECT count(*) FROM " + table
                        + " JOIN repository ON repository.id = repository_id WHERE repository.name = ?",
                DOOMED);
    }

    /** The bytes of the blobs of its store. */
    private static long bytes(MoorageProcess program) {
        return program.stored().entrySet().stream()
                .filter(file -> file.getKey().contains("blobs/"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static void print(
            String what,
            List<Rates> without,
            List<Rates> with,
            ToDoubleFunction<Rates> rate,
            ToDoubleFunction<Rates> slow) {
        double before = median(without, rate);
        double beside = median(with, rate);
        System.out.printf(
                "| %s | %.1f/s, p99 %.0f ms | %.1f/s, p99 %.0f ms | %.2f |%n",
                what, before, median(without, slow), beside, median(with, slow), beside / before);
    }

    private static double median(List<Rates> all, ToDoubleFunction<Rates> value) {
        double[] sorted = all.stream().mapToDouble(value).sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }
}
