package dev.moorage.http;

import dev.moorage.http.LoadScenario.Once;
import dev.moorage.http.LoadScenario.Work;
import dev.moorage.testing.LargeBlob;
import dev.moorage.testing.RegistryClient;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Large blobs, by one client and by four. */
final class LargeLoads {

    private static final int MIB = 1 << 20;
    private static final int CHUNK = 5 * MIB;
    private static final String REPOSITORY = "large";
    private static final String LENGTH = "Content-Length: ";
    private static final String TYPE = "Content-Type: application/octet-stream";
    private static final AtomicLong SEEDS = new AtomicLong(System.nanoTime());

    private LargeLoads() {}

    /** POST and one PUT of a new blob for each client. */
    static List<LoadScenario> push(int mebibytes) {
        return byClients("push of %d MiB".formatted(mebibytes), mebibytes, LargeLoads::push);
    }

    /** The same by PATCH requests of 5 MiB. */
    static List<LoadScenario> chunked(int mebibytes) {
        return byClients("push of %d MiB by chunks of 5 MiB".formatted(mebibytes), mebibytes, LargeLoads::pushChunks);
    }

    /** GET of one blob by each client. */
    static List<LoadScenario> pull(int mebibytes) {
        return Stream.of(1, 4)
                .map(clients -> new LoadScenario(
                        what("pull of %d MiB".formatted(mebibytes), clients), clients, bytes(mebibytes), target -> {
                            LargeBlob blob = blob(mebibytes);
                            target.does(connection -> push(connection, blob));
                            Work pull = connection -> pull(connection, blob);
                            return () -> new Once(Collections.nCopies(clients, pull));
                        }))
                .toList();
    }

    private interface Push {
        void of(LoadConnection connection, LargeBlob blob);
    }

    private static List<LoadScenario> byClients(String what, int mebibytes, Push push) {
        return Stream.of(1, 4)
                .map(clients -> new LoadScenario(
                        what(what, clients),
                        clients,
                        bytes(mebibytes),
                        // New ones each time: what is there already need not be written.
                        _ -> () -> new Once(Stream.generate(() -> blob(mebibytes))
                                .limit(clients)
                                .<Work>map(blob -> connection -> push.of(connection, blob))
                                .toList())))
                .toList();
    }

    private static String what(String what, int clients) {
        return what + ", " + (clients == 1 ? "1 client" : clients + " clients");
    }

    private static long bytes(int mebibytes) {
        return (long) mebibytes * MIB;
    }

    private static LargeBlob blob(int mebibytes) {
        return new LargeBlob(SEEDS.incrementAndGet(), bytes(mebibytes));
    }

    private static void push(LoadConnection connection, LargeBlob blob) {
        String place = LoadTarget.begin(connection, REPOSITORY);
        connection.head("PUT", RegistryClient.withQuery(place, "digest", blob.digest()), TYPE, LENGTH + blob.size());
        blob.each(0, blob.size(), connection::bytes);
        connection.expect(201);
    }

    private static void pushChunks(LoadConnection connection, LargeBlob blob) {
        String place = LoadTarget.begin(connection, REPOSITORY);
        for (long from = 0; from < blob.size(); from += CHUNK) {
            long end = Math.min(blob.size(), from + CHUNK);
            String range = "Content-Range: " + from + '-' + (end - 1);
            connection.head("PATCH", place, TYPE, range, LENGTH + (end - from));
            blob.each(from, end, connection::bytes);
            place = connection.expect(202).location();
        }
        connection
                .head("PUT", RegistryClient.withQuery(place, "digest", blob.digest()), LENGTH + 0)
                .expect(201);
    }

    private static void pull(LoadConnection connection, LargeBlob blob) {
        connection
                .head("GET", LoadTarget.path(REPOSITORY, "blobs/" + blob.digest()))
                .expect(200);
        if (connection.length() != blob.size()) {
            throw new AssertionError(connection.length() + " bytes instead of " + blob.size());
        }
    }
}
