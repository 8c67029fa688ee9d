package dev.moorage.registry;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.StoreFailure;
import dev.moorage.metadata.BlobRow;
import dev.moorage.name.BlobBody;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Reads blobs that fit into memory, whose sizes the caller has looked at. */
@Singleton
class SmallBlobs {

    private static final Logger LOG = Logger.getLogger(SmallBlobs.class);

    private final BlobStore blobs;

    SmallBlobs(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** The bytes; empty where the store has them not, or does not answer. */
    Optional<byte[]> read(BlobRow blob) {
        try {
            return blobs.read(blob.key(), Optional.empty()).map(SmallBlobs::bytes);
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
                case BlobBody.Bytes whole -> whole.bytes();
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
