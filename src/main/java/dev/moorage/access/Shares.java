package dev.moorage.access;

import dev.moorage.error.RegistryException.TooManyRequests;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets each of many do only so much at once of what all have too little of, so that none of them can take all of it.
 *
 * <p>Nothing is remembered of those who do nothing.
 */
final class Shares<K> {

    private final int most;
    private final Duration patience;
    private final Map<K, Share> shares = new ConcurrentHashMap<>();

    /**
     * Nobody does anything yet.
     *
     * @param most how much one may do at once
     * @param patience how long he waits for his own before he is refused
     */
    Shares(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    private record Share(Semaphore places, int users) {}

    /**
     * Does something on somebody's share.
     *
     * @throws TooManyRequests where he does so much already that it does not begin in time
     */
    <T> T within(K who, Supplier<T> work) {
        Semaphore places = shares.compute(
                        who,
                        (_, share) -> share == null
                                ? new Share(new Semaphore(most, true), 1)
                                : new Share(share.places(), share.users() + 1))
                .places();
        try {
            return within(places, work);
        } finally {
            shares.computeIfPresent(
                    who, (_, share) -> share.users() == 1 ? null : new Share(share.places(), share.users() - 1));
        }
    }

    private <T> T within(Semaphore places, Supplier<T> work) {
        try {
            if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TooManyRequests(
                        "the issuers of tokens that the organization trusts answer too slowly", patience.toSeconds());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new TooManyRequests("interrupted", patience.toSeconds());
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
