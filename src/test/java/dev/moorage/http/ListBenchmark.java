package dev.moorage.http;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.Sql;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Measures pages of 100 of the 100,000 tags of one repository, the first one and one from the middle, in every order; run by
 * hand, see docs/performance.md.
 *
 * <p>Each page is asked for again and again on one connection, and the time until its last byte was read is counted. System
 * property {@code moorage.bench.requests} (2000) a page.
 */
class ListBenchmark {

    private static final int REQUESTS = Integer.getInteger("moorage.bench.requests", 2000);
    // The first requests of each kind are the compiler's, and those of statements that are prepared only later.
    private static final int WARM_UPS = 500;
    private static final int TAGS = 100_000;
    private static final int MANIFESTS = 20_000;
    private static final String REPOSITORY = "acme/large";
    private static final String LISTED = "/api/v1/repositories/" + REPOSITORY + "/-/tags?limit=100";

    @Test
    void measure() {
        try (MoorageProcess program = MoorageProcess.start(
                "bench-lists", MoorageProcess.Settings.usual().option("-Xmx256m"))) {
            fill(program);
            System.out.printf(
                    "load average %.1f on %d processors%n",
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors());
            System.out.println("| page of 100 | first: median | p99 | middle: median | p99 |");
            System.out.println("|---|---|---|---|---|");
            pages(program)
                    .forEach((what, targets) -> System.out.printf(
                            "| %s | %s | %s |%n", what, asked(program, targets[0]), asked(program, targets[1])));
        }
    }

    private static Map<String, String[]> pages(MoorageProcess program) {
        Map<String, String[]> pages = new LinkedHashMap<>();
        String list = "/v2/" + REPOSITORY + "/tags/list?n=100";
        pages.put("`/v2/…/tags/list`", new String[] {list, list + "&last=" + tag(TAGS / 2)});
        for (String order : new String[] {"name", "-name", "pushed", "-pushed", "size", "-size"}) {
            String page = LISTED + "&sort=" + order;
            pages.put("`/api/v1/…/tags?sort=" + order + "`", new String[] {page, page + "&after=" + middle(order)});
        }
        String every = LISTED + "&name=*7*";
        pages.put(
                "`/api/v1/…/tags?name=*7*`",
                new String[] {every, every + "&after=" + RegistryClient.encoded(tag(TAGS / 2))});
        String rare = LISTED + "&name=*777";
        pages.put(
                "`/api/v1/…/tags?name=*777`, one of a thousand, 5,000 looked at",
                new String[] {rare, rare + "&after=" + RegistryClient.encoded(tag(TAGS / 2))});
        pages.values().stream()
                .flatMap(Arrays::stream)
                .forEach(target -> program.client().get(target).expect(200));
        return pages;
    }

    /** Where the middle of an order is, as the page before says it. */
    private static String middle(String order) {
        int number = TAGS / 2;
        return RegistryClient.encoded(
                switch (order) {
                    case "pushed", "-pushed" -> (1_767_225_600L + number * 60L) + "000000~" + tag(number);
                    case "size", "-size" -> (1_000_000L + number) + "~" + tag(number);
                    default -> tag(number);
                });
    }

    private static String tag(int number) {
        return String.format(Locale.ROOT, "t%06d", number);
    }

    private static String asked(MoorageProcess program, String target) {
        long[] took = new long[REQUESTS];
        try (RawHttp raw = RawHttp.connect(program.base())) {
            for (int i = -WARM_UPS; i < REQUESTS; i++) {
                long begin = System.nanoTime();
                Answer answer = raw.head("GET", target).answer("GET");
                if (answer.status() != 200) {
                    throw new AssertionError(target + " answered " + answer.status());
                }
                if (i >= 0) {
                    took[i] = System.nanoTime() - begin;
                }
            }
        }
        Arrays.sort(took);
        return String.format(
                Locale.ROOT, "%.1f ms | %.1f ms", took[took.length / 2] / 1e6, took[(int) (took.length * 0.99)] / 1e6);
    }

    private static void fill(MoorageProcess program) {
        program.client().repository(REPOSITORY).push("v1", ImageFactory.fresh().image());
        Sql sql = new Sql(program.database().source());
        sql.change("""
                INSERT INTO manifest (organization_id, repository_id, digest, media_type, payload, size, total_size)
                SELECT organization_id, repository_id, 'sha256:' || encode(sha256(convert_to(i::text, 'UTF8')), 'hex'), media_type,
                    payload, size, total_size
                FROM manifest, generate_series(1, ?) i
                """, MANIFESTS);
        sql.change("""
                INSERT INTO tag (organization_id, repository_id, name, manifest_digest, pushed_at, total_size)
                SELECT organization_id, repository_id, 't' || lpad(i::text, 6, '0'),
                    'sha256:' || encode(sha256(convert_to((1 + i % ?)::text, 'UTF8')), 'hex'),
                    '2026-01-01Z'::timestamptz + i * interval '1 minute', 1000000 + i
                FROM tag, (SELECT i FROM generate_series(0, ?) i ORDER BY md5(i::text)) shuffled
                WHERE name = 'v1'
                """, MANIFESTS, TAGS - 1);
        sql.change("VACUUM ANALYZE");
    }
}
