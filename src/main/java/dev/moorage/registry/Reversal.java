package dev.moorage.registry;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Event;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.ManifestWriteStore;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.metadata.TagStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import dev.moorage.registry.Wish.BlobHidden;
import dev.moorage.registry.Wish.BlobShown;
import dev.moorage.registry.Wish.ManifestHidden;
import dev.moorage.registry.Wish.ManifestShown;
import dev.moorage.registry.Wish.TagNames;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings back what was deleted or overwritten in a repository, all of it or nothing.
 *
 * <p>It adds references as a push does, and takes them away as a deletion does, so it takes the locks of both in the order
 * of both: links, then manifests, then tags, each by key.
 */
@Singleton
public class Reversal {

    private static final Comparator<Digest> BY_KEY = Comparator.comparing(Digest::toString);

    private final RestoreStore restores;
    private final LinkStore links;
    private final ManifestWriteStore manifests;
    private final TagStore tags;
    private final HistoryStore history;
    private final MoorageConfig config;

    Reversal(
            RestoreStore restores,
            LinkStore links,
            ManifestWriteStore manifests,
            TagStore tags,
            HistoryStore history,
            MoorageConfig config) {
        this.restores = restores;
        this.links = links;
        this.manifests = manifests;
        this.tags = tags;
        this.history = history;
        this.config = config;
    }

    /**
     * Does it, in a repository that the caller keeps from being deleted.
     *
     * @return what stands against it, all of it; where there is anything, the caller gives the transaction up
     */
    public List<Obstacle> apply(
            Transaction transaction, RepositoryKey repository, List<? extends Wish> wishes, Origin origin) {
        Work work = locked(transaction, repository, wishes, origin);
        if (work.obstacles.isEmpty()) {
            work.show();
            work.nameTags();
            work.hideManifests();
            work.hideLinks();
            work.endHolds();
        }
        return work.obstacles;
    }

    /** What stands against it now; nothing is done. */
    public List<Obstacle> check(
            Transaction transaction, RepositoryKey repository, List<? extends Wish> wishes, Origin origin) {
        return locked(transaction, repository, wishes, origin).obstacles;
    }

    private Work locked(Transaction transaction, RepositoryKey repository, List<? extends Wish> wishes, Origin origin) {
        Work work = new Work(transaction, repository, Wishes.of(wishes), origin);
        work.lockLinks();
        work.lockManifests();
        work.lockTags();
        return work;
    }

    static Set<Digest> digests(Stream<Digest> digests) {
        return digests.collect(Collectors.toCollection(() -> new TreeSet<>(BY_KEY)));
    }

    private static Set<Digest> without(Collection<Digest> all, Collection<Digest> some) {
        return digests(all.stream().filter(digest -> !some.contains(digest)));
    }

    /** One run, with what stands against it so far. */
    private final class Work {

        private static final int NAMED = 10;

        private final Transaction transaction;
        private final RepositoryKey repository;
        private final Wishes wishes;
        private final Origin origin;
        private final List<Obstacle> obstacles = new ArrayList<>();

        Work(Transaction transaction, RepositoryKey repository, Wishes wishes, Origin origin) {
            this.transaction = transaction;
            this.repository = repository;
            this.wishes = wishes;
            this.origin = origin;
        }

        private void against(Obstacle obstacle) {
            obstacles.add(obstacle);
        }

        private void lockLinks() {
            for (BlobHidden wish : wishes.hiddenBlobs()) {
                if (!links.lockToHide(transaction, repository, wish.digest())) {
                    against(Obstacle.of(Obstacle.Kind.BLOB_GONE, wish.digest(), "the blob is not there"));
                }
            }
            Set<Digest> shown = wishes.shownLinks();
            if (!shown.isEmpty()) {
                Map<Digest, Presence> found = restores.lockLinks(transaction, repository, shown);
                shown.forEach(digest -> Optional.ofNullable(found.get(digest))
                        .ifPresentOrElse(
                                presence -> demandHiddenLink(digest, presence),
                                () -> against(Obstacle.of(
                                        Obstacle.Kind.BLOB_GONE,
                                        digest,
                                        "the blob is gone for good: it was not undone in time"))));
            }
            // What was hidden alone is never needed by what is shown with it before it is shown itself.
            Set<Digest> needed = without(restores.blobsOf(transaction, repository, wishes.shown()), shown);
            if (!needed.isEmpty()) {
                without(
                                needed,
                                links.shareVisible(transaction, repository, needed)
                                        .keySet())
                        .forEach(digest -> against(Obstacle.of(
                                Obstacle.Kind.BLOB_DELETED,
                                digest,
                                "a manifest needs the blob, which is deleted itself; undo that first")));
            }
        }

        private void demandHiddenLink(Digest digest, Presence presence) {
            switch (presence) {
                case HIDDEN -> {}
                case SHOWN ->
                    against(Obstacle.of(Obstacle.Kind.BLOB_MADE_SINCE, digest, "the blob is there again already"));
            }
        }

        private void lockManifests() {
            for (ManifestHidden wish : wishes.hiddenManifests()) {
                if (!manifests.lockToHide(transaction, repository, wish.digest())) {
                    against(Obstacle.of(Obstacle.Kind.MANIFEST_GONE, wish.digest(), "the manifest is not there"));
                }
            }
            Set<Digest> shown = wishes.shown();
            if (!shown.isEmpty()) {
                Map<Digest, Presence> found = restores.lockManifests(transaction, repository, shown);
                shown.forEach(digest -> Optional.ofNullable(found.get(digest))
                        .ifPresentOrElse(
                                presence -> demandHiddenManifest(digest, presence), () -> against(gone(digest))));
            }
            Set<Digest> needed = new HashSet<>(restores.childrenOf(transaction, repository, shown));
            wishes.tags().forEach(wish -> wish.then().ifPresent(needed::add));
            Set<Digest> others = without(needed, shown);
            if (!others.isEmpty()) {
                Set<Digest> missing = without(
                        others,
                        manifests.shareVisible(transaction, repository, others).keySet());
                Map<Digest, Presence> found = restores.manifests(transaction, repository, missing);
                missing.forEach(digest -> against(
                        found.containsKey(digest)
                                ? Obstacle.of(
                                        Obstacle.Kind.MANIFEST_DELETED,
                                        digest,
                                        "the manifest is deleted itself; undo that first")
                                : gone(digest)));
            }
        }

        private void demandHiddenManifest(Digest digest, Presence presence) {
            switch (presence) {
                case HIDDEN -> {}
                case SHOWN ->
                    against(Obstacle.of(
                            Obstacle.Kind.MANIFEST_MADE_SINCE, digest, "the manifest is there again already"));
            }
        }

        private static Obstacle gone(Digest digest) {
            return Obstacle.of(
                    Obstacle.Kind.MANIFEST_GONE, digest, "the manifest is gone for good: it was not undone in time");
        }

        private void lockTags() {
            if (wishes.tags().isEmpty()) {
                return;
            }
            Map<Tag, Digest> present = restores.lockTags(
                    transaction,
                    repository,
                    wishes.tags().stream().map(TagNames::tag).toList());
            // In a statement after the locks: it sees every rule that was made before a tag was locked.
            List<TagPattern> rules = restores.rules(transaction, repository);
            for (TagNames wish : wishes.tags()) {
                Optional<Digest> now = Optional.ofNullable(present.get(wish.tag()));
                if (!now.equals(wish.now())) {
                    against(elsewhere(wish, now));
                } else if (now.isPresent()) {
                    rules.stream()
                            .filter(rule -> rule.matches(wish.tag()))
                            .findFirst()
                            .ifPresent(rule -> against(Obstacle.of(
                                    Obstacle.Kind.TAG_IMMUTABLE,
                                    wish.tag(),
                                    wish.then(),
                                    now,
                                    "the rule %s keeps the tag %s on its manifest".formatted(rule, wish.tag()))));
                }
            }
        }

        private static Obstacle elsewhere(TagNames wish, Optional<Digest> now) {
            if (now.isEmpty()) {
                return Obstacle.of(Obstacle.Kind.TAG_GONE, wish.tag(), wish.then(), now, "the tag was deleted since");
            }
            return wish.now().isEmpty()
                    ? Obstacle.of(
                            Obstacle.Kind.TAG_MADE_SINCE,
                            wish.tag(),
                            wish.then(),
                            now,
                            "a tag of that name was made since")
                    : Obstacle.of(
                            Obstacle.Kind.TAG_ELSEWHERE,
                            wish.tag(),
                            wish.then(),
                            now,
                            "the tag names another manifest by now");
        }

        private void show() {
            for (BlobShown wish : wishes.shownBlobs()) {
                restores.showLink(transaction, repository, wish.digest());
                append(Kind.BLOB_RESTORED, Optional.empty(), Optional.of(wish.digest()), wish.undoes());
            }
            for (ManifestShown wish : wishes.shownManifests()) {
                restores.showManifest(transaction, repository, wish.digest());
                append(Kind.MANIFEST_RESTORED, Optional.empty(), Optional.of(wish.digest()), wish.undoes());
            }
        }

        private void nameTags() {
            for (TagNames wish : wishes.tags()) {
                if (wish.then().isEmpty()) {
                    tags.delete(transaction, repository, wish.tag());
                } else if (wish.now().isPresent()) {
                    tags.move(transaction, repository, wish.tag(), wish.then().get());
                } else if (!tags.insert(
                        transaction, repository, wish.tag(), wish.then().get())) {
                    // An absent tag cannot be locked, so somebody may have made it a moment ago.
                    against(elsewhere(wish, tags.lock(transaction, repository, wish.tag())));
                    return;
                }
                if (wish.then().isPresent()) {
                    tags.dateAsPushed(transaction, repository, wish.tag());
                }
                long event = history.append(
                        transaction,
                        repository,
                        origin,
                        Event.ofTag(wish.tag(), wish.now(), wish.then(), wish.undoes()));
                wish.now().ifPresent(left -> hold(Held.MANIFEST, left, event));
            }
        }

        private void hideManifests() {
            for (ManifestHidden wish : wishes.hiddenManifests()) {
                // In new statements, after the lock: they see whatever was committed meanwhile.
                for (Tag tag : tags.lockTagsOn(transaction, repository, wish.digest())) {
                    against(Obstacle.of(
                            Obstacle.Kind.MANIFEST_TAGGED,
                            tag,
                            Optional.of(wish.digest()),
                            Optional.of(wish.digest()),
                            "a tag that was made since names the manifest"));
                }
                Set<String> going =
                        wishes.hidden().stream().map(Digest::toString).collect(Collectors.toSet());
                manifests.liveParents(transaction, repository, wish.digest(), NAMED + going.size()).stream()
                        .filter(parent -> !going.contains(parent))
                        .limit(NAMED)
                        .forEach(parent -> against(Obstacle.of(
                                Obstacle.Kind.MANIFEST_REFERENCED,
                                wish.digest(),
                                "the index %s references the manifest".formatted(parent))));
            }
            for (ManifestHidden wish : wishes.hiddenManifests()) {
                manifests.hide(transaction, repository, wish.digest());
                hold(
                        Held.MANIFEST,
                        wish.digest(),
                        append(Kind.MANIFEST_DELETED, Optional.of(wish.digest()), Optional.empty(), wish.undoes()));
            }
        }

        private void hideLinks() {
            for (BlobHidden wish : wishes.hiddenBlobs()) {
                links.liveManifestsWith(transaction, repository, wish.digest(), NAMED)
                        .forEach(user -> against(Obstacle.of(
                                Obstacle.Kind.BLOB_REFERENCED,
                                wish.digest(),
                                "the manifest %s references the blob".formatted(user))));
                links.hide(transaction, repository, wish.digest());
                hold(
                        Held.LINK,
                        wish.digest(),
                        append(Kind.BLOB_DELETED, Optional.of(wish.digest()), Optional.empty(), wish.undoes()));
            }
        }

        /** What is shown again needs no hold of the event that hid it. */
        private void endHolds() {
            List<Long> undone = Stream.of(wishes.tags(), wishes.shownManifests(), wishes.shownBlobs())
                    .flatMap(List::stream)
                    .flatMap(wish -> wish.undoes().stream())
                    .toList();
            Set<Digest> back = new TreeSet<>(BY_KEY);
            back.addAll(wishes.shown());
            back.addAll(wishes.shownLinks());
            wishes.tags().forEach(wish -> wish.then().ifPresent(back::add));
            if (!undone.isEmpty() && !back.isEmpty()) {
                history.endHolds(transaction, repository, back, undone);
            }
        }

        private long append(Kind kind, Optional<Digest> from, Optional<Digest> to, Optional<Long> undoes) {
            return history.append(transaction, repository, origin, new Event(kind, Optional.empty(), from, to, undoes));
        }

        private void hold(Held held, Digest digest, long event) {
            history.hold(
                    transaction, repository, held, digest, event, config.undo().window());
        }
    }
}
