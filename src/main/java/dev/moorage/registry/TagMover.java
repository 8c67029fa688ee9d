package dev.moorage.registry;

import dev.moorage.config.MoorageConfig;
import dev.moorage.metadata.HistoryStore;
import dev.moorage.metadata.HistoryStore.Event;
import dev.moorage.metadata.HistoryStore.Held;
import dev.moorage.metadata.HistoryStore.Kind;
import dev.moorage.metadata.HistoryStore.Origin;
import dev.moorage.metadata.TagStore;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.name.TagPattern;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Lets tags name manifests, each move with its event, and what a tag named before held for undo. */
@Singleton
class TagMover {

    private final TagStore tags;
    private final HistoryStore history;
    private final MoorageConfig config;

    TagMover(TagStore tags, HistoryStore history, MoorageConfig config) {
        this.tags = tags;
        this.history = history;
        this.config = config;
    }

    /**
     * Makes or moves a tag; the manifest must be locked or shared by the caller.
     *
     * <p>An absent row cannot be locked, so the insert comes first: whoever loses it waits for the winner's row, and sees
     * what it overwrites. Where that is another manifest and the tag is immutable, the answer is 403.
     */
    void move(
            Transaction transaction,
            RepositoryKey repository,
            Tag tag,
            Digest digest,
            Precondition condition,
            Origin origin) {
        while (true) {
            if (tags.insert(transaction, repository, tag, digest)) {
                condition.check(Optional.empty());
                history.append(
                        transaction,
                        repository,
                        origin,
                        new Event(Kind.TAG_CREATED, Optional.of(tag), Optional.empty(), Optional.of(digest)));
                return;
            }
            Optional<Digest> present = tags.lock(transaction, repository, tag);
            if (present.isPresent()) {
                condition.check(present);
                overwrite(transaction, repository, tag, present.get(), digest, origin);
                return;
            }
        }
    }

    private void overwrite(
            Transaction transaction, RepositoryKey repository, Tag tag, Digest from, Digest to, Origin origin) {
        List<TagPattern> immutable = tags.move(transaction, repository, tag, to);
        if (from.equals(to)) {
            return;
        }
        ImmutableTags.demandNone(List.of(tag), immutable);
        long event = history.append(
                transaction,
                repository,
                origin,
                new Event(Kind.TAG_MOVED, Optional.of(tag), Optional.of(from), Optional.of(to)));
        history.hold(
                transaction,
                repository,
                Held.MANIFEST,
                from,
                event,
                config.undo().window());
    }
}
