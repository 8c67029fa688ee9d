package dev.moorage.registry;

import dev.moorage.config.Meters;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.Unavailable;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many bodies may stream in at once, so that memory stays flat however many clients push: a request that finds no
 * place waits a little, then the client is asked to come again. A body once begun is not refused.
 */
@Singleton
class BytesInFlight {

    private static final int WAIT_SECONDS = 5;
    private static final long SMALL_MANIFEST = 64 * 1024;

    // A manifest of 4 MiB is held several times while it is read, parsed and stored.
    private static final long LARGE_MANIFEST_MEMORY = 32L << 20;

    private final Semaphore places;
    private final Semaphore largeManifests;

    BytesInFlight(MoorageConfig config) {
        this.places = new Semaphore(config.uploads().concurrent(), true);
        int most = config.uploads().concurrent();
        Meters.gauge(
                "moorage.uploads.streaming",
                "Bodies that stream in now",
                places,
                all -> (double) most - all.availablePermits());
        Meters.gauge("moorage.uploads.streaming.limit", "Bodies that may stream in at once", places, _ -> most);
        this.largeManifests =
                new Semaphore(Math.clamp(Runtime.getRuntime().maxMemory() / LARGE_MANIFEST_MEMORY, 2, 64), true);
    }

    /** A place, given back when it is closed. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    Share take() {
        return take(places);
    }

    /** A place for a manifest of this length; a small one needs none, one of unknown length counts as large. */
    Share takeManifest(Optional<Long> length) {
        return length.filter(bytes -> bytes <= SMALL_MANIFEST).isPresent() ? () -> {} : take(largeManifests);
    }

    private static Share take(Semaphore places) {
        try {
            if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new Unavailable("too many uploads at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the registry is stopping");
        }
        return places::release;
    }
}
