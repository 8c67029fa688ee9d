package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.access.Reach;
import dev.moorage.access.Standings;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.BlobRowStore;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.Guard;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.RepositoryStore.Kept;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.RepositoryName;
import dev.moorage.registry.ByteQuota.Wanted;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Links blobs that are there already (OCI distribution specification, "Mounting a blob from another repository").
 *
 * <p>Whatever stands in the way, the answer is the same: not possible, and the client uploads.
 */
@Singleton
public class MountService {

    private final Transactions transactions;
    private final Repositories repositories;
    private final ByteQuota quota;
    private final LinkStore links;
    private final BlobRowStore blobs;
    private final LinkWriter linkWriter;
    private final Standings standings;

    MountService(
            Transactions transactions,
            Repositories repositories,
            ByteQuota quota,
            LinkStore links,
            BlobRowStore blobs,
            LinkWriter linkWriter,
            Standings standings) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.quota = quota;
        this.links = links;
        this.blobs = blobs;
        this.linkWriter = linkWriter;
        this.standings = standings;
    }

    /** What became of a mount. */
    public sealed interface Mount {
        /** The repository shows the blob now. */
        record Linked(Digest digest) implements Mount {}

        /** It could not be done. */
        record NotPossible() implements Mount {}
    }

    /**
     * Links a blob of another repository; 403 where it is new to the organization and above its quota.
     *
     * @param source the grant to pull from the source; empty to look wherever the caller may pull
     */
    public Mount mount(Grant grant, Digest digest, Optional<Grant> source) {
        return mount(grant, digest, tx -> visible(tx, grant, digest, source));
    }

    /**
     * Links a blob of another repository that the caller's token says nothing of: a public one, or one of the same
     * organization that he may pull from. It is what a mount that names no source would find as well.
     */
    public Mount mountHeld(Grant grant, Digest digest, RepositoryName source) {
        return mount(grant, digest, tx -> {
            boolean sameOrganization =
                    source.organization().equals(grant.repository().organization());
            boolean held = standings.reach(tx, grant).covers(source) && sameOrganization;
            Guard guard = held ? Guard.NONE : Guard.of(new Guard.Holder.Anybody(), new Guard.Which.Public());
            return links.find(tx, new RepositoryScope(source, guard), digest).isPresent();
        });
    }

    private Mount mount(Grant grant, Digest digest, Predicate<Transaction> visible) {
        return transactions.call(Durability.POWER_CUT, tx -> {
            Optional<RepositoryKey> repository = visible.test(tx) ? linked(tx, grant, digest) : Optional.empty();
            return repository.isPresent() ? new Mount.Linked(digest) : new Mount.NotPossible();
        });
    }

    private boolean visible(Transaction transaction, Grant grant, Digest digest, Optional<Grant> source) {
        if (source.isPresent()) {
            return links.find(transaction, source.get().scope(), digest).isPresent();
        }
        return switch (standings.reach(transaction, grant)) {
            case Reach.Everywhere _ -> links.visibleSomewhere(transaction, digest);
            case Reach.Within within ->
                links.visibleTo(transaction, grant.repository().organization(), within.prefixes(), digest);
        };
    }

    private Optional<RepositoryKey> linked(Transaction transaction, Grant grant, Digest digest) {
        Kept kept = repositories.shareOrCreate(transaction, grant);
        RepositoryKey repository = kept.key();
        if (kept.quotaBytes().isPresent()) {
            // Locks come in an order, the blob's last: here its size only is read.
            blobs.find(transaction, digest)
                    .ifPresent(row -> quota.reserve(transaction, kept, new Wanted.Blob(digest, row.size())));
        }
        links.lock(transaction, repository, digest);
        // The blob may have been taken away since it was seen; then there is nothing to link.
        Optional<BlobRow> blob = blobs.share(transaction, digest);
        blob.ifPresent(row -> linkWriter.link(transaction, repository, row));
        return blob.map(_ -> repository);
    }
}
