package dev.moorage.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How what nothing keeps any more is taken away: {@code moorage.collection.*}. */
public interface CollectionConfig {

    /** Takes away what nothing keeps any more; without it everything stays, and the quota stays used. */
    @WithDefault("true")
    boolean enabled();

    /** How often it is looked for. */
    @WithDefault("60s")
    Duration interval();

    /** How many things are taken from the queue at once; each is looked at in a transaction of its own. */
    @WithDefault("100")
    int batch();

    /** How long a blob that no manifest needs stays in its repository after it was last pushed, mounted, or shown to a pusher; 24 hours at least. */
    @WithDefault("25h")
    Duration linkDelay();

    /** How long the object of a blob that was taken away stays before its bytes go; an hour at least, and above the lag of any standby. */
    @WithDefault("1h")
    Duration tombstoneDelay();

    /** How long after an event what it may have left behind is looked at. */
    Delays delay();

    /** How long after an event what it may have left behind is looked at. */
    interface Delays {
        /** How long after the end of an undo window what was held is looked at. */
        @WithDefault("0s")
        Duration holdEnded();

        /** How long after a manifest has gone its blobs and children are looked at. */
        @WithDefault("1m")
        Duration manifestGone();

        /** How long after a blob has gone from an organization it is looked at whether any other still has it. */
        @WithDefault("1m")
        Duration linkGone();
    }
}
