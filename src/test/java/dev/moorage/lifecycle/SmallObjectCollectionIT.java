package dev.moorage.lifecycle;

import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.registry.RegistryHarness;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Collection with the bytes of small blobs in the database. */
class SmallObjectCollectionIT extends CollectionContract {

    @TempDir
    private Path directory;

    @Override
    RegistryHarness open() {
        return RegistryHarness.fresh(new FilesystemBlobStore(directory), TestCollection.atOnceWithRows());
    }

    @Override
    void closeStore() {}
}
