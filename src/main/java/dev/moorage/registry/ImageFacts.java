package dev.moorage.registry;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.manifest.ConfigFacts;
import dev.moorage.manifest.ImageManifest;
import dev.moorage.manifest.Manifest;
import dev.moorage.metadata.BlobRow;
import dev.moorage.metadata.LinkStore;
import dev.moorage.metadata.NewManifest.Image;
import dev.moorage.metadata.RepositoryScope;
import dev.moorage.metadata.Transactions;
import dev.moorage.name.BlobBody;
import dev.moorage.name.Digest;
import dev.moorage.name.MediaType;
import dev.moorage.name.RepositoryName;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Reads what an image's config says, before the transaction that keeps its manifest.
 *
 * <p>A config that is absent, large, or no config at all is no error: then nothing is known.
 */
@ApplicationScoped
class ImageFacts {

    private static final Logger LOG = Logger.getLogger(ImageFacts.class);
    private static final Set<MediaType> IMAGE_CONFIGS = Set.of(MediaType.OCI_CONFIG, MediaType.DOCKER_CONFIG);

    private final Transactions transactions;
    private final LinkStore links;
    private final BlobStore blobs;

    ImageFacts(Transactions transactions, LinkStore links, BlobStore blobs) {
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
                .flatMap(this::bytes)
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

    private Optional<byte[]> bytes(BlobRow blob) {
        try {
            return blobs.read(blob.key(), Optional.empty()).map(ImageFacts::bytes);
        } catch (StoreFailure | UncheckedIOException e) {
            LOG.warnf("The config %s cannot be read: %s", blob.digest(), e.getMessage());
            return Optional.empty();
        }
    }

    private static byte[] bytes(BlobBody body) {
        try {
            return switch (body) {
                case BlobBody.FileRegion region -> bytes(region);
                case BlobBody.Stream stream -> {
                    try (InputStream in = stream.bytes()) {
                        yield in.readNBytes((int) stream.length());
                    }
                }
                case BlobBody.Redirect _ -> new byte[0];
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(BlobBody.FileRegion region) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) region.length());
        try (FileChannel file = FileChannel.open(region.file(), StandardOpenOption.READ)) {
            while (buffer.hasRemaining() && file.read(buffer, region.offset() + buffer.position()) >= 0) {
                // Positions move by themselves.
            }
        }
        return buffer.array();
    }
}
