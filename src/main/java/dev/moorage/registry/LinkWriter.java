package dev.moorage.registry;

import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.RepositoryKey;
import jakarta.inject.Singleton;

/** Makes blobs visible in repositories, and counts what is new. */
@Singleton
class LinkWriter {

    private final LinkStore links;
    private final HistoryStore history;
    private final UsageStore usage;

    LinkWriter(LinkStore links, HistoryStore history, UsageStore usage) {
        this.links = links;
        this.history = history;
        this.usage = usage;
    }

    /** Links a blob whose row the caller has made or shared; a hidden link becomes visible and its hold ends. */
    void link(Transaction transaction, RepositoryKey repository, BlobRow blob) {
        switch (links.link(transaction, repository, blob.digest())) {
            case NEW -> usage.linkAdded(transaction, repository, blob.digest(), blob.size());
            case REVIVED -> history.endHolds(transaction, repository, Held.LINK, blob.digest());
            case RENEWED -> {}
        }
    }
}
