package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transactions;
import dev.moorage.metadata.UsageStore;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Folds the ledger of usage, so that a sum over it stays short; any replica may, and several may at once. */
@ApplicationScoped
public class UsageFolder {

    private static final Logger LOG = Logger.getLogger(UsageFolder.class);
    private static final int BATCH = 1000;

    private final Transactions transactions;
    private final UsageStore usage;

    UsageFolder(Transactions transactions, UsageStore usage) {
        this.transactions = transactions;
        this.usage = usage;
    }

    /** Folds all entries that are committed, each batch in a transaction of its own, and answers how many. */
    public int fold(Grant grant) {
        int folded = 0;
        int batch;
        do {
            // A fold that a failed database forgets is done again.
            batch = transactions.call(Durability.PROGRAM_END, tx -> usage.fold(tx, BATCH));
            folded += batch;
        } while (batch == BATCH);
        if (folded > 0) {
            LOG.debugf("%s: folded %d entries of usage", grant.caller().account(), folded);
        }
        return folded;
    }
}
