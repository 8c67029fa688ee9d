package dev.moorage.lifecycle;

import dev.moorage.blob.BlobStore;
import dev.moorage.blob.FilesystemBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The mark of a directory. */
class StoreMarkerIT extends StoreMarkerContract {

    @TempDir
    private Path directory;

    @Override
    BlobStore openStore() {
        return new FilesystemBlobStore(directory);
    }

    @Override
    void closeStore() {}

    @Override
    void takeMark() throws IOException {
        Files.delete(directory.resolve("blobs.marker"));
    }
}
