package dev.moorage.blob;

import dev.moorage.config.MoorageConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/** Opens the store that the settings name, at the start, so that what is wrong with it stops the start. */
class BlobStoreProducer {

    @Produces
    @ApplicationScoped
    @Startup
    BlobStore store(MoorageConfig config, SmallObjects rows) {
        MoorageConfig.Storage storage = config.storage();
        BlobStore store =
                switch (storage.type()) {
                    case DIRECTORY ->
                        new FilesystemBlobStore(storage.directory().orElse(config.dataDirectory()));
                    case S3 -> S3BlobStore.open(config);
                };
        return new RoutedBlobStore(store, rows);
    }

    void close(@Disposes BlobStore store) throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
