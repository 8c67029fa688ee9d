package dev.moorage.registry;

import dev.moorage.access.Grant;
import dev.moorage.config.MoorageConfig;
import dev.moorage.error.RegistryException.BlobUnknown;
import dev.moorage.error.RegistryException.Denied;
import dev.moorage.error.RegistryException.ManifestUnknown;
import dev.moorage.metadata.Durability;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Event;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.ManifestWriteStore;
import dev.moorage.metadata.RetentionFactStore;
import dev.moorage.metadata.TagStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.Reference;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes tags, manifests and blobs: what goes is hidden and held, and can be brought back while the undo window lasts.
 *
 * <p>Every way to delete anything ends here, so a rule that forbids it is asked once.
 */
@Singleton
public class DeleteService {

    private static final int NAMED_REFERENCES = 10;

    private final Transactions transactions;
    private final Repositories repositories;
    private final TagStore tags;
    private final ManifestWriteStore manifests;
    private final LinkStore links;
    private final HistoryStore history;
    private final RetentionFactStore facts;
    private final Origins origins;
    private final MoorageConfig config;

    DeleteService(
            Transactions transactions,
            Repositories repositories,
            TagStore tags,
            ManifestWriteStore manifests,
            LinkStore links,
            HistoryStore history,
            RetentionFactStore facts,
            Origins origins,
            MoorageConfig config) {
        this.transactions = transactions;
        this.repositories = repositories;
        this.tags = tags;
        this.manifests = manifests;
        this.links = links;
        this.history = history;
        this.facts = facts;
        this.origins = origins;
        this.config = config;
    }

    /**
     * Deletes a tag, or a manifest with all tags on it (OCI distribution specification, "Content Management"); 403 where one of
     * the tags is immutable.
     */
    public void manifest(Grant grant, Reference reference, Precondition condition) {
        Origin origin = origins.of(grant);
        transactions.run(Durability.POWER_CUT, tx -> {
            RepositoryKey repository = repositories.share(tx, grant);
            switch (reference) {
                case Tag tag -> deleteTag(tx, repository, tag, condition, origin);
                case Digest digest -> deleteManifest(tx, repository, digest, condition, origin);
            }
        });
    }

    /** Takes a blob out of a repository, unless a live manifest of the repository references it ("Deleting Blobs"). */
    public void blob(Grant grant, Digest digest) {
        Origin origin = origins.of(grant);
        transactions.run(Durability.POWER_CUT, tx -> {
            RepositoryKey repository = repositories.share(tx, grant);
            if (!links.lockToHide(tx, repository, digest)) {
                throw new BlobUnknown(digest);
            }
            // Asked in a statement of its own, after the lock: it sees every manifest that was committed meanwhile.
            List<String> users = links.liveManifestsWith(tx, repository, digest, NAMED_REFERENCES);
            if (!users.isEmpty()) {
                throw new Denied("manifests of the repository reference the blob", Map.of("manifests", users));
            }
            links.hide(tx, repository, digest);
            long event = history.append(
                    tx,
                    repository,
                    origin,
                    new Event(Kind.BLOB_DELETED, Optional.empty(), Optional.of(digest), Optional.empty()));
            history.hold(tx, repository, Held.LINK, digest, event, config.undo().window());
        });
    }

    /** What became of something that a retention policy lets go. */
    public enum Expiry {
        /** It is hidden, and held as whatever is deleted. */
        DELETED,
        /** It was not there any more. */
        GONE,
        /** A tag that names another manifest, or was pushed again: it stays. */
        PUSHED_AGAIN,
        /** A rule keeps the tag on its manifest. */
        IMMUTABLE,
        /** A tag whose manifest was pulled meanwhile, which a rule keeps then. */
        PULLED,
        /** A manifest that has a tag: it stays. */
        TAGGED,
        /** A manifest that was pushed, asked for or untagged meanwhile: it stays. */
        TOUCHED,
        /** A manifest that a live index or subject needs. */
        NEEDED,
        /** It is not the policy's any more to decide about it. */
        POLICY_CHANGED
    }

    /**
     * A tag that a retention policy lets go, as it was then.
     *
     * @param keptByPullAfter it stays if its manifest was pulled after this; empty where no rule asks for that
     * @param because the rules
     */
    public record ExpiredTag(
            Tag tag, Digest digest, Instant pushedAt, Optional<Instant> keptByPullAfter, String because) {}

    /** A manifest that a retention policy lets go, and the rules by which it does. */
    public record ExpiredManifest(Digest digest, String because) {}

    /**
     * Deletes those of some tags that are still as they were when a retention policy let them go.
     *
     * @param origin who is said to have done it; the reason is that of each tag
     * @param tags in byte order
     */
    public Map<Tag, Expiry> expireTags(
            Grant grant, Transaction transaction, RepositoryKey repository, Origin origin, List<ExpiredTag> tags) {
        Map<Tag, Expiry> outcomes = new LinkedHashMap<>();
        if (!repositories.keepLive(transaction, repository)) {
            tags.forEach(tag -> outcomes.put(tag.tag(), Expiry.GONE));
            return outcomes;
        }
        // Asked behind the repository's lock: whoever makes a rule waits for this transaction.
        List<TagPattern> immutable = facts.immutable(transaction, repository);
        for (ExpiredTag expired : tags) {
            outcomes.put(
                    expired.tag(),
                    expireTag(
                            transaction,
                            repository,
                            origin.because(Optional.of(expired.because())),
                            expired,
                            immutable));
        }
        return outcomes;
    }

    private Expiry expireTag(
            Transaction transaction,
            RepositoryKey repository,
            Origin origin,
            ExpiredTag expired,
            List<TagPattern> immutable) {
        Optional<TagStore.Pushed> present = tags.lockAsPushed(transaction, repository, expired.tag());
        if (present.isEmpty()) {
            return Expiry.GONE;
        }
        if (!present.get().equals(new TagStore.Pushed(expired.digest(), expired.pushedAt()))) {
            return Expiry.PUSHED_AGAIN;
        }
        if (immutable.stream().anyMatch(pattern -> pattern.matches(expired.tag()))) {
            return Expiry.IMMUTABLE;
        }
        // Behind the tag's lock, as the rest: pulls are not held up, but those that were counted are seen.
        if (expired.keptByPullAfter()
                .filter(moment -> facts.pulledAfter(transaction, repository, expired.digest(), moment))
                .isPresent()) {
            return Expiry.PULLED;
        }
        removeTag(transaction, repository, expired.tag(), expired.digest(), origin);
        return Expiry.DELETED;
    }

    /**
     * Hides those of some manifests that nothing needs, and that nobody has touched since a moment.
     *
     * <p>What is {@link Expiry#NEEDED} may be free when what needs it has gone.
     *
     * @param origin who is said to have done it; the reason is that of each manifest
     * @param manifests in the order of their digests
     * @param since when the policy looked at them first
     */
    public Map<Digest, Expiry> expireManifests(
            Grant grant,
            Transaction transaction,
            RepositoryKey repository,
            Origin origin,
            List<ExpiredManifest> manifests,
            Instant since) {
        Map<Digest, Expiry> outcomes = new LinkedHashMap<>();
        boolean lives = repositories.keepLive(transaction, repository);
        for (ExpiredManifest expired : manifests) {
            Expiry outcome = lives ? expiry(transaction, repository, expired.digest(), since, origin) : Expiry.GONE;
            if (outcome == Expiry.DELETED) {
                hide(transaction, repository, expired.digest(), origin.because(Optional.of(expired.because())));
            }
            outcomes.put(expired.digest(), outcome);
        }
        return outcomes;
    }

    private Expiry expiry(
            Transaction transaction, RepositoryKey repository, Digest digest, Instant since, Origin origin) {
        if (!manifests.lockToHide(transaction, repository, digest)) {
            return Expiry.GONE;
        }
        // One new statement behind the lock sees every reference that was committed meanwhile.
        RetentionFactStore.Standing standing = facts.standing(
                transaction,
                repository,
                digest,
                since,
                origin.group(),
                config.collection().linkDelay());
        if (standing.tagged()) {
            return Expiry.TAGGED;
        }
        if (standing.touched()) {
            return Expiry.TOUCHED;
        }
        return standing.needed() ? Expiry.NEEDED : Expiry.DELETED;
    }

    private void deleteTag(
            Transaction transaction, RepositoryKey repository, Tag tag, Precondition condition, Origin origin) {
        Digest present = tags.lock(transaction, repository, tag).orElseThrow(() -> new ManifestUnknown(tag.value()));
        condition.check(Optional.of(present));
        removeTag(transaction, repository, tag, present, origin);
    }

    private void removeTag(Transaction transaction, RepositoryKey repository, Tag tag, Digest present, Origin origin) {
        long event = removeTags(transaction, repository, List.of(tag), present, origin);
        history.hold(
                transaction,
                repository,
                Held.MANIFEST,
                present,
                event,
                config.undo().window());
    }

    private void deleteManifest(
            Transaction transaction, RepositoryKey repository, Digest digest, Precondition condition, Origin origin) {
        if (!manifests.lockToHide(transaction, repository, digest)) {
            throw new ManifestUnknown(digest.toString());
        }
        condition.check(Optional.of(digest));
        List<String> parents = manifests.liveParents(transaction, repository, digest, NAMED_REFERENCES);
        if (!parents.isEmpty()) {
            throw new Denied("indexes of the repository reference the manifest", Map.of("manifests", parents));
        }
        removeTags(transaction, repository, tags.lockTagsOn(transaction, repository, digest), digest, origin);
        hide(transaction, repository, digest, origin);
    }

    private void hide(Transaction transaction, RepositoryKey repository, Digest digest, Origin origin) {
        manifests.hide(transaction, repository, digest);
        long event = history.append(
                transaction,
                repository,
                origin,
                new Event(Kind.MANIFEST_DELETED, Optional.empty(), Optional.of(digest), Optional.empty()));
        history.hold(
                transaction,
                repository,
                Held.MANIFEST,
                digest,
                event,
                config.undo().window());
    }

    /** Removes tags on a manifest, all or none, and answers the last one's event; 0 where there is none. */
    private long removeTags(
            Transaction transaction, RepositoryKey repository, List<Tag> all, Digest present, Origin origin) {
        List<TagPattern> immutable = List.of();
        for (Tag tag : all) {
            immutable = tags.delete(transaction, repository, tag);
        }
        ImmutableTags.demandNone(all, immutable);
        long event = 0;
        for (Tag tag : all) {
            event = history.append(
                    transaction,
                    repository,
                    origin,
                    new Event(Kind.TAG_DELETED, Optional.of(tag), Optional.of(present), Optional.empty()));
        }
        return event;
    }
}
