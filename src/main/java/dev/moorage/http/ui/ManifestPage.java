package dev.moorage.http.ui;

import dev.moorage.administration.ImageTag;
import dev.moorage.registry.Inspection;
import dev.moorage.registry.ReferrerTree;
import java.util.List;
import java.util.Optional;

/**
 * What the page of a tag or of a manifest shows.
 *
 * @param repository the repository's name
 * @param tag the tag; empty where the manifest was asked for by its digest
 * @param image what is known of the manifest
 * @param chosen the image that is shown: itself, or that of an index which was chosen
 * @param referrers what is about the manifest
 */
record ManifestPage(
        String repository,
        Optional<ImageTag> tag,
        Inspection image,
        Optional<ImageParts> chosen,
        ReferrerTree.Found referrers) {

    /** How many entries of an index are shown. */
    static final int MOST = 500;

    /** By what it is addressed on its own pages. */
    public String address() {
        return tag.map(named -> "/tags/" + named.name()).orElse("/manifests/" + image.digest());
    }

    /** By what other pages name it. */
    public String reference() {
        return tag.map(ImageTag::name).orElse(image.digest());
    }

    /** The name by which it is pulled. */
    public String name() {
        return tag.map(named -> repository + ':' + named.name()).orElse(repository + '@' + image.digest());
    }

    /** What the index lists, from its beginning. */
    public List<Inspection.Entry> entries() {
        List<Inspection.Entry> all = image.manifests();
        return all.subList(0, Math.min(all.size(), MOST));
    }

    /** How many entries are not shown. */
    public int further() {
        return Math.max(0, image.manifests().size() - MOST);
    }

    /** Whether this entry is the one whose image is shown. */
    public boolean isChosen(Inspection.Entry entry) {
        return chosen.filter(parts -> parts.image().digest().equals(entry.digest()))
                .isPresent();
    }
}
