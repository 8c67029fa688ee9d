package dev.moorage.blob;

import dev.moorage.config.MoorageConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.util.concurrent.TimeUnit;

/** Opens the store that the settings name, at the start, so that what is wrong with it stops the start. */
class BlobStoreProducer {

    private static final long WAIT_MILLIS = TimeUnit.SECONDS.toMillis(15);

    @Produces
    @ApplicationScoped
    @Startup
    BlobStore store(MoorageConfig config) {
        MoorageConfig.Storage storage = config.storage();
        return switch (storage.type()) {
            case DIRECTORY -> new FilesystemBlobStore(storage.directory().orElse(config.dataDirectory()));
            case S3 -> S3Connection.open(storage.s3(), new PartMemory(bytesInFlight(config), WAIT_MILLIS));
        };
    }

    /** Two parts at the least, or no large blob could ever be sent. */
    private static long bytesInFlight(MoorageConfig config) {
        return config.uploads()
                .bytesInFlight()
                .orElse(Math.max(
                        2 * PartMemory.rounded(config.storage().s3().partSize()),
                        Runtime.getRuntime().maxMemory() / 5 * 2));
    }

    void close(@Disposes BlobStore store) throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
