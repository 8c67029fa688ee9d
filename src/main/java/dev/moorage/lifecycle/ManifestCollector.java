package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.RemovalStore;
import dev.moorage.metadata.RemovalStore.Home;
import dev.moorage.metadata.RemovalStore.Needs;
import dev.moorage.metadata.RemovalStore.References;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.ReviewStore.Because;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Takes hidden manifests away that nothing holds, with all that they reference; live ones never, tagged or not. */
@ApplicationScoped
class ManifestCollector {

    private final RemovalStore removals;
    private final ReviewStore reviews;
    private final UsageStore usage;
    private final MoorageConfig config;

    ManifestCollector(RemovalStore removals, ReviewStore reviews, UsageStore usage, MoorageConfig config) {
        this.removals = removals;
        this.reviews = reviews;
        this.usage = usage;
        this.config = config;
    }

    Outcome collect(Transaction transaction, RepositoryKey repository, Digest digest) {
        Optional<Home> home = removals.share(transaction, repository);
        if (home.isEmpty()) {
            return new Outcome.Kept();
        }
        if (home.get().deleted()) {
            return new Outcome.Later(home.get().until());
        }
        Optional<Needs> before = removals.manifestNeeds(transaction, repository, digest);
        if (before.isEmpty() || !before.get().nothing()) {
            return kept(before);
        }
        if (!removals.lockManifest(transaction, repository, digest)) {
            return new Outcome.Kept();
        }
        // In a statement of its own, behind the lock: it sees every reference that was committed meanwhile.
        Optional<Needs> now = removals.manifestNeeds(transaction, repository, digest);
        if (now.isEmpty() || !now.get().nothing()) {
            return kept(now);
        }
        remove(transaction, repository, digest);
        return new Outcome.Gone();
    }

    private void remove(Transaction transaction, RepositoryKey repository, Digest digest) {
        References references = removals.removeReferences(transaction, repository, digest);
        long size = removals.removeManifest(transaction, repository, digest);
        usage.manifestsRemoved(transaction, repository, 1, size);
        // Last: who works on one of these entries is waited for, and needs nothing that is locked here.
        var delay = config.collection().delay().manifestGone();
        reviews.enqueue(transaction, repository, Held.LINK, references.blobs(), Because.MANIFEST_GONE, delay);
        reviews.enqueue(transaction, repository, Held.MANIFEST, references.children(), Because.MANIFEST_GONE, delay);
    }

    static Outcome kept(Optional<Needs> needs) {
        return needs.filter(found -> !found.referenced())
                .flatMap(Needs::until)
                .<Outcome>map(Outcome.Later::new)
                .orElseGet(Outcome.Kept::new);
    }
}
