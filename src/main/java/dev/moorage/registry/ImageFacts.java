package dev.moorage.registry;

import dev.moorage.manifest.ConfigFacts;
import dev.moorage.manifest.ImageManifest;
import dev.moorage.manifest.Manifest;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.NewManifest.Image;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.name.RepositoryName;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what an image's config says, before the transaction that keeps its manifest.
 *
 * <p>A config that is absent, large, or no config at all is no error: then nothing is known.
 */
@Singleton
class ImageFacts {

    private static final Set<MediaType> IMAGE_CONFIGS = Set.of(MediaType.OCI_CONFIG, MediaType.DOCKER_CONFIG);

    private final Transactions transactions;
    private final LinkStore links;
    private final SmallBlobs blobs;

    ImageFacts(Transactions transactions, LinkStore links, SmallBlobs blobs) {
        this.transactions = transactions;
        this.links = links;
        this.blobs = blobs;
    }

    Image of(RepositoryName repository, Manifest manifest) {
        if (!(manifest instanceof ImageManifest image)
                || !IMAGE_CONFIGS.contains(image.config().mediaType())) {
            return Image.UNKNOWN;
        }
        Digest digest = image.config().digest();
        ConfigFacts facts = transactions
                .read(tx -> links.find(tx, RepositoryScope.unguarded(repository), digest))
                .map(LinkStore.Visible::blob)
                .filter(blob -> blob.size() <= ConfigFacts.MAX_BYTES)
                .flatMap(blobs::read)
                .map(ConfigFacts::read)
                .orElse(ConfigFacts.NONE);
        return new Image(
                Optional.of(digest.toString()),
                facts.created(),
                facts.os(),
                facts.architecture(),
                facts.variant(),
                Optional.of(facts.labels()),
                LabelExtracts.of(facts.labels()));
    }
}
