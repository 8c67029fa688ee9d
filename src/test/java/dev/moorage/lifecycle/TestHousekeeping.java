package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.blob.BlobStore;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.StoredObjectStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.UploadStore;
import dev.moorage.metadata.UsageStore;
import dev.moorage.registry.RegistryHarness;

/** All the housekeeping that will ever be due, at once. */
public final class TestHousekeeping {

    private static final Grant GRANT = Grant.system("test");

    private TestHousekeeping() {}

    /** Ends what has expired, removes every object that has a tombstone, and folds the ledger. */
    public static void run(RegistryHarness registry) {
        new UploadReaper(registry.transactions(), new UploadStore(), new TombstoneStore(), registry.config())
                .reap(GRANT);
        removeCondemned(registry);
    }

    /** Removes every object that has a tombstone. */
    static void removeCondemned(RegistryHarness registry) {
        registry.sql().change("UPDATE tombstone SET not_before = now() - interval '1 second'");
        new TombstoneSweeper(registry.transactions(), new TombstoneStore(), registry.store()).sweep(GRANT);
        new UsageFolder(registry.transactions(), new UsageStore()).fold(GRANT);
    }

    /** The sweeper of a replica, with a store that may stand before the replica's own. */
    static MultipartSweeper sweeper(RegistryHarness registry, BlobStore store) {
        return new MultipartSweeper(
                new UnknownMultiparts(registry.transactions(), new StoredObjectStore(), store), store);
    }

    /** The check of a replica, with a store that may stand before the replica's own. */
    static FsckService fsck(RegistryHarness registry, BlobStore store) {
        return new FsckService(
                registry.transactions(),
                new StoredObjectStore(),
                new TombstoneStore(),
                new BlobCheck(registry.transactions(), new BlobRowStore(), store),
                new UnknownMultiparts(registry.transactions(), new StoredObjectStore(), store),
                store,
                registry.config());
    }
}
