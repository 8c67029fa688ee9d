package dev.moorage.access;

import dev.moorage.access.SigningKey.Algorithm;
import dev.moorage.config.MoorageConfig;
import dev.moorage.config.StartupCheckFailed;
import dev.moorage.error.RegistryException.Unavailable;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.SigningKeyStore;
import dev.moorage.metadata.SigningKeyStore.SigningKeyRow;
import dev.moorage.metadata.SigningKeyStore.Span;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditAction;
import dev.moorage.name.AuditSubject;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The keys that sign tokens: in the database, the same for all replicas.
 *
 * <p>Whichever replica finds that the next key is due makes it, under a lock. It signs some minutes later, when every
 * replica has read it; the one before it verifies for a while longer.
 */
@ApplicationScoped
public class SigningKeys {

    private static final Logger LOG = Logger.getLogger(SigningKeys.class);
    private static final Duration LEAD = Duration.ofMinutes(5);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Transactions transactions;
    private final SigningKeyStore store;
    private final KeyCipher cipher;
    private final Auditor auditor;
    private final Supplier<UUID> randomness;
    private final InstantSource time;
    private final MoorageConfig.Tokens config;
    private final ReentrantLock loading = new ReentrantLock();
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();
    private volatile Known known = Known.NOTHING;

    SigningKeys(
            Transactions transactions,
            SigningKeyStore store,
            KeyCipher cipher,
            Auditor auditor,
            Supplier<UUID> randomness,
            InstantSource time,
            MoorageConfig config) {
        this.transactions = transactions;
        this.store = store;
        this.cipher = cipher;
        this.auditor = auditor;
        this.randomness = randomness;
        this.time = time;
        this.config = config.access().tokens();
    }

    /**
     * The keys as they were read.
     *
     * @param keys the one that begins last first
     * @param readAt when, by the machine's own clock
     * @param state what came of it
     */
    private record Known(List<SigningKey> keys, long readAt, State state) {

        private static final Known NOTHING = new Known(List.of(), Long.MIN_VALUE, State.NEVER_READ);

        enum State {
            NEVER_READ,
            READ,
            /** There are keys, and the settings here open none of them. */
            SEALED
        }

        Known {
            keys = List.copyOf(keys);
        }

        static Known now(List<SigningKey> keys, State state) {
            return new Known(keys, System.nanoTime(), state);
        }

        boolean read() {
            return state != State.NEVER_READ;
        }

        boolean olderThan(long nanos) {
            return !read() || System.nanoTime() - readAt > nanos;
        }
    }

    /**
     * Makes the next key where it is due, and forgets those that verify no more; called at the start and from time to time.
     *
     * @throws StartupCheckFailed where there are keys, and none of them can be decrypted
     */
    public void rotate() {
        transactions.run(Durability.POWER_CUT, tx -> {
            Instant now = store.lock(tx);
            store.removeOld(tx);
            // Before one is made: who cannot read those of the others is to make none that they cannot read.
            List<SigningKey> keys = readable(store.all(tx));
            Algorithm wanted = Algorithm.valueOf(config.algorithm().name());
            boolean someSigns = keys.stream().anyMatch(key -> key.signs(now));
            boolean nextIsThere = keys.stream()
                    .anyMatch(key ->
                            key.algorithm() == wanted && key.retiresAt().isAfter(now.plus(LEAD.multipliedBy(3))));
            if (!someSigns || !nextIsThere) {
                make(tx, wanted, someSigns ? LEAD : Duration.ZERO);
            }
        });
        load();
    }

    /** The key that signs now. */
    SigningKey signing() {
        Instant now = time.instant();
        return fresh(FRESH_NANOS).keys().stream()
                .filter(key -> key.signs(now))
                .findFirst()
                // Clocks differ a little: a key that was made a moment ago may begin a moment from now.
                .or(() -> known.keys().stream().min(Comparator.comparing(SigningKey::activeFrom)))
                .orElseThrow(() -> new Unavailable("no key to sign tokens with"));
    }

    /** The key of a name that verifies; empty where it is none of ours. */
    Optional<SigningKey> verifying(String kid) {
        Optional<SigningKey> found = find(fresh(FRESH_NANOS), kid);
        // Another replica may have made it since; whoever makes names up asks the database once a second at most.
        return found.isPresent() ? found : find(fresh(LEAST_NANOS), kid);
    }

    /** The public halves of all keys that verify now or soon (RFC 7517, section 5). */
    public String published() {
        Instant now = time.instant();
        List<JsonWebKey> keys = fresh(FRESH_NANOS).keys().stream()
                .filter(key -> key.verifies(now))
                .map(SigningKeys::published)
                .toList();
        return new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private static JsonWebKey published(SigningKey key) {
        try {
            PublicJsonWebKey published = PublicJsonWebKey.Factory.newPublicJwk(key.publicKey());
            published.setKeyId(key.kid());
            published.setAlgorithm(key.algorithm().text());
            published.setUse("sig");
            return published;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<SigningKey> find(Known keys, String kid) {
        Instant now = time.instant();
        return keys.keys().stream()
                .filter(key -> key.kid().equals(kid) && key.verifies(now))
                .findFirst();
    }

    private void make(Transaction transaction, Algorithm algorithm, Duration lead) {
        String kid = randomness.get().toString();
        KeyPair pair = algorithm.generate();
        store.insert(
                transaction,
                kid,
                algorithm.text(),
                pair.getPublic().getEncoded(),
                cipher.encrypt(kid, pair.getPrivate().getEncoded()),
                new Span(
                        lead,
                        config.keyLifetime(),
                        config.keyLifetime().plus(config.keyOverlap()).plus(LEAD)));
        auditor.done(
                transaction,
                AuditActor.system("key rotation"),
                new Audit(AuditSubject.of(AuditAction.SIGNING_KEY_CREATE, kid), Optional.empty())
                        .with("algorithm", algorithm.text()));
    }

    /**
     * Keys that are not older than this; older ones where the database does not answer, or another request is reading.
     *
     * @throws Unavailable where the settings here open none of the keys
     */
    private Known fresh(long nanos) {
        Known found = opened(nanos);
        if (found.state() == Known.State.SEALED) {
            throw new Unavailable("the keys that sign tokens cannot be read");
        }
        return found;
    }

    private Known opened(long nanos) {
        Known present = known;
        if (!present.olderThan(nanos)) {
            return present;
        }
        if (present.read() && !loading.tryLock()) {
            return present;
        }
        if (!present.read()) {
            loading.lock();
        }
        try {
            return known.olderThan(nanos) ? load() : known;
        } catch (StartupCheckFailed e) {
            // Those that were there are withdrawn: what they signed is good no more.
            if (known.state() != Known.State.SEALED) {
                LOG.errorf("No token is given or taken: %s", e.getMessage());
            }
            known = Known.now(List.of(), Known.State.SEALED);
            return known;
        } catch (Unavailable e) {
            if (present.read()) {
                return present;
            }
            throw e;
        } finally {
            loading.unlock();
        }
    }

    private Known load() {
        known = Known.now(readable(transactions.read(store::all)), Known.State.READ);
        return known;
    }

    /** Those that can be decrypted; one that cannot takes only its own tokens along, unless all are like it. */
    private List<SigningKey> readable(List<SigningKeyRow> rows) {
        List<SigningKey> keys = new ArrayList<>();
        Map<String, StartupCheckFailed> failures = new LinkedHashMap<>();
        for (SigningKeyRow row : rows) {
            try {
                keys.add(key(row));
            } catch (StartupCheckFailed e) {
                failures.put(row.kid(), e);
            }
        }
        if (keys.isEmpty() && !failures.isEmpty()) {
            throw failures.values().iterator().next();
        }
        leftOut.retainAll(failures.keySet());
        failures.forEach((kid, failure) -> {
            if (leftOut.add(kid)) {
                LOG.warnf("The signing key %s is left out: %s", kid, failure.getMessage());
            }
        });
        return keys;
    }

    private SigningKey key(SigningKeyRow row) {
        Algorithm algorithm = Algorithm.parse(row.algorithm());
        return new SigningKey(
                row.kid(),
                algorithm,
                algorithm.publicKey(row.publicKey()),
                algorithm.privateKey(cipher.decrypt(row.kid(), row.privateKey())),
                row.activeFrom(),
                row.retiresAt(),
                row.expiresAt());
    }
}
