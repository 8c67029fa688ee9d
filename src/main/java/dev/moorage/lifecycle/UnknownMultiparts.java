package dev.moorage.lifecycle;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.Unfinished;
import dev.moorage.metadata.StoredObjectStore;
import dev.moorage.metadata.StoredObjectStore.Multipart;
import dev.moorage.metadata.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Finds the multipart uploads of the store that no row knows: what a request began that was overtaken meanwhile, or whose
 * row a restored database has lost.
 */
@ApplicationScoped
class UnknownMultiparts {

    private static final int PAGE = 1000;

    private final Transactions transactions;
    private final StoredObjectStore objects;
    private final BlobStore blobs;

    UnknownMultiparts(Transactions transactions, StoredObjectStore objects, BlobStore blobs) {
        this.transactions = transactions;
        this.objects = objects;
        this.blobs = blobs;
    }

    /**
     * Hands on each of them that is still there when it was looked for once more.
     *
     * @param looked told how many multipart uploads of all kinds were looked at
     */
    void each(IntConsumer looked, Consumer<Unfinished> work) {
        Optional<Unfinished> before = Optional.empty();
        List<Unfinished> page = blobs.unfinished(before, PAGE);
        List<Unfinished> pending = List.of();
        while (!page.isEmpty()) {
            Optional<Unfinished> last = Optional.of(page.getLast());
            List<Unfinished> next = page.size() == PAGE ? blobs.unfinished(last, PAGE) : List.of();
            List<Unfinished> unknown = unknown(before, page);
            // A page behind: some stores list nothing after an upload that is gone.
            pending.forEach(work);
            pending = unknown;
            looked.accept(page.size());
            before = last;
            page = next;
        }
        pending.forEach(work);
    }

    private List<Unfinished> unknown(Optional<Unfinished> before, List<Unfinished> page) {
        // The store was listed first: a row names what is begun before it is begun.
        Set<Multipart> unknown = new HashSet<>(transactions.read(tx -> objects.unknown(
                tx, page.stream().map(UnknownMultiparts::multipart).toList())));
        if (unknown.isEmpty()) {
            return List.of();
        }
        // One that became its object meanwhile has a row, and is no upload any more. Others may have been begun among
        // them.
        return blobs.unfinished(before, 2 * PAGE).stream()
                .filter(one -> unknown.contains(multipart(one)))
                .toList();
    }

    private static Multipart multipart(Unfinished one) {
        return new Multipart(one.key(), one.id());
    }
}
