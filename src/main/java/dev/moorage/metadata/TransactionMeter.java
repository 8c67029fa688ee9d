package dev.moorage.metadata;

import dev.moorage.config.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** How long the database takes, with the wait for a connection, and what came of it. */
final class TransactionMeter {

    private static final Counter REPEATED = Meters.counter(
            "moorage.database.repeats",
            "Transactions that the database ended for another one's sake, and that were run again");

    private TransactionMeter() {}

    /** What is asked of the database. */
    enum Kind {
        READ("read"),
        CHANGE("change");

        @SuppressWarnings("ImmutableEnumChecker") // A meter is there to be counted up.
        private final Timer done;

        @SuppressWarnings("ImmutableEnumChecker") // A meter is there to be counted up.
        private final Timer failed;

        Kind(String word) {
            this.done = timer(word, "done");
            this.failed = timer(word, "failed");
        }

        void done(long begin) {
            done.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }

        void failed(long begin) {
            failed.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    static void repeated() {
        REPEATED.increment();
    }

    private static Timer timer(String kind, String outcome) {
        return Meters.timer(
                "moorage.database.transactions",
                "Transactions, with the wait for a connection, by kind and outcome",
                "kind",
                kind,
                "outcome",
                outcome);
    }
}
