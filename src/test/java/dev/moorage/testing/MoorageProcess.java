package dev.moorage.testing;

import dev.moorage.access.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The packaged program, started as a user starts it, in a directory of its own under {@code target/it}.
 *
 * <p>Which program that is, {@link PackagedProgram} tells. Where the environment has {@code MOORAGE_TEST_DATABASE_URL} (and
 * {@code _USER}, {@code _PASSWORD}), each program gets a new database on that server; else it runs its own. Where it has {@code S3_TEST_ENDPOINT} (see {@link TestBucket}), each gets a
 * new bucket there; else blobs are in its data directory.
 */
public final class MoorageProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Settings settings;
    private final Path home;
    private final Path temporary;
    private final int port;
    private final int managementPort;
    private final Backing backing;
    private final Runnable afterwards;
    private Process process;

    private MoorageProcess(Settings settings, Path home, Backing backing, Runnable afterwards) throws IOException {
        this.settings = settings;
        this.home = home;
        this.temporary = Files.createDirectories(home.resolve("tmp"));
        this.port = Ports.free();
        this.managementPort = Ports.free();
        this.backing = backing;
        this.afterwards = afterwards;
        this.process = launch();
    }

    /**
     * How a program is started.
     *
     * @param jvmOptions for example {@code -Xmx256m}; a native binary takes the same
     * @param properties settings of the program, on top of the usual ones
     */
    public record Settings(List<String> jvmOptions, Map<String, String> properties) {

        /** Nothing but what every test's program has. */
        public static Settings usual() {
            return new Settings(List.of(), Map.of());
        }

        /** With a JVM option more. */
        public Settings option(String option) {
            List<String> all = new ArrayList<>(jvmOptions);
            all.add(option);
            return new Settings(List.copyOf(all), properties);
        }

        /** With a setting more, such as {@code moorage.storage.directory}. */
        public Settings property(String name, String value) {
            Map<String, String> all = new LinkedHashMap<>(properties);
            all.put(name, value);
            return new Settings(jvmOptions, Map.copyOf(all));
        }
    }

    /**
     * One program for all tests that only need one; the server of {@code MOORAGE_TEST_URL} where that is set. With the
     * system property {@code moorage.test.secured} it is in secured mode, and the client shows who it is.
     */
    public static RegistryClient shared() {
        return Shared.CLIENT;
    }

    private static final class Shared {
        private static final RegistryClient CLIENT = external().orElseGet(Shared::startOnce);

        private static Optional<RegistryClient> external() {
            return setting("moorage.test.url", "MOORAGE_TEST_URL").map(url -> new RegistryClient(URI.create(url)));
        }

        private static RegistryClient startOnce() {
            boolean secured = Boolean.getBoolean("moorage.test.secured");
            MoorageProcess program = start("shared", secured ? secured() : Settings.usual());
            Runtime.getRuntime().addShutdownHook(new Thread(program::close));
            return secured ? program.client().showing("admin", administratorsToken(program)) : program.client();
        }

        private static Settings secured() {
            return Settings.usual()
                    .property("moorage.access.mode", "secured")
                    .property("moorage.access.encryption-key", "0123456789abcdef0123456789abcdef")
                    .property("moorage.organizations.auto-create", "true");
        }

        private static String administratorsToken(MoorageProcess program) {
            Secret secret = Secret.make(Secret.Kind.PERSONAL);
            new Sql(program.database().source())
                    .change(
                            "INSERT INTO access_token (account_id, name, secret_hash, actions) SELECT id, 'tests', ?, '{pull,push,delete}' FROM account WHERE name = 'admin'",
                            (Object) secret.hash());
            return secret.reveal();
        }
    }

    /** Starts a program on an empty registry of its own, whose schema is there, and waits until it answers. */
    public static MoorageProcess start(String label, Settings settings) {
        Backing backing = Backing.create();
        return start(label, settings, backing, backing::drop);
    }

    /** Starts another replica of a registry: on the same database and the same store of blobs. */
    public static MoorageProcess startReplica(String label, Settings settings, MoorageProcess first) {
        Settings sharing = first.backing.bucket().isPresent()
                ? settings
                : settings.property(
                        "moorage.storage.directory", first.dataDirectory().toString());
        return start(label, sharing, new Backing(Optional.of(first.database()), first.backing.bucket()), () -> {});
    }

    private static MoorageProcess start(String label, Settings settings, Backing backing, Runnable afterwards) {
        try {
            Path home = Path.of(
                            "target",
                            "it",
                            label + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet())
                    .toAbsolutePath();
            Files.createDirectories(home);
            if (backing.database().isEmpty()) {
                Prepared.fill(home.resolve("data"));
            }
            MoorageProcess program = new MoorageProcess(settings, home, backing, afterwards);
            program.awaitReady();
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() throws IOException {
        List<String> properties = new ArrayList<>();
        properties.add("-Djava.io.tmpdir=" + temporary);
        properties.add("-Dmoorage.data-directory=" + dataDirectory());
        settings.properties().forEach((name, value) -> properties.add("-D" + name + "=" + value));
        List<String> command = PackagedProgram.command(settings.jvmOptions(), properties);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile().toFile()));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("QUARKUS_") || name.startsWith("MOORAGE_"));
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.putAll(backing.environment());
        return builder.start();
    }

    private void awaitReady() {
        Await.until(START_LIMIT, "the first answer of the program in " + home, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the program ended with " + process.exitValue() + ":\n" + tail());
            }
            if (speaksTls()) {
                return output().contains("is ready");
            }
            try (RawHttp raw = RawHttp.connect(base())) {
                int status = raw.head("GET", "/v2/", "Connection: close")
                        .answer("GET")
                        .status();
                return status == 200 || status == 401;
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }

    /** Where it listens. */
    public URI base() {
        return URI.create((speaksTls() ? "https" : "http") + "://127.0.0.1:" + port);
    }

    private boolean speaksTls() {
        return settings.properties().containsKey("moorage.http.tls.certificate");
    }

    /** Where its probes and metrics are. */
    public URI management() {
        return URI.create("http://127.0.0.1:" + managementPort);
    }

    /** A client for it. */
    public RegistryClient client() {
        return new RegistryClient(base());
    }

    /** A client for it that makes its connections in another way than usual. */
    public RegistryClient client(HttpClient http) {
        return new RegistryClient(base()).over(http);
    }

    /** The directory of its database and blobs. */
    public Path dataDirectory() {
        return home.resolve("data");
    }

    /** What its JVM was given as the place for temporary files. */
    public Path temporaryDirectory() {
        return temporary;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Everything it printed. */
    public String output() {
        try {
            return Files.readString(outputFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The most memory it ever had resident, in KiB; its database not counted. */
    public long peakRssKiB() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            String line =
                    lines.filter(text -> text.startsWith("VmHWM:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("[^0-9]", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it without a warning, as a crash does. */
    public void kill9() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks it to end and waits; returns its exit status. */
    public int terminate() {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    /** What it ended with. */
    public int exitStatus() {
        return process.exitValue();
    }

    /** Asks it to end and does not wait. */
    public void beginTermination() {
        process.destroy();
    }

    /** Waits for its end. */
    public void awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the program does not end:\n" + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it again, on the same port and data, after it ended. */
    public void restart() {
        try {
            process = launch();
            awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The database it uses, so that another program can join it. */
    public ExternalDatabase database() {
        return backing.database().orElseGet(() -> ExternalDatabase.embeddedIn(dataDirectory()));
    }

    /** What its store of blobs holds: the names of files or objects, and their sizes in bytes. */
    public Map<String, Long> stored() {
        return backing.bucket()
                .map(TestBucket::objects)
                .orElseGet(() -> TestFiles.sizes(dataDirectory()).entrySet().stream()
                        .collect(Collectors.toMap(file -> file.getKey().toString(), Map.Entry::getValue)));
    }

    /** Whether programs get a bucket for their blobs, and not a directory. */
    public static boolean storesInBuckets() {
        return TestBucket.server().isPresent();
    }

    /** What was begun in its bucket and has no end yet, by the store's own names; nothing where blobs are in a directory. */
    public Set<String> unfinished() {
        return backing.bucket().map(bucket -> bucket.unfinished().keySet()).orElseGet(Set::of);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
        ExternalDatabase.endOrphanIn(dataDirectory());
        TestFiles.delete(dataDirectory());
        TestFiles.delete(temporary);
        afterwards.run();
    }

    private Path outputFile() {
        return home.resolve("output.txt");
    }

    private String tail() {
        String all = output();
        return all.substring(Math.max(0, all.length() - 4000));
    }

    static Optional<String> setting(String property, String variable) {
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(text -> !text.isBlank());
    }
}
