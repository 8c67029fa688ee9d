package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.access.TestGrants;
import dev.moorage.blob.BlobStore;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.StoreMarkerStore;
import dev.moorage.metadata.StoredObjectStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.UploadStore;
import dev.moorage.metadata.UsageStore;
import dev.moorage.registry.RegistryHarness;
import java.util.UUID;

/** All the housekeeping that will ever be due, at once. */
public final class TestHousekeeping {

    private static final Grant GRANT = Grant.system("test");

    private TestHousekeeping() {}

    /** Ends what has expired, removes every object that has a tombstone, and folds the ledger. */
    public static void run(RegistryHarness registry) {
        reaper(registry).reap(GRANT);
        removeCondemned(registry);
    }

    /** Removes every object that has a tombstone. */
    static void removeCondemned(RegistryHarness registry) {
        registry.sql().change("UPDATE tombstone SET not_before = now() - interval '1 second'");
        remover(registry, registry.store()).sweep(GRANT);
        folder(registry).fold(GRANT);
    }

    /** What ends the uploads of a replica. */
    static UploadReaper reaper(RegistryHarness registry) {
        return new UploadReaper(
                registry.transactions(),
                new UploadStore(),
                new TombstoneStore(),
                marker(registry, registry.store()),
                registry.config());
    }

    /** What removes the objects of a replica, with a store that may stand before the replica's own. */
    static TombstoneSweeper remover(RegistryHarness registry, BlobStore store) {
        return new TombstoneSweeper(registry.transactions(), new TombstoneStore(), store, marker(registry, store));
    }

    /** What folds the ledger of a replica. */
    static UsageFolder folder(RegistryHarness registry) {
        return new UsageFolder(registry.transactions(), new UsageStore());
    }

    /** What recognises the store of a replica, or one that stands before it. */
    static StoreMarker marker(RegistryHarness registry, BlobStore store) {
        return new StoreMarker(registry.transactions(), new StoreMarkerStore(), store, UUID::randomUUID);
    }

    /** The sweeper of a replica, with a store that may stand before the replica's own. */
    static MultipartSweeper sweeper(RegistryHarness registry, BlobStore store) {
        return new MultipartSweeper(
                new UnknownMultiparts(registry.transactions(), new StoredObjectStore(), store),
                store,
                marker(registry, store));
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
                marker(registry, store),
                TestGrants.auditor(),
                registry.config());
    }
}
