package dev.moorage.blob;

import dev.moorage.config.MoorageConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Opens the store that the settings name. */
class BlobStoreProducer {

    @Produces
    @ApplicationScoped
    BlobStore store(MoorageConfig config) {
        return new FilesystemBlobStore(config.storage().directory().orElse(config.dataDirectory()));
    }
}
