package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.UploadStore;
import dev.moorage.registry.RegistryHarness;

/** All the housekeeping that will ever be due, at once. */
public final class TestHousekeeping {

    private static final Grant GRANT = Grant.system("test");

    private TestHousekeeping() {}

    /** Ends what has expired, and removes every object that has a tombstone. */
    public static void run(RegistryHarness registry) {
        new UploadReaper(registry.transactions(), new UploadStore(), new TombstoneStore(), registry.config())
                .reap(GRANT);
        registry.sql().change("UPDATE tombstone SET not_before = now() - interval '1 second'");
        new TombstoneSweeper(registry.transactions(), new TombstoneStore(), registry.store()).sweep(GRANT);
    }
}
