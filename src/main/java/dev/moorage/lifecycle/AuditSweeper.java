package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.config.AuditConfig;
import dev.moorage.config.MoorageConfig;
import dev.moorage.drain.Drain;
import dev.moorage.metadata.AuditStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.AuditOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Removes rows of the audit trail that are older than the settings keep them; any replica does, and several at once may. */
@ApplicationScoped
public class AuditSweeper {

    private static final Logger LOG = Logger.getLogger(AuditSweeper.class);
    private static final int BATCH = 1000;

    private final Transactions transactions;
    private final AuditStore store;
    private final AuditConfig config;
    private final Drain drain;

    AuditSweeper(Transactions transactions, AuditStore store, Drain drain, MoorageConfig config) {
        this.transactions = transactions;
        this.store = store;
        this.drain = drain;
        this.config = config.audit();
    }

    /** Removes what is too old, each batch in a transaction of its own, and answers how many rows. */
    public int sweep(Grant grant) {
        int removed = sweep(AuditOutcome.DONE, config.keep()) + sweep(AuditOutcome.DENIED, config.keepDenied());
        if (removed > 0) {
            LOG.debugf(
                    "%s: removed %d old rows of the audit trail", grant.caller().account(), removed);
        }
        return removed;
    }

    private int sweep(AuditOutcome outcome, Duration kept) {
        if (kept.isZero()) {
            return 0;
        }
        int removed = 0;
        int batch;
        do {
            // What a failed database forgets is removed again.
            batch = transactions.call(Durability.PROGRAM_END, tx -> store.removeOld(tx, outcome, kept, BATCH));
            removed += batch;
        } while (batch == BATCH && !drain.begun());
        return removed;
    }
}
