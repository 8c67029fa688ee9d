package dev.moorage.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A short text in a file beside the blobs, which is the old one or the new one whenever the machine stops. */
final class FilesystemMarker {

    private static final String FILE = "blobs.marker";
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private final FileLayer files;
    private final Path root;

    FilesystemMarker(FileLayer files, Path root) {
        this.files = files;
        this.root = root;
    }

    Optional<String> read() throws IOException {
        try (InputStream bytes = Files.newInputStream(root.resolve(FILE), NOFOLLOW_LINKS)) {
            return Optional.of(new String(bytes.readNBytes(BlobStore.LONGEST_MARK), StandardCharsets.US_ASCII));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    void write(String text) throws IOException {
        // A file of its own for each writer: two of them must not write into one.
        Path made = Files.createTempFile(root, FILE, ".new");
        try {
            try (FileChannel file = FileChannel.open(made, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                // Whoever calls fsck may be another user than the program, which must read it too.
                Files.setPosixFilePermissions(made, READABLE);
                file.force(true);
            }
            Files.move(made, root.resolve(FILE), ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(made);
            throw e;
        }
        files.forceFolder(root);
    }
}
