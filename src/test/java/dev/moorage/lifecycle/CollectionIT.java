package dev.moorage.lifecycle;

import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.registry.RegistryHarness;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Collection with the bytes in a directory. */
class CollectionIT extends CollectionContract {

    @TempDir
    private Path directory;

    @Override
    RegistryHarness open() {
        return RegistryHarness.fresh(new FilesystemBlobStore(directory), TestCollection.AT_ONCE);
    }

    @Override
    void closeStore() {}
}
