package dev.moorage.http;

import dev.moorage.http.LoadScenario.Once;
import dev.moorage.http.LoadScenario.Work;
import dev.moorage.testing.ImageFactory;
import dev.moorage.testing.ImageFactory.Content;
import dev.moorage.testing.ImageFactory.Image;
import dev.moorage.testing.MoorageProcess;
import dev.moorage.testing.RegistryClient;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A registry that is measured.
 *
 * @param name what the table calls it
 * @param base where it listens
 * @param process its process, where it is known
 */
record LoadTarget(String name, URI base, Optional<ProcessHandle> process) {

    /** The types of manifests that are asked for, of which peers want to be told. */
    static final String MANIFESTS = ImageFactory.OCI_MANIFEST + ", " + ImageFactory.OCI_INDEX;

    // A peer may have what an earlier run has left there.
    private static final String RUN =
            "bench" + Long.toString(System.currentTimeMillis() % (1L << 40), Character.MAX_RADIX);
    private static final int FILLERS = 16;

    /** The program that was started for this. */
    static LoadTarget of(MoorageProcess program) {
        return new LoadTarget("moorage", program.base(), ProcessHandle.of(program.pid()));
    }

    /**
     * Reads {@code NAME=URL} or {@code NAME=URL=PID}.
     *
     * @throws IllegalArgumentException where it is something else, there is no such process, or the URL leaves this machine
     */
    static LoadTarget parse(String text) {
        String[] parts = text.split("=", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException(text + " is not NAME=URL or NAME=URL=PID");
        }
        URI base = URI.create(parts[1]);
        if (!"http".equals(base.getScheme()) || base.getPort() < 0 || !isHere(base.getHost())) {
            throw new IllegalArgumentException(text + " is not http://, an address of this machine, and a port");
        }
        Optional<ProcessHandle> process = parts.length == 2
                ? Optional.empty()
                : Optional.of(ProcessHandle.of(Long.parseLong(parts[2]))
                        .orElseThrow(() -> new IllegalArgumentException("no process " + parts[2])));
        return new LoadTarget(parts[0], base, process);
    }

    private static boolean isHere(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /** The name of a repository that only this run uses. */
    static String repository(String rest) {
        return RUN + "/" + rest;
    }

    /** The path of something in such a repository. */
    static String path(String repository, String rest) {
        return "/v2/" + repository(repository) + "/" + rest;
    }

    /** A client for what is not measured. */
    RegistryClient client() {
        return new RegistryClient(base);
    }

    /** The processor time of the program and all that it started, its database above all. */
    Optional<Duration> processorTime() {
        return process.map(one -> Stream.concat(Stream.of(one), one.descendants())
                .flatMap(any -> any.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus));
    }

    /** Does something once. */
    void does(Work work) {
        try (LoadConnection connection = LoadConnection.open(base)) {
            work.on(connection);
        }
    }

    /** Does much, on several connections. */
    void fill(List<Work> work) {
        try {
            LoadResult.measure(this, new Once(work), Math.min(FILLERS, work.size()), Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Pushes a blob as clients do that know its digest and do not find it: POST, then PUT. */
    static void push(LoadConnection connection, String repository, Content blob) {
        String place = begin(connection, repository);
        connection
                .send(
                        "PUT",
                        RegistryClient.withQuery(place, "digest", blob.digest()),
                        blob.bytes(),
                        "application/octet-stream")
                .expect(201);
    }

    /** Begins an upload and answers its place. */
    static String begin(LoadConnection connection, String repository) {
        return connection
                .head("POST", path(repository, "blobs/uploads/"), "Content-Length: 0")
                .expect(202)
                .location();
    }

    /** Pushes a manifest whose blobs are there. */
    static void put(LoadConnection connection, String repository, String reference, Content manifest) {
        connection
                .send("PUT", path(repository, "manifests/" + reference), manifest.bytes(), manifest.mediaType())
                .expect(201);
    }

    /** Pushes an image as clients do: looks for each blob, pushes it, and the manifest at last. */
    static void push(LoadConnection connection, String repository, String tag, Image image) {
        for (Content blob : image.blobs()) {
            connection.head("HEAD", path(repository, "blobs/" + blob.digest())).expect(404);
            push(connection, repository, blob);
        }
        put(connection, repository, tag, image.manifest());
    }
}
