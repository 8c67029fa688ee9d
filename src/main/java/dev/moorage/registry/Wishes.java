package dev.moorage.registry;

import dev.moorage.name.Digest;
import dev.moorage.registry.Wish.BlobHidden;
import dev.moorage.registry.Wish.BlobShown;
import dev.moorage.registry.Wish.ManifestHidden;
import dev.moorage.registry.Wish.ManifestShown;
import dev.moorage.registry.Wish.TagNames;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The wishes of each kind, in the order of their keys, which is that of their locks. */
record Wishes(
        List<TagNames> tags,
        List<ManifestShown> shownManifests,
        List<ManifestHidden> hiddenManifests,
        List<BlobShown> shownBlobs,
        List<BlobHidden> hiddenBlobs) {

    static Wishes of(List<? extends Wish> all) {
        return new Wishes(
                sorted(all, TagNames.class, wish -> wish.tag().value()),
                sorted(all, ManifestShown.class, wish -> wish.digest().toString()),
                sorted(all, ManifestHidden.class, wish -> wish.digest().toString()),
                sorted(all, BlobShown.class, wish -> wish.digest().toString()),
                sorted(all, BlobHidden.class, wish -> wish.digest().toString()));
    }

    private static <W extends Wish> List<W> sorted(List<? extends Wish> all, Class<W> type, Function<W, String> key) {
        return all.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .sorted(Comparator.comparing(key))
                .toList();
    }

    Set<Digest> shown() {
        return Reversal.digests(shownManifests.stream().map(ManifestShown::digest));
    }

    Set<Digest> hidden() {
        return Reversal.digests(hiddenManifests.stream().map(ManifestHidden::digest));
    }

    Set<Digest> shownLinks() {
        return Reversal.digests(shownBlobs.stream().map(BlobShown::digest));
    }
}
