package dev.moorage.lifecycle;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Event;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.PurgeStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.ReviewStore;
import dev.moorage.metadata.ReviewStore.Because;
import dev.moorage.metadata.TagStore;
import dev.moorage.metadata.TombstoneStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.UsageStore;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Obstacle;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes rows away for good in one transaction, under the locks of a deletion: links, manifests, tags, then blobs. */
@ApplicationScoped
class Purging {

    private static final int NAMED = 10;
    private static final String WHY = "the blob was purged";

    private final PurgeStore rows;
    private final TagStore tags;
    private final RestoreStore rules;
    private final HistoryStore history;
    private final TombstoneStore tombstones;
    private final UsageStore usage;
    private final ReviewStore reviews;
    private final MoorageConfig config;

    Purging(
            PurgeStore rows,
            TagStore tags,
            RestoreStore rules,
            HistoryStore history,
            TombstoneStore tombstones,
            UsageStore usage,
            ReviewStore reviews,
            MoorageConfig config) {
        this.rows = rows;
        this.tags = tags;
        this.rules = rules;
        this.history = history;
        this.tombstones = tombstones;
        this.usage = usage;
        this.reviews = reviews;
        this.config = config;
    }

    /** What came of it. */
    sealed interface Outcome {}

    /** It is gone, and these things with it, and these blobs of it are kept. */
    record Gone(List<Tag> tags, List<Digest> manifests, List<Digest> blobs, List<Kept> kept) implements Outcome {}

    /** A blob of what went that other manifests of the repository reference, the first few by digest. */
    record Kept(Digest digest, List<Digest> by) {}

    /** Manifests reference it, the first few by digest. */
    record Needed(List<Digest> by) implements Outcome {}

    /** There is no such thing. */
    record Absent() implements Outcome {}

    /** It was pushed while its locks were taken: nothing is done, and the caller begins again in another transaction. */
    record Overtaken() implements Outcome {}

    /** Purges what a digest names in a repository that the caller keeps from being deleted. */
    Outcome purge(Transaction transaction, RepositoryKey repository, Digest digest, Origin origin) {
        List<Digest> wanted = new ArrayList<>(rows.blobsOf(transaction, repository, digest));
        wanted.add(digest);
        List<Digest> links = rows.lockLinks(transaction, repository, wanted);
        if (rows.lockManifest(transaction, repository, digest)) {
            // Behind the lock: whoever pushed it meanwhile may need links that are not locked, and links come first.
            if (!wanted.containsAll(rows.blobsOf(transaction, repository, digest))) {
                return new Overtaken();
            }
            return manifest(transaction, repository, digest, links, origin);
        }
        if (!links.contains(digest)) {
            return new Absent();
        }
        List<Digest> users = rows.users(transaction, repository, digest, NAMED);
        return users.isEmpty()
                ? gone(transaction, repository, List.of(), List.of(), List.of(digest), origin)
                : new Needed(users);
    }

    private Outcome manifest(
            Transaction transaction, RepositoryKey repository, Digest digest, List<Digest> links, Origin origin) {
        List<Digest> parents = rows.parents(transaction, repository, digest, NAMED);
        if (!parents.isEmpty()) {
            return new Needed(parents);
        }
        List<Tag> named = tags.lockTagsOn(transaction, repository, digest);
        List<TagPattern> kept = rules.rules(transaction, repository);
        Refusals.demandNone(named.stream()
                .filter(tag -> kept.stream().anyMatch(rule -> rule.matches(tag)))
                .findFirst()
                .map(tag -> List.of(new Refusals.In(
                        Optional.empty(),
                        List.of(new Obstacle(
                                Obstacle.Kind.TAG_IMMUTABLE,
                                Optional.of(tag),
                                Optional.of(digest),
                                Optional.empty(),
                                "a rule keeps the tag %s on its manifest".formatted(tag))))))
                .orElse(List.of()));
        for (Tag tag : named) {
            tags.delete(transaction, repository, tag);
            history.append(
                    transaction,
                    repository,
                    origin,
                    Event.ofTag(tag, Optional.of(digest), Optional.empty(), Optional.empty()));
        }
        PurgeStore.Removed removed = rows.removeManifest(transaction, repository, digest);
        usage.manifestsRemoved(transaction, repository, 1, removed.size());
        append(transaction, repository, origin, Kind.MANIFEST_PURGED, digest);
        Gone gone = gone(transaction, repository, named, List.of(digest), links, origin);
        // Last: who works on one of these entries is waited for. Of a link that stays he would wait for its lock in
        // turn, and it needs no entry: whatever still references it makes one when it goes.
        reviews.enqueue(
                transaction,
                repository,
                Held.MANIFEST,
                removed.children(),
                Because.MANIFEST_GONE,
                config.collection().delay().manifestGone());
        return gone;
    }

    /** Removes those of some locked links that no manifest of the repository needs, and blobs that nobody links then. */
    private Gone gone(
            Transaction transaction,
            RepositoryKey repository,
            List<Tag> named,
            List<Digest> manifests,
            List<Digest> links,
            Origin origin) {
        List<Kept> kept = links.stream()
                .map(link -> new Kept(link, rows.users(transaction, repository, link, NAMED)))
                .filter(link -> !link.by().isEmpty())
                .toList();
        List<Digest> blobs = new ArrayList<>(links);
        blobs.removeAll(kept.stream().map(Kept::digest).toList());
        for (Digest digest : blobs) {
            usage.linkRemoved(transaction, repository, digest, rows.removeLink(transaction, repository, digest));
            append(transaction, repository, origin, Kind.BLOB_PURGED, digest);
        }
        // Links before blobs, as everybody locks them.
        for (Digest digest : blobs) {
            rows.removeUnlinked(transaction, digest)
                    .ifPresent(object -> tombstones.condemn(transaction, object, Duration.ZERO, WHY));
        }
        return new Gone(named, manifests, blobs, kept);
    }

    private void append(Transaction transaction, RepositoryKey repository, Origin origin, Kind kind, Digest digest) {
        history.append(
                transaction,
                repository,
                origin,
                new Event(kind, Optional.empty(), Optional.of(digest), Optional.empty()));
    }
}
