package dev.moorage.http;

import dev.moorage.testing.Answer;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RawHttp;
import dev.moorage.testing.Sql;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Measures the console's pages in a registry of 10,000 repositories and 100,000 tags; run by hand, see docs/performance.md.
 *
 * <p>Each page is asked for again and again on one connection, and the time until its last byte was read is counted. System
 * property {@code moorage.bench.requests} (300) a page.
 */
class ConsoleBenchmark {

    private static final int REQUESTS = Integer.getInteger("moorage.bench.requests", 300);
    private static final int WARM_UPS = 100;
    private static final String FIRST = "bench/r0";

    @Test
    void measure() {
        try (MoorageProcess program = MoorageProcess.start(
                "bench-console", MoorageProcess.Settings.usual().option("-Xmx256m"))) {
            fill(program);
            System.out.printf(
                    "load average %.1f on %d processors%n",
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors());
            System.out.println("| page | first | median | p99 | size |");
            System.out.println("|---|---|---|---|---|");
            pages().forEach((what, target) -> System.out.printf("| %s | %s |%n", what, asked(program, target)));
        }
    }

    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("home", "/console");
        pages.put("organization of 10,000 repositories", "/console/organizations/bench");
        pages.put("repository", "/console/repositories/" + FIRST + "/-");
        pages.put("tag", "/console/repositories/" + FIRST + "/-/tags/v1");
        pages.put("history of a repository", "/console/repositories/" + FIRST + "/-/history");
        pages.put("search", "/console/search?q=r77");
        pages.put("images", "/console/images");
        pages.put("images by size", "/console/images?sort=-size");
        pages.put("storage", "/console/storage");
        pages.put("storage of an organization", "/console/organizations/bench/storage");
        return pages;
    }

    private static String asked(MoorageProcess program, String target) {
        long[] took = new long[REQUESTS];
        long first = 0;
        int size = 0;
        try (RawHttp raw = RawHttp.connect(program.base())) {
            for (int i = -WARM_UPS; i < REQUESTS; i++) {
                long begin = System.nanoTime();
                Answer answer = raw.head("GET", target).answer("GET");
                long time = System.nanoTime() - begin;
                if (answer.status() != 200) {
                    throw new AssertionError(target + " answered " + answer.status() + " " + answer.text());
                }
                size = answer.body().length;
                if (i == -WARM_UPS) {
                    first = time;
                }
                if (i >= 0) {
                    took[i] = time;
                }
            }
        }
        Arrays.sort(took);
        return String.format(
                Locale.ROOT,
                "%.1f ms | %.1f ms | %.1f ms | %d kB",
                first / 1e6,
                took[took.length / 2] / 1e6,
                took[(int) (took.length * 0.99)] / 1e6,
                size / 1000);
    }

    /** Ten tags in each repository, each on an image of its own. */
    private static void fill(MoorageProcess program) {
        program.client().repository(FIRST).push("v1", ImageFactory.fresh().image());
        Sql sql = new Sql(program.database().source());
        sql.change("""
                INSERT INTO repository (organization_id, name, visibility)
                SELECT organization_id, 'bench/r' || i, visibility FROM repository, generate_series(1, 9999) i
                """);
        sql.change("""
                INSERT INTO manifest (organization_id, repository_id, digest, media_type, payload, size, total_size)
                SELECT r.organization_id, r.id, 'sha256:' || encode(sha256(convert_to(r.id || ' ' || i, 'UTF8')), 'hex'),
                    m.media_type, m.payload, m.size, m.total_size
                FROM manifest m, repository r, generate_series(2, 11) i
                """);
        sql.change("""
                INSERT INTO tag (organization_id, repository_id, name, manifest_digest, pushed_at, total_size)
                SELECT r.organization_id, r.id, 'v' || i, 'sha256:' || encode(sha256(convert_to(r.id || ' ' || i, 'UTF8')), 'hex'),
                    '2026-01-01Z'::timestamptz + (r.place * 10 + i) * interval '1 minute', 1000000 + r.place
                FROM (SELECT *, row_number() OVER (ORDER BY name) AS place FROM repository) r, generate_series(2, 11) i
                """);
        sql.change("VACUUM ANALYZE");
    }
}
