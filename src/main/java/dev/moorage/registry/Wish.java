package dev.moorage.registry;

import dev.moorage.metadata.EventStore;
import dev.moorage.name.Digest;
import dev.moorage.name.Tag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is to be brought back in a repository, or taken away again. */
public sealed interface Wish {

    /** The id of the event that this undoes. */
    Optional<Long> undoes();

    /**
     * A tag names again what it did.
     *
     * @param now what it names as long as nobody has touched it since; empty where it is not there
     * @param then what it is to name; empty where it is not to be there
     */
    record TagNames(Tag tag, Optional<Digest> now, Optional<Digest> then, Optional<Long> undoes) implements Wish {}

    /** A hidden manifest is shown. */
    record ManifestShown(Digest digest, Optional<Long> undoes) implements Wish {}

    /** A manifest is hidden. */
    record ManifestHidden(Digest digest, Optional<Long> undoes) implements Wish {}

    /** A hidden blob is shown. */
    record BlobShown(Digest digest, Optional<Long> undoes) implements Wish {}

    /** A blob is hidden. */
    record BlobHidden(Digest digest, Optional<Long> undoes) implements Wish {}

    /**
     * The opposite of what one request did in a repository.
     *
     * @param events in the order in which they happened
     */
    static List<Wish> opposites(List<EventStore.Row> events) {
        List<Wish> wishes = new ArrayList<>();
        Map<Tag, TagNames> tags = new LinkedHashMap<>();
        for (EventStore.Row event : events) {
            Optional<Long> undoes = Optional.of(event.id());
            switch (event.kind()) {
                case TAG_CREATED, TAG_MOVED, TAG_DELETED ->
                    tags.merge(
                            event.tag().orElseThrow(),
                            new TagNames(event.tag().orElseThrow(), event.to(), event.from(), undoes),
                            (first, last) -> new TagNames(first.tag(), last.now(), first.then(), undoes));
                case MANIFEST_DELETED ->
                    wishes.add(new ManifestShown(event.from().orElseThrow(), undoes));
                case MANIFEST_RESTORED ->
                    wishes.add(new ManifestHidden(event.to().orElseThrow(), undoes));
                case BLOB_DELETED -> wishes.add(new BlobShown(event.from().orElseThrow(), undoes));
                case BLOB_RESTORED -> wishes.add(new BlobHidden(event.to().orElseThrow(), undoes));
                // Not in it, but it itself; and what has no opposite.
                case REPOSITORY_DELETED,
                        REPOSITORY_RESTORED,
                        ORGANIZATION_DELETED,
                        ORGANIZATION_RESTORED,
                        MANIFEST_PURGED,
                        BLOB_PURGED -> {}
            }
        }
        wishes.addAll(tags.values());
        return wishes;
    }
}
