package dev.moorage.lifecycle;

import dev.moorage.lifecycle.ModelContent.ModelManifest;
import dev.moorage.name.Digest;
import dev.moorage.testing.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one repository must hold that one writer has for himself, and what a request to it must come to.
 *
 * <p>Where a promise has ended, something may be gone or not: nobody knows until he looks. Such a thing is {@code unsure}, and
 * stays so until something shows that it is there.
 */
final class ModelRepository {

    private static final String HISTORY = """
            SELECT e.id, e.reference, e.group_id, e.kind, coalesce(e.tag, '-'), coalesce(e.from_digest, '-'),
                coalesce(e.to_digest, '-')
            FROM repository r
            JOIN event e ON (e.organization_id, e.repository_id) = (r.organization_id, r.id)
            WHERE r.name = ? AND e.id > ?
            ORDER BY e.id
            """;

    /** What a client that is told of a blob may rely on, and how long deletions can be undone, in hours. */
    private static final int TOLD = 24;

    private static final int UNDO_WINDOW = 7 * 24;

    /** What a request must come to. */
    enum Expected {
        DONE,
        REFUSED,
        EITHER;

        static Expected of(boolean against, boolean unsure) {
            return against ? REFUSED : unsure ? EITHER : DONE;
        }
    }

    /** Whether a reader must see a blob. */
    enum Sight {
        SHOWN,
        ABSENT,
        UNSURE
    }

    /** A link or a manifest that was there at some time. */
    private static final class Thing {
        private boolean live = true;
        private boolean unsure;
        private long since;

        Thing(long since) {
            this.since = since;
        }

        void show(long now) {
            live = true;
            unsure = false;
            since = now;
        }

        void hide(long now) {
            live = false;
            unsure = false;
            since = now;
        }
    }

    private final String name;
    private final ModelContent content;
    private final Map<Digest, Thing> links = new HashMap<>();
    private final Map<Digest, Thing> manifests = new HashMap<>();
    private final Map<String, Digest> tags = new TreeMap<>();
    private final List<ModelRequest> requests = new ArrayList<>();
    private long now;
    private long read;

    ModelRepository(String name, ModelContent content, long now) {
        this.name = name;
        this.content = content;
        this.now = now;
    }

    String name() {
        return name;
    }

    /** What has changed something so far, in order. */
    List<ModelRequest> requests() {
        return requests;
    }

    /** All tags, and what they name. */
    Map<String, Digest> tags() {
        return Map.copyOf(tags);
    }

    /** Lets the time be this: what was promised until then is unsure. */
    void passed(long hours) {
        now = hours;
        manifests.values().forEach(this::expire);
        Set<Digest> needed = new HashSet<>();
        manifests.forEach((digest, manifest) -> {
            if (manifest.live || !manifest.unsure) {
                needed.addAll(content.manifest(digest).blobs());
            }
        });
        links.forEach((digest, link) -> {
            expire(link);
            if (link.live && now - link.since > TOLD && !needed.contains(digest)) {
                link.unsure = true;
            }
        });
    }

    private void expire(Thing thing) {
        if (!thing.live && now - thing.since >= UNDO_WINDOW) {
            thing.unsure = true;
        }
    }

    Sight sight(Digest blob) {
        Thing link = links.get(blob);
        if (link == null || !link.live) {
            return Sight.ABSENT;
        }
        return link.unsure ? Sight.UNSURE : Sight.SHOWN;
    }

    boolean live(Digest manifest) {
        return manifests.containsKey(manifest) && manifests.get(manifest).live;
    }

    List<Digest> live() {
        return manifests.keySet().stream().filter(this::live).toList();
    }

    /** The history goes on with this, in one request, and with nothing else. */
    void settle(Sql sql, List<ModelEvent> expected) {
        List<String> rows = sql.rows(HISTORY, name, read);
        List<String> found =
                rows.stream().map(row -> row.split(" ", 4)[3]).sorted().toList();
        if (!found.equals(expected.stream().map(ModelEvent::text).sorted().toList())) {
            throw new AssertionError("the history of %s went on with %s, not with %s".formatted(name, found, expected));
        }
        if (rows.isEmpty()) {
            return;
        }
        if (rows.stream().map(row -> row.split(" ", 4)[2]).distinct().count() != 1) {
            throw new AssertionError("one request is several in the history of " + name);
        }
        String[] last = rows.getLast().split(" ", 4);
        read = Long.parseLong(last[0]);
        requests.add(new ModelRequest(last[1], expected));
    }

    /** What may be going just now. */
    List<Digest> unsure() {
        return links.keySet().stream()
                .filter(blob -> sight(blob) == Sight.UNSURE)
                .toList();
    }

    /** What hidden manifests need: an undo misses what of it is deleted. */
    List<Digest> neededByHidden() {
        return manifests.keySet().stream()
                .filter(digest -> !live(digest))
                .flatMap(digest -> content.manifest(digest).blobs().stream())
                .toList();
    }

    /** A blob is here: it was pushed or mounted, or a pusher was told so. */
    void linked(Digest blob) {
        links.computeIfAbsent(blob, _ -> new Thing(now)).show(now);
    }

    /** A blob was looked for and is not here any more. */
    void lost(Digest blob) {
        links.remove(blob);
    }

    /** What the push of a manifest must come to. */
    Expected pushing(ModelManifest manifest) {
        return Expected.of(
                !manifest.children().stream().allMatch(this::live)
                        || manifest.blobs().stream().anyMatch(blob -> sight(blob) == Sight.ABSENT),
                manifest.blobs().stream().anyMatch(blob -> sight(blob) == Sight.UNSURE));
    }

    /** A manifest was pushed, to a tag or by its digest. */
    List<ModelEvent> pushed(ModelManifest manifest, Optional<String> tag) {
        show(manifest.digest());
        if (tag.isEmpty()) {
            return List.of();
        }
        Optional<Digest> before = Optional.ofNullable(tags.put(tag.get(), manifest.digest()));
        return before.equals(Optional.of(manifest.digest()))
                ? List.of()
                : List.of(ModelEvent.ofTag(tag.get(), before, Optional.of(manifest.digest())));
    }

    private void show(Digest manifest) {
        manifests.computeIfAbsent(manifest, _ -> new Thing(now)).show(now);
        // It could not be shown without them.
        content.manifest(manifest).blobs().forEach(blob -> links.get(blob).unsure = false);
    }

    List<ModelEvent> tagDeleted(String tag) {
        return List.of(ModelEvent.ofTag(tag, Optional.of(tags.remove(tag)), Optional.empty()));
    }

    Expected deletingManifest(Digest manifest) {
        return Expected.of(!live(manifest) || hasLiveParent(manifest, Set.of()), false);
    }

    List<ModelEvent> manifestDeleted(Digest manifest) {
        List<ModelEvent> events = new ArrayList<>();
        List.copyOf(tags.keySet()).stream()
                .filter(tag -> tags.get(tag).equals(manifest))
                .forEach(tag -> events.addAll(tagDeleted(tag)));
        manifests.get(manifest).hide(now);
        events.add(ModelEvent.of(ModelEvent.Kind.MANIFEST_DELETED, manifest));
        return events;
    }

    /**
     * What a policy must take that lets go what is untagged: all but what has a tag that stays or is young, and what belongs to
     * that, children and referrers, and so on.
     */
    Set<Digest> expiring(Collection<String> going, Collection<Digest> young) {
        Set<Digest> stays = new HashSet<>(young);
        tags.forEach((tag, digest) -> {
            if (!going.contains(tag)) {
                stays.add(digest);
            }
        });
        Set<Digest> goes = new HashSet<>(live());
        goes.removeAll(stays);
        while (goes.removeIf(digest -> live().stream()
                .filter(above -> !goes.contains(above))
                .anyMatch(above -> content.manifest(above).children().contains(digest)
                        || content.manifest(digest).subject().equals(Optional.of(above))))) {
            // Once more, for what belongs to these.
        }
        return goes;
    }

    /** A policy took tags, and then manifests. */
    List<ModelEvent> expired(Collection<String> gone, Collection<Digest> hidden) {
        List<ModelEvent> events = new ArrayList<>();
        gone.forEach(tag -> events.addAll(tagDeleted(tag)));
        hidden.forEach(digest -> events.addAll(manifestDeleted(digest)));
        return events;
    }

    Expected deletingBlob(Digest blob) {
        return Expected.of(sight(blob) == Sight.ABSENT || isNeeded(blob, Set.of()), sight(blob) == Sight.UNSURE);
    }

    List<ModelEvent> blobDeleted(Digest blob) {
        links.get(blob).hide(now);
        return List.of(ModelEvent.of(ModelEvent.Kind.BLOB_DELETED, blob));
    }

    private boolean hasLiveParent(Digest child, Collection<Digest> going) {
        return live().stream()
                .filter(parent -> !going.contains(parent))
                .anyMatch(parent -> content.manifest(parent).children().contains(child));
    }

    private boolean isNeeded(Digest blob, Collection<Digest> going) {
        return live().stream()
                .filter(manifest -> !going.contains(manifest))
                .anyMatch(manifest -> content.manifest(manifest).blobs().contains(blob));
    }

    /** What the undo of a request must come to. */
    Expected undoing(ModelRequest request) {
        return new Undo(request).expected();
    }

    /** A request was undone. */
    List<ModelEvent> undone(ModelRequest request) {
        return new Undo(request).happened();
    }

    /** The opposite of what one request did. */
    private final class Undo {
        private final Set<Digest> shown;
        private final Set<Digest> hidden;
        private final Set<Digest> shownBlobs;
        private final Set<Digest> hiddenBlobs;
        private final List<ModelEvent> moves;

        Undo(ModelRequest request) {
            shown = request.digests(ModelEvent.Kind.MANIFEST_DELETED);
            hidden = request.digests(ModelEvent.Kind.MANIFEST_RESTORED);
            shownBlobs = request.digests(ModelEvent.Kind.BLOB_DELETED);
            hiddenBlobs = request.digests(ModelEvent.Kind.BLOB_RESTORED);
            moves = request.events().stream()
                    .filter(event -> event.tag().isPresent())
                    .toList();
        }

        Expected expected() {
            return Expected.of(
                    blobsAreAgainst() || manifestsAreAgainst() || tagsAreAgainst(),
                    shown.stream().anyMatch(digest -> manifests.get(digest).unsure)
                            || shownBlobs.stream()
                                    .anyMatch(digest -> links.containsKey(digest) && links.get(digest).unsure)
                            || hiddenBlobs.stream().anyMatch(digest -> sight(digest) == Sight.UNSURE)
                            || neededBlobs().stream().anyMatch(digest -> sight(digest) == Sight.UNSURE));
        }

        private Set<Digest> neededBlobs() {
            Set<Digest> needed = new HashSet<>();
            shown.forEach(digest -> needed.addAll(content.manifest(digest).blobs()));
            needed.removeAll(shownBlobs);
            return needed;
        }

        private boolean blobsAreAgainst() {
            return shownBlobs.stream().anyMatch(digest -> !links.containsKey(digest) || links.get(digest).live)
                    || neededBlobs().stream().anyMatch(digest -> sight(digest) == Sight.ABSENT)
                    || hiddenBlobs.stream()
                            .anyMatch(digest -> sight(digest) == Sight.ABSENT || isNeeded(digest, hidden));
        }

        private boolean manifestsAreAgainst() {
            Set<Digest> needed = new HashSet<>();
            shown.forEach(digest -> needed.addAll(content.manifest(digest).children()));
            moves.forEach(move -> move.from().ifPresent(needed::add));
            needed.removeAll(shown);
            return shown.stream().anyMatch(ModelRepository.this::live)
                    || hidden.stream().anyMatch(digest -> !live(digest) || hasLiveParent(digest, hidden))
                    || !needed.stream().allMatch(ModelRepository.this::live);
        }

        private boolean tagsAreAgainst() {
            Map<String, Digest> after = new HashMap<>(tags);
            for (ModelEvent move : moves) {
                String tag = move.tag().orElseThrow();
                if (!Optional.ofNullable(tags.get(tag)).equals(move.to())) {
                    return true;
                }
                move.from().ifPresentOrElse(digest -> after.put(tag, digest), () -> after.remove(tag));
            }
            return after.values().stream().anyMatch(hidden::contains);
        }

        List<ModelEvent> happened() {
            List<ModelEvent> events = new ArrayList<>();
            shownBlobs.forEach(digest -> {
                links.get(digest).show(now);
                events.add(ModelEvent.of(ModelEvent.Kind.BLOB_RESTORED, digest));
            });
            shown.forEach(digest -> {
                show(digest);
                events.add(ModelEvent.of(ModelEvent.Kind.MANIFEST_RESTORED, digest));
            });
            for (ModelEvent move : moves) {
                String tag = move.tag().orElseThrow();
                move.from().ifPresentOrElse(digest -> tags.put(tag, digest), () -> tags.remove(tag));
                events.add(ModelEvent.ofTag(tag, move.to(), move.from()));
            }
            hidden.forEach(digest -> {
                manifests.get(digest).hide(now);
                events.add(ModelEvent.of(ModelEvent.Kind.MANIFEST_DELETED, digest));
            });
            hiddenBlobs.forEach(digest -> events.addAll(blobDeleted(digest)));
            return events;
        }
    }
}
