package dev.moorage.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.testing.Await;
import dev.moorage.testing.BucketSettings;
import dev.moorage.testing.FakeS3;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import dev.moorage.testing.RepositoryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code /q/metrics} shows is bounded whatever clients send, and is what the page, the dashboard and the alerts name. */
class MetricsIT {

    private static final String BUCKET = "blobs";
    private static final String PASSWORD = "a password of the administrator";
    private static final Pattern OURS = Pattern.compile("\\b(?:moorage|agroal|jvm|process)_[a-z0-9_]+");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    private static FakeS3 store;
    private static MoorageProcess program;
    private static RegistryClient administrator;

    @BeforeAll
    static void start() {
        store = FakeS3.with(BUCKET);
        program = MoorageProcess.start(
                "metrics",
                BucketSettings.of(store, BUCKET)
                        .property("moorage.access.mode", "secured")
                        .property("moorage.access.admin-password", PASSWORD)
                        .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                        .property("moorage.organizations.auto-create", "true")
                        .property("moorage.uploads.reaper-interval", "1s")
                        .property("moorage.uploads.removal-delay", "0s")
                        .property("moorage.collection.interval", "1s"));
        administrator = program.client().as("admin", PASSWORD);
        RepositoryClient repository = administrator.newRepository();
        ImageFactory images = ImageFactory.fresh();
        ImageFactory.Image image = repository.push("v1", images.image());
        repository.assertBlob(
                image.blobs().getLast().digest(), image.blobs().getLast().bytes());
        repository.cancel(
                repository.patch(repository.beginUpload(), images.bytes(1000)).header("location"));
        program.client().showing("admin", "guessed").get("/auth/token").expectError(401, "UNAUTHORIZED");
        Await.until(
                Duration.ofSeconds(30),
                "housekeeping and the look at the queues",
                () -> value("moorage_removed_objects_total") > 0
                        && value("moorage_queue_read_timestamp_seconds") > 0
                        && scrape().contains("work=\"collection\""));
    }

    @AfterAll
    static void stop() {
        program.close();
        store.close();
    }

    @Test
    void everyQueueIsShown() {
        assertThat(scrape())
                .contains(
                        "moorage_queue_due{queue=\"review\"}",
                        "moorage_queue_due{queue=\"tombstone\"}",
                        "moorage_queue_due{queue=\"delivery\"}",
                        "moorage_queue_delay_seconds{queue=\"delivery\"}");
    }

    @Test
    void labelsAreFewWhateverClientsSend() {
        // Twice, for after a hundred logins that have failed they are answered otherwise.
        storm("hostile0");
        storm("hostile1");
        String first = scrape();
        storm("hostile2");
        String second = scrape();

        assertThat(second).doesNotContain("hostile", "BREW", "admin\"");
        assertThat(series(second)).isEqualTo(series(first));
        second.lines()
                .filter(line -> line.startsWith("moorage_http"))
                .forEach(line -> LABEL.matcher(line).results().forEach(MetricsIT::isOfTheVocabulary));
        assertThat(second.lines().count()).isLessThan(3000);
    }

    private static void storm(String word) {
        RegistryClient client = program.client();
        for (int i = 0; i < 50; i++) {
            String name = word + "/n" + i;
            client.get("/v2/%s/manifests/%s".formatted(name, word));
            client.get("/v2/%s/tags/list?n=%d".formatted(name, i));
            client.get("/%s/%d".formatted(word, i));
            client.get("/api/v1/organizations/" + word + i);
            client.request("BREW" + i, "/v2/" + name + "/blobs/uploads/").send();
            client.showing(word + i, word).get("/auth/token?service=" + word + "&scope=repository:" + name + ":pull");
        }
        for (String target : new String[] {
            "/v2/" + word + "\"/tags/list", "/v2/" + word + "%zz/blobs/x", "*", "http://" + word + "/v2/"
        }) {
            client.raw()
                    .head("GET", target, "X-Request-Id: " + word, "Connection: close")
                    .answer("GET");
        }
    }

    private static void isOfTheVocabulary(MatchResult label) {
        Set<String> words =
                switch (label.group(1)) {
                    case "route" ->
                        Arrays.stream(Route.values()).map(Route::word).collect(Collectors.toSet());
                    case "method" ->
                        Arrays.stream(Verb.values()).map(Verb::name).collect(Collectors.toSet());
                    case "status", "le" -> Set.of(label.group(2));
                    default -> Set.of();
                };
        assertThat(words).as(label.group()).contains(label.group(2));
        if (label.group(1).equals("status")) {
            assertThat(label.group(2)).matches("[1-5]\\d\\d");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ops/prometheus-rules.yaml", "ops/grafana-dashboard.json"})
    void everyMetricThatIsWatchedIsThere(String file) throws IOException {
        Set<String> named = names(Files.readString(Path.of(file)));
        assertThat(named).isNotEmpty();
        assertThat(samples(scrape())).containsAll(named);
    }

    @Test
    void pageNamesEveryMetricOfTheProgramAndNoOther() throws IOException {
        Set<String> page = OURS.matcher(Files.readString(Path.of("docs/observability.md")))
                .results()
                .map(MatchResult::group)
                .filter(name -> name.startsWith("moorage_"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> shown = scrape().lines()
                .filter(line -> line.startsWith("# TYPE moorage_"))
                .map(line -> line.split(" "))
                // The newer of the two formats names the family of a counter, not its sample.
                .map(words ->
                        words[3].equals("counter") && !words[2].endsWith("_total") ? words[2] + "_total" : words[2])
                .filter(name -> !name.endsWith("_seconds_max"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(page).isEqualTo(shown);
    }

    private static String scrape() {
        return new RegistryClient(program.management())
                .get("/q/metrics")
                .expect(200)
                .text();
    }

    private static double value(String name) {
        return scrape().lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private static Set<String> series(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith("moorage_http"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> samples(String scrape) {
        return scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String text) {
        return Stream.of(text)
                .flatMap(whole -> OURS.matcher(whole).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
