package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.LinkScanStore;
import dev.moorage.metadata.OrganizationRemovalStore;
import dev.moorage.metadata.RemovalStore;
import dev.moorage.metadata.RepositoryRemovalStore;
import dev.moorage.metadata.RetentionRemovalStore;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.UsageStore;
import dev.moorage.registry.RegistryHarness;
import java.util.HashMap;
import java.util.Map;

/** The collection of a replica, and time that passes at once. */
public final class TestCollection {

    /** Everything is looked at as soon as it may be. */
    public static final Map<String, String> AT_ONCE =
            Map.of("moorage.collection.delay.manifest-gone", "0s", "moorage.collection.delay.link-gone", "0s");

    private static final Grant GRANT = Grant.system("test");

    private TestCollection() {}

    /** The same, and small blobs are kept in the database. */
    static Map<String, String> atOnceWithRows() {
        Map<String, String> settings = new HashMap<>(AT_ONCE);
        settings.put("moorage.storage.rows-up-to", "32768");
        return settings;
    }

    /** The collector of a replica. */
    static GarbageCollector collector(RegistryHarness registry) {
        ReviewStore reviews = new ReviewStore();
        RemovalStore removals = new RemovalStore();
        UsageStore usage = new UsageStore();
        return new GarbageCollector(
                registry.transactions(),
                reviews,
                new LinkScanStore(),
                new OrganizationCollector(new OrganizationRemovalStore(), reviews, registry.config()),
                new RepositoryCollector(
                        new RepositoryRemovalStore(),
                        removals,
                        reviews,
                        usage,
                        new RetentionRemovalStore(),
                        registry.config()),
                new ManifestCollector(removals, reviews, usage, registry.config()),
                new LinkCollector(removals, reviews, usage, registry.config()),
                new BlobCollector(new BlobRowStore(), new TombstoneStore(), registry.config()),
                TestHousekeeping.marker(registry, registry.store()),
                new CollectionPace(0),
                registry.config());
    }

    /** Collects what may go now, and answers how much went. */
    public static int collect(RegistryHarness registry) {
        return collector(registry).collect(GRANT);
    }

    /** Lets this many hours pass for leases, holds and the queue. */
    public static void pass(RegistryHarness registry, int hours) {
        registry.sql().change("UPDATE hold SET held_until = held_until - ? * interval '1 hour'", hours);
        registry.sql()
                .change("UPDATE organization SET restorable_until = restorable_until - ? * interval '1 hour'", hours);
        registry.sql()
                .change(
                        "UPDATE repository_blob SET leased_at = leased_at - ? * interval '1 hour', linked_at = linked_at - ? * interval '1 hour'",
                        hours,
                        hours);
        registry.sql().change("UPDATE link_scan SET linked_at = linked_at - ? * interval '1 hour'", hours);
        registry.sql().change("UPDATE manifest SET leased_at = leased_at - ? * interval '1 hour'", hours);
        registry.sql().change("UPDATE review SET not_before = not_before - ? * interval '1 hour'", hours);
    }
}
