package dev.moorage.lifecycle;

import dev.moorage.error.AdministrationException.Invalid;
import dev.moorage.metadata.EventStore;
import dev.moorage.metadata.EventStore.Before;
import dev.moorage.metadata.RestoreStore;
import dev.moorage.metadata.RestoreStore.Presence;
import dev.moorage.metadata.Transaction;
import dev.moorage.name.Digest;
import dev.moorage.name.RepositoryKey;
import dev.moorage.name.Tag;
import dev.moorage.registry.Wish;
import dev.moorage.registry.Wish.TagNames;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds out what has to be done so that tags name what they named at a point in time. */
@ApplicationScoped
class RestorePlans {

    /** How many tags of a repository may have moved since at most. */
    private static final int MOST = 100_000;

    private final EventStore events;
    private final RestoreStore restores;

    RestorePlans(EventStore events, RestoreStore restores) {
        this.events = events;
        this.restores = restores;
    }

    /**
     * What has to be done.
     *
     * @param tags the tags that do not name what they did
     * @param wishes those, and what is hidden and needed for it
     */
    record Plan(List<TagNames> tags, List<Wish> wishes) {}

    /** The plan; nothing is locked for it, so what it found is compared again when it is carried out. */
    Plan of(Transaction transaction, RepositoryKey repository, RestoreService.Asked asked) {
        // What a tag named then is where its first event since began; those without one name the same still.
        Map<Tag, Before> then = events.tagsBefore(transaction, repository, asked.at(), MOST + 1);
        if (then.size() > MOST) {
            throw new Invalid("at", "more than " + MOST + " tags were moved since");
        }
        then.keySet().removeIf(tag -> !asked.isAbout(tag));
        Map<Tag, Digest> now = restores.tags(transaction, repository, then.keySet());
        List<TagNames> tags = then.entrySet().stream()
                .map(entry -> new TagNames(
                        entry.getKey(),
                        Optional.ofNullable(now.get(entry.getKey())),
                        entry.getValue().named(),
                        // Of several moves none is the one that this undoes: what it does lies behind all of them.
                        entry.getValue().only()))
                .filter(wish -> !wish.now().equals(wish.then()))
                .sorted((one, other) -> one.tag().value().compareTo(other.tag().value()))
                .toList();
        List<Wish> wishes = new ArrayList<>(tags);
        wishes.addAll(hidden(transaction, repository, tags));
        return new Plan(tags, wishes);
    }

    /** Manifests that were deleted since with what they need of manifests and blobs that were, too. */
    private List<Wish> hidden(Transaction transaction, RepositoryKey repository, List<TagNames> tags) {
        Set<Digest> manifests = new HashSet<>();
        Set<Digest> next = hiddenOf(restores.manifests(
                transaction,
                repository,
                tags.stream().flatMap(wish -> wish.then().stream()).collect(Collectors.toSet())));
        while (manifests.addAll(next)) {
            next = hiddenOf(
                    restores.manifests(transaction, repository, restores.childrenOf(transaction, repository, next)));
        }
        if (manifests.isEmpty()) {
            return List.of();
        }
        Set<Digest> blobs =
                hiddenOf(restores.links(transaction, repository, restores.blobsOf(transaction, repository, manifests)));
        return Stream.<Wish>concat(
                        blobs.stream().map(digest -> new Wish.BlobShown(digest, Optional.empty())),
                        manifests.stream().map(digest -> new Wish.ManifestShown(digest, Optional.empty())))
                .toList();
    }

    private static Set<Digest> hiddenOf(Map<Digest, Presence> found) {
        return found.entrySet().stream()
                .filter(entry -> entry.getValue() == Presence.HIDDEN)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
