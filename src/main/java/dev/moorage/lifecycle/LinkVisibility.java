package dev.moorage.lifecycle;

import dev.moorage.access.Grant;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.LinkVisibilityStore;
import dev.moorage.metadata.LinkVisibilityStore.Stale;
import dev.moorage.metadata.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Lets the links of a repository follow a change of its visibility, a few in a transaction, so that no push waits for all.
 *
 * <p>Any replica may, and several may at once. Links that are made meanwhile are right from the beginning.
 */
@ApplicationScoped
public class LinkVisibility {

    private static final Logger LOG = Logger.getLogger(LinkVisibility.class);
    private static final int BATCH = 500;

    private final Transactions transactions;
    private final LinkVisibilityStore links;

    LinkVisibility(Transactions transactions, LinkVisibilityStore links) {
        this.transactions = transactions;
        this.links = links;
    }

    /** Works off every repository whose visibility has changed, and answers how many. */
    public int follow(Grant grant) {
        int followed = 0;
        for (Optional<Stale> stale = next(); stale.isPresent(); stale = next()) {
            follow(stale.get());
            followed++;
        }
        if (followed > 0) {
            LOG.debugf(
                    "%s: links of %d repositories have followed", grant.caller().account(), followed);
        }
        return followed;
    }

    private Optional<Stale> next() {
        return transactions.read(links::next);
    }

    private void follow(Stale stale) {
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            String place = after.get();
            // What a failed database forgets of the last batch is done again, for the repository stays in the queue.
            after = transactions.call(
                    Durability.PROGRAM_END,
                    tx -> links.share(tx, stale) ? links.mark(tx, stale, place, BATCH) : Optional.empty());
        }
        // Of a repository that changed meanwhile this ends nothing: it is taken again.
        transactions.run(Durability.PROGRAM_END, tx -> links.settle(tx, stale));
    }
}
