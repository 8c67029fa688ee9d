package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.registry.RegistryHarness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A replica that does nothing but collect, in a process of its own that can be killed. It begins when something comes to its
 * input, and ends when nothing is due.
 */
final class CollectorProgram {

    /** What it prints when it begins. */
    static final String COLLECTING = "collecting";

    private static final Grant GRANT = Grant.system("test");

    private CollectorProgram() {}

    /** Small batches, and everything at once. */
    static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(TestCollection.AT_ONCE);
        settings.put("moorage.collection.batch", "5");
        settings.put("moorage.collection.tombstone-delay", "0s");
        settings.put("moorage.uploads.removal-delay", "0s");
        return settings;
    }

    /**
     * Collects.
     *
     * @param arguments the database's URL, user and password, and the directory of the blobs
     */
    public static void main(String[] arguments) throws IOException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(arguments[0]);
        database.setUser(arguments[1]);
        database.setPassword(arguments[2]);
        RegistryHarness registry =
                RegistryHarness.on(database, new FilesystemBlobStore(Path.of(arguments[3])), settings());
        if (System.in.read() < 0) {
            return;
        }
        System.out.println(COLLECTING);
        int done;
        do {
            done = TestHousekeeping.reaper(registry).reap(GRANT)
                    + TestCollection.collect(registry)
                    + TestHousekeeping.remover(registry, registry.store()).sweep(GRANT)
                    + TestHousekeeping.folder(registry).fold(GRANT);
        } while (done > 0);
    }
}
