package dev.moorage.config;

import java.time.Duration;

/** Refuses settings of the collection that would take what somebody was told is there. */
final class StartupCheckCollection {

    private static final Duration SHORTEST_LINK_DELAY = Duration.ofHours(24);
    private static final Duration SHORTEST_TOMBSTONE_DELAY = Duration.ofHours(1);
    private static final int LARGEST_BATCH = 10_000;

    private StartupCheckCollection() {}

    static void check(CollectionConfig collection) {
        StartupCheck.positive("moorage.collection.interval", collection.interval());
        StartupCheck.positive("moorage.collection.batch", collection.batch());
        if (collection.batch() > LARGEST_BATCH) {
            throw new StartupCheckFailed(
                    "moorage.collection.batch is %d, and %d at most.".formatted(collection.batch(), LARGEST_BATCH));
        }
        atLeast(
                "moorage.collection.link-delay",
                collection.linkDelay(),
                SHORTEST_LINK_DELAY,
                "what a pusher is told exists stays for a day");
        atLeast(
                "moorage.collection.tombstone-delay",
                collection.tombstoneDelay(),
                SHORTEST_TOMBSTONE_DELAY,
                "a download that has begun reads on");
        StartupCheck.notNegative(
                "moorage.collection.delay.hold-ended", collection.delay().holdEnded());
        StartupCheck.notNegative(
                "moorage.collection.delay.manifest-gone", collection.delay().manifestGone());
        StartupCheck.notNegative(
                "moorage.collection.delay.link-gone", collection.delay().linkGone());
    }

    private static void atLeast(String name, Duration value, Duration least, String because) {
        StartupCheck.notNegative(name, value);
        if (value.compareTo(least) < 0) {
            throw new StartupCheckFailed(
                    "%s is %s, and must be %s at least: %s.".formatted(name, value, least, because));
        }
    }
}
