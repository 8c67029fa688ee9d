package dev.moorage.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings of the registry, each of them {@code moorage.*}; the reference page is generated from this type. */
@ConfigMapping(prefix = "moorage")
public interface MoorageConfig {

    /** The directory of the embedded database and of the blobs; relative to the working directory. */
    @WithDefault("moorage-data")
    Path dataDirectory();

    /** Who may do what. */
    Access access();

    /** Tenants. */
    Organizations organizations();

    /** Upload sessions. */
    Uploads uploads();

    /** What can be undone, and for how long. */
    Undo undo();

    /** Where blobs are kept. */
    Storage storage();

    /** Who may do what. */
    interface Access {
        /** Serves without authentication on an address that other machines can reach; everybody there may do everything. */
        @WithDefault("false")
        boolean allowOpenOnNetwork();
    }

    /** Tenants. */
    interface Organizations {
        /** Creates an organization on the first push to one of its repositories. */
        @WithDefault("true")
        boolean autoCreate();
    }

    /** Upload sessions. */
    interface Uploads {
        /** How long an upload session is kept after its last byte. */
        @WithDefault("24h")
        Duration expiry();

        /** How many bodies may stream in at once; each takes some 200 KiB of memory. */
        @WithDefault("256")
        int concurrent();

        /** How many bytes go between two durable points of one long request. */
        @WithDefault("33554432")
        long resumePointBytes();

        /** How often expired sessions and removed objects are looked for. */
        @WithDefault("60s")
        Duration reaperInterval();

        /** How long the object of a removed blob or upload stays before its bytes go; at least the lag of any standby. */
        @WithDefault("1h")
        Duration removalDelay();
    }

    /** What can be undone, and for how long. */
    interface Undo {
        /** How long a deleted or overwritten thing can be brought back. */
        @WithDefault("7d")
        Duration window();
    }

    /** Where blobs are kept. */
    interface Storage {
        /** The directory of the blobs; the data directory unless named. */
        Optional<Path> directory();
    }
}
