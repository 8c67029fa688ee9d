package dev.moorage.registry;

import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.Unavailable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many bodies may stream in at once, so that memory stays flat however many clients push: a request that finds no
 * place waits a little, then the client is asked to come again. A body once begun is not refused.
 */
@ApplicationScoped
class BytesInFlight {

    private static final int WAIT_SECONDS = 5;

    private final Semaphore places;

    BytesInFlight(MoorageConfig config) {
        this.places = new Semaphore(config.uploads().concurrent(), true);
    }

    /** A place, given back when it is closed. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    Share take() {
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
