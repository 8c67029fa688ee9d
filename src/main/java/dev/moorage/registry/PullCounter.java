package dev.moorage.registry;

import dev.moorage.metadata.Durability;
import dev.moorage.metadata.PullStore;
import dev.moorage.metadata.PullStore.Pulled;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Counts pulls of manifests in memory, and writes what was counted in batches: a pull itself writes nothing.
 *
 * <p>Each replica counts for itself, at most {@value #MOST} manifests between two writings; pulls of further ones are not
 * counted. What was not written yet is lost with a replica that is killed.
 */
@Singleton
public class PullCounter {

    /** Of how many manifests pulls are counted between two writings. */
    public static final int MOST = 50_000;

    private static final int BATCH = 1000;

    private final Transactions transactions;
    private final PullStore store;
    private final LongSupplier nanos;
    private final int most;
    private final Map<Pull, Count> counts = new ConcurrentHashMap<>();

    private record Pull(RepositoryKey repository, Digest digest) {}

    private record Count(long pulls, long lastNanos) {
        Count and(Count other) {
            // Nanoseconds wrap around: only their difference says which was later.
            return new Count(pulls + other.pulls, lastNanos - other.lastNanos > 0 ? lastNanos : other.lastNanos);
        }
    }

    @Inject
    PullCounter(Transactions transactions, PullStore store) {
        this(transactions, store, System::nanoTime, MOST);
    }

    PullCounter(Transactions transactions, PullStore store, LongSupplier nanos, int most) {
        this.transactions = transactions;
        this.store = store;
        this.nanos = nanos;
        this.most = most;
    }

    /** Counts the pull of a manifest. */
    void count(RepositoryKey repository, Digest digest) {
        keep(new Pull(repository, digest), new Count(1, nanos.getAsLong()));
    }

    /** Writes what was counted, each batch in a transaction of its own; what could not be written is counted on. */
    public void write() {
        List<Pull> counted = List.copyOf(counts.keySet());
        for (int from = 0; from < counted.size(); from += BATCH) {
            write(counted.subList(from, Math.min(counted.size(), from + BATCH)));
        }
    }

    private void write(List<Pull> batch) {
        Map<Pull, Count> taken = new HashMap<>();
        for (Pull pull : batch) {
            Count count = counts.remove(pull);
            if (count != null) {
                taken.put(pull, count);
            }
        }
        List<Pulled> rows = new ArrayList<>();
        taken.forEach((pull, count) -> rows.add(new Pulled(
                pull.repository(),
                pull.digest(),
                count.pulls(),
                Duration.ofNanos(nanos.getAsLong() - count.lastNanos()))));
        boolean written = false;
        try {
            // Counts that a failed database forgets are lost, as those of a killed replica are.
            transactions.run(Durability.PROGRAM_END, tx -> store.add(tx, rows));
            written = true;
        } finally {
            if (!written) {
                taken.forEach(this::keep);
            }
        }
    }

    private void keep(Pull pull, Count count) {
        if (counts.size() < most) {
            counts.merge(pull, count, Count::and);
        } else {
            counts.computeIfPresent(pull, (_, before) -> before.and(count));
        }
    }
}
