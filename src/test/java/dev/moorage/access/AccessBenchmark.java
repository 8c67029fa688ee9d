package dev.moorage.access;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.Sql;
import dev.moorage.testing.Together;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Measures what access costs: tokens by a robot's secret and by a personal token, and HEAD of a manifest in the secured mode
 * beside the open mode, in turn, in one run; run by hand, see docs/performance.md.
 *
 * <p>System properties {@code moorage.bench.rounds} (5), {@code moorage.bench.seconds} a measurement (3) and
 * {@code moorage.bench.connections} (32). The medians over the rounds are printed as a table.
 */
class AccessBenchmark {

    private static final int ROUNDS = Integer.getInteger("moorage.bench.rounds", 5);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("moorage.bench.seconds", 3));
    private static final int CONNECTIONS = Integer.getInteger("moorage.bench.connections", 32);
    // The first seconds of each program are the compiler's.
    private static final int WARM_UPS = 5;
    private static final String REPOSITORY = "acme/bench";
    private static final String MANIFEST = "/v2/" + REPOSITORY + "/manifests/v1";
    private static final String TOKEN = "/auth/token?service=moorage&scope=repository:" + REPOSITORY + ":pull,push";

    /** What is asked of whom, again and again; the header is made anew for each request. */
    private record Load(MoorageProcess program, String method, String target, Supplier<String> authorization) {}

    /** What one measurement, or the median of several, gave. */
    private record Result(double perSecond, double medianMillis, double highMillis, double cpuMicros) {}

    @Test
    void measure() throws InterruptedException {
        try (MoorageProcess open = MoorageProcess.start("bench-open", settings("open"));
                MoorageProcess secured = MoorageProcess.start("bench-secured", settings("secured"))) {
            String robot = robot(secured);
            String person = person(secured);
            open.client().repository(REPOSITORY).push("v1", ImageFactory.fresh().image());
            secured.client()
                    .showing("acme+ci", robot)
                    .repository(REPOSITORY)
                    .push("v1", ImageFactory.fresh().image());
            String token = token(secured, robot);
            String byRobot = basic("acme+ci", robot);
            String byPerson = basic("anna", person);

            Map<String, Load> loads = new LinkedHashMap<>();
            loads.put("token by a robot's secret", new Load(secured, "GET", TOKEN, () -> byRobot));
            loads.put("token by a personal token", new Load(secured, "GET", TOKEN, () -> byPerson));
            loads.put("HEAD of a manifest, open mode", new Load(open, "HEAD", MANIFEST, () -> ""));
            loads.put("HEAD of a manifest, a token", new Load(secured, "HEAD", MANIFEST, () -> "Bearer " + token));
            loads.put(
                    "HEAD of a manifest, tokens that were forgotten, four times each",
                    new Load(secured, "HEAD", MANIFEST, tokens(secured, robot)));
            print(measured(loads));
        }
    }

    private static Map<String, List<Result>> measured(Map<String, Load> loads) throws InterruptedException {
        for (int time = 0; time < WARM_UPS; time++) {
            for (Load load : loads.values()) {
                run(load);
            }
        }
        Map<String, List<Result>> results = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Load> load : loads.entrySet()) {
                results.computeIfAbsent(load.getKey(), _ -> new ArrayList<>()).add(run(load.getValue()));
            }
        }
        return results;
    }

    private static Result run(Load load) throws InterruptedException {
        Duration before = cpu(load.program());
        long begin = System.nanoTime();
        long end = begin + LENGTH.toNanos();
        List<Callable<long[]>> clients = IntStream.range(0, CONNECTIONS)
                .<Callable<long[]>>mapToObj(_ -> () -> client(load, end))
                .toList();
        long[] took = Together.run(clients).stream()
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = cpu(load.program()).minus(before).toNanos() / 1e3;
        return new Result(
                took.length / seconds,
                took[took.length / 2] / 1e6,
                took[(int) (took.length * 0.99)] / 1e6,
                cpu / took.length);
    }

    private static long[] client(Load load, long end) {
        LongStream.Builder took = LongStream.builder();
        try (RawHttp raw = RawHttp.connect(load.program().base())) {
            for (long now = System.nanoTime(); now < end; ) {
                Answer answer = raw.head(
                                load.method(),
                                load.target(),
                                "Authorization: " + load.authorization().get())
                        .answer(load.method());
                if (answer.status() != 200) {
                    throw new AssertionError(load.target() + " answered " + answer.status());
                }
                long after = System.nanoTime();
                took.add(after - now);
                now = after;
            }
        }
        return took.build().toArray();
    }

    /** The processor time of a program and of its database. */
    private static Duration cpu(MoorageProcess program) {
        ProcessHandle process = ProcessHandle.of(program.pid()).orElseThrow();
        return Stream.concat(Stream.of(process), process.descendants())
                .flatMap(one -> one.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** More tokens than the registry remembers, as many clients have them. */
    private static Supplier<String> tokens(MoorageProcess program, String robot) {
        List<String> tokens = IntStream.range(0, 8192)
                .mapToObj(_ -> "Bearer " + token(program, robot))
                .toList();
        AtomicInteger next = new AtomicInteger();
        return () -> tokens.get(Math.floorMod(next.getAndIncrement() / 4, tokens.size()));
    }

    private static String token(MoorageProcess program, String robot) {
        return program.client()
                .showing("acme+ci", robot)
                .get(TOKEN)
                .expect(200)
                .json()
                .get("token")
                .asText();
    }

    private static MoorageProcess.Settings settings(String mode) {
        return MoorageProcess.Settings.usual()
                .option("-Xmx256m")
                .property("moorage.access.mode", mode)
                .property("moorage.access.tokens.lifetime", "1h")
                .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef");
    }

    private static String robot(MoorageProcess program) {
        Secret secret = Secret.make(Secret.Kind.ROBOT);
        new Sql(program.database().source()).change("""
                WITH acme AS (INSERT INTO organization (name) VALUES ('acme') RETURNING id),
                    made AS (INSERT INTO robot (organization_id, name, secret_hash) SELECT id, 'ci', ? FROM acme RETURNING *)
                INSERT INTO permission_grant (organization_id, role, robot_id) SELECT organization_id, 'writer', id FROM made
                """, (Object) secret.hash());
        return secret.reveal();
    }

    private static String person(MoorageProcess program) {
        Secret secret = Secret.make(Secret.Kind.PERSONAL);
        new Sql(program.database().source()).change("""
                WITH made AS (INSERT INTO account (name) VALUES ('anna') RETURNING id),
                    held AS (
                        INSERT INTO permission_grant (organization_id, role, account_id)
                        SELECT o.id, 'writer', made.id FROM made, organization o WHERE o.name = 'acme')
                INSERT INTO access_token (account_id, name, secret_hash, actions) SELECT id, 'bench', ?, '{pull,push}' FROM made
                """, (Object) secret.hash());
        return secret.reveal();
    }

    private static String basic(String user, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static void print(Map<String, List<Result>> results) {
        System.out.println("| what | a second | median | p99 | processor time each, database included |");
        System.out.println("|---|---|---|---|---|");
        results.forEach((what, all) -> System.out.printf(
                "| %s | %,.0f | %.1f ms | %.0f ms | %.0f µs |%n",
                what,
                median(all.stream().map(Result::perSecond)),
                median(all.stream().map(Result::medianMillis)),
                median(all.stream().map(Result::highMillis)),
                median(all.stream().map(Result::cpuMicros))));
    }

    private static double median(Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
