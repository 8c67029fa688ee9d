package dev.moorage.lifecycle;

import dev.moorage.blob.FilesystemBlobStore;
import dev.moorage.registry.RegistryHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The model run with the bytes of small blobs in the database. */
class SmallObjectModelIT extends ModelContract {

    @TempDir
    private Path directory;

    @Override
    RegistryHarness open() throws IOException {
        return RegistryHarness.fresh(
                new FilesystemBlobStore(Files.createTempDirectory(directory, "run")), TestCollection.atOnceWithRows());
    }

    @Override
    void forget() {}

    @Override
    void closeStore() {}
}
