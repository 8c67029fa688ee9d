package dev.moorage.lifecycle;

import dev.moorage.registry.RegistryHarness;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Whatever ten writers do at the same time, with collection beside them, all that was acknowledged holds; the same whatever
 * keeps the bytes.
 *
 * <p>It takes {@code -Dmoorage.model.seconds} for a store, in runs of half a minute with a seed each, from {@code
 * -Dmoorage.model.seed} on.
 */
abstract class ModelContract {

    private static final long SECONDS = Long.getLong("moorage.model.seconds", 15);
    private static final long SEED = Long.getLong("moorage.model.seed", System.nanoTime() % 1_000_000_000);
    private static final long LONGEST = 30;

    /** A replica on an empty database and an empty store, which looks at everything as soon as it may be. */
    abstract RegistryHarness open() throws Exception;

    /** Forgets what only takes memory. */
    abstract void forget();

    /** Closes what {@link #open} opened besides the replica. */
    abstract void closeStore() throws Exception;

    @Test
    void whateverWritersAndCollectorsDoAtOnceAllThatWasAcknowledgedHolds() throws Exception {
        ModelTally tally = new ModelTally();
        long seed = SEED;
        for (long left = SECONDS; left > 0; left -= LONGEST) {
            System.out.printf("model: %s, seed %d%n", getClass().getSimpleName(), seed);
            try (RegistryHarness registry = open()) {
                new ModelRun(seed, registry, tally, this::forget).run(Duration.ofSeconds(Math.min(left, LONGEST)));
            } finally {
                closeStore();
            }
            seed++;
        }
        System.out.printf("model: %s, %d seeds, %s%n", getClass().getSimpleName(), seed - SEED, tally);
    }
}
