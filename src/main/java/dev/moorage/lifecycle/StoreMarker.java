package dev.moorage.lifecycle;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.StoreMarkerStore;
import dev.moorage.metadata.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Recognises a store that is not this database's, or that is ahead of it because an older backup was restored: nothing is
 * removed from it then.
 *
 * <p>Every minute the database makes a random token, keeps it, and only then writes it into the store. So it knows whatever it
 * has ever written there. A token that it does not know was written by another database, or by itself after the state that it
 * is in; neither clocks nor the server's own names matter, and a standby that takes over without a loss knows them all.
 */
@ApplicationScoped
public class StoreMarker {

    private static final Logger LOG = Logger.getLogger(StoreMarker.class);
    private static final Pattern TOKEN = Pattern.compile("moorage store marker 1\ntoken ([0-9a-f-]{36})\n");
    private static final long ALARM_NANOS = Duration.ofMinutes(10).toNanos();
    private static final String ALARM =
            "%s: nothing is removed from the store until somebody has looked at it and called fsck --acknowledge";

    private final Transactions transactions;
    private final StoreMarkerStore tokens;
    private final BlobStore blobs;
    private final Supplier<UUID> randomness;
    private final AtomicLong nextAlarm = new AtomicLong(System.nanoTime());
    private volatile Standing seen = Standing.OURS;

    StoreMarker(Transactions transactions, StoreMarkerStore tokens, BlobStore blobs, Supplier<UUID> randomness) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.blobs = blobs;
        this.randomness = randomness;
    }

    /** Whose store it is. */
    enum Standing {
        /** Marked by this database. */
        OURS("The store bears a mark of this database"),
        /** Not marked yet, by whomever. */
        UNMARKED("The store bears no mark yet"),
        /** Marked by another database, or by a later state of this one. */
        FOREIGN(
                "The store bears a mark that this database has not made: another one has, or this one is restored from before"),
        /** Marked by this database once, and not any more. */
        LOST("The store does not bear the mark that this database has made: it is another one, or was emptied");

        private final String sentence;

        Standing(String sentence) {
            this.sentence = sentence;
        }

        /** Whether something is wrong. */
        boolean isAlarming() {
            return switch (this) {
                case OURS, UNMARKED -> false;
                case FOREIGN, LOST -> true;
            };
        }

        String sentence() {
            return sentence;
        }
    }

    /**
     * Whether objects may be removed from the store; where they may, its mark is renewed in time.
     *
     * @throws dev.moorage.error.RegistryException.Unavailable where the database does not answer
     */
    boolean allowsRemoval() {
        try {
            Standing standing = look();
            if (standing.isAlarming()) {
                complain(standing);
                return false;
            }
            if (standing == Standing.UNMARKED) {
                write();
            } else if (!transactions.read(tokens::anyYoung)) {
                renew();
            }
            return true;
        } catch (StoreFailure e) {
            LOG.warnf("Nothing is removed, for the mark of the store cannot be read or made: %s", e.getMessage());
            return false;
        }
    }

    // A disk that is full has no room for another mark until something is removed.
    private void renew() {
        try {
            write();
        } catch (StoreFailure e) {
            LOG.warnf("The mark of the store stays an old one, for it cannot be renewed: %s", e.getMessage());
        }
    }

    /** What was wrong when housekeeping last looked, which it does every minute or more often; empty where nothing was. */
    public Optional<String> alarm() {
        return Optional.of(seen).filter(Standing::isAlarming).map(Standing::sentence);
    }

    /** Whose store it is now. */
    Standing look() {
        Standing standing = lookOnce();
        // The first mark of all may have been made between the two questions; it was in the store before it was said to
        // be.
        seen = standing == Standing.LOST ? lookOnce() : standing;
        return seen;
    }

    private Standing lookOnce() {
        // The store first: a token is known before it is written there.
        Optional<String> mark = blobs.marker();
        if (mark.isEmpty()) {
            return transactions.read(tokens::anyWritten) ? Standing.LOST : Standing.UNMARKED;
        }
        Optional<UUID> token = token(mark.get());
        return token.isPresent() && transactions.read(tx -> tokens.known(tx, token.get()))
                ? Standing.OURS
                : Standing.FOREIGN;
    }

    /** Marks the store as this database's, whoever's it was. */
    void write() {
        UUID token = randomness.get();
        transactions.run(Durability.POWER_CUT, tx -> tokens.insert(tx, token));
        blobs.mark("moorage store marker 1\ntoken " + token + '\n');
        transactions.run(Durability.POWER_CUT, tx -> tokens.written(tx, token));
    }

    private static Optional<UUID> token(String mark) {
        Matcher matcher = TOKEN.matcher(mark);
        return matcher.matches() ? Optional.of(UUID.fromString(matcher.group(1))) : Optional.empty();
    }

    /** At once, and then only now and then: it is looked at every few seconds. */
    private void complain(Standing standing) {
        long now = System.nanoTime();
        long due = nextAlarm.get();
        if (now - due >= 0 && nextAlarm.compareAndSet(due, now + ALARM_NANOS)) {
            LOG.errorf(ALARM, standing.sentence());
        }
    }
}
