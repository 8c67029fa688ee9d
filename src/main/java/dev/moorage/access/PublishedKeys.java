package dev.moorage.access;

import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jose4j.jwk.JsonWebKey;

/**
 * The keys of one issuer as it publishes them, fetched when they are asked for.
 *
 * <p>They are fetched again when they are ten minutes old, and for a key that is not among them; never twice within half a
 * minute, whatever names of keys tokens make up and whether or not the issuer answers. Keys that could not be fetched
 * again for an hour are none any more.
 */
final class PublishedKeys implements Keys {

    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Duration LEAST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Supplier<Optional<List<JsonWebKey>>> issuer;
    private final InstantSource time;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Known known = new Known(List.of(), Instant.MIN, Instant.MIN);

    /**
     * Keys that are not fetched yet.
     *
     * @param issuer what fetches them; empty where they cannot be had
     */
    PublishedKeys(Supplier<Optional<List<JsonWebKey>>> issuer, InstantSource time) {
        this.issuer = issuer;
        this.time = time;
    }

    /**
     * The keys as they were fetched.
     *
     * @param fetchedAt when they were
     * @param triedAt when they were or could not be
     */
    record Known(List<JsonWebKey> keys, Instant fetchedAt, Instant triedAt) {

        Known {
            keys = List.copyOf(keys);
        }

        Optional<Key> find(String kid, String algorithm) {
            return keys.stream()
                    .filter(key -> kid.equals(key.getKeyId()) && Algorithms.fits(key, algorithm))
                    .map(JsonWebKey::getKey)
                    .findFirst();
        }
    }

    /** On whose account they are fetched: he may have to wait, and be refused. */
    @FunctionalInterface
    interface Account {
        Known fetch(Supplier<Known> work);
    }

    @Override
    public Optional<Key> find(String kid, String algorithm) {
        return find(kid, algorithm, Supplier::get);
    }

    /** The key of a name, where it is one for this algorithm, fetched on somebody's account where it has to be. */
    Optional<Key> find(String kid, String algorithm, Account account) {
        Known present = known;
        // While somebody fetches them anew, those that are there do for the others.
        if (isOlder(present.fetchedAt(), FRESH) && (present.keys().isEmpty() || !fetching.isLocked())) {
            present = fetched(account);
        }
        Optional<Key> found = present.find(kid, algorithm);
        return found.isPresent() ? found : fetched(account).find(kid, algorithm);
    }

    private Known fetched(Account account) {
        if (!isOlder(known.triedAt(), LEAST)) {
            return known;
        }
        // His turn first, and then the keys' own: who waits for his turn keeps nobody else from fetching them.
        return account.fetch(this::fetchedNow);
    }

    private Known fetchedNow() {
        fetching.lock();
        try {
            // Whoever had the place before may have fetched them.
            if (isOlder(known.triedAt(), LEAST)) {
                Known before = known;
                Optional<List<JsonWebKey>> keys = issuer.get();
                Instant now = time.instant();
                known = keys.map(fresh -> new Known(fresh, now, now))
                        .orElseGet(() -> isOlder(before.fetchedAt(), LONGEST)
                                ? new Known(List.of(), before.fetchedAt(), now)
                                : new Known(before.keys(), before.fetchedAt(), now));
            }
            return known;
        } finally {
            fetching.unlock();
        }
    }

    /** Whether a time lies further back than this, or in the future, as it does where the clock was set back. */
    private boolean isOlder(Instant instant, Duration age) {
        Instant now = time.instant();
        return instant.isAfter(now) || instant.isBefore(now.minus(age));
    }
}
