package dev.moorage.blob;

import dev.moorage.name.BlobKey;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The folders of the directory store: where a key lies, and what must be flushed so that it is found after a power cut. */
final class BlobFolders {

    /** Forgetting a folder costs one flush; a set for all 65,536 of them would cost megabytes. */
    private static final int REMEMBERED_AT_MOST = 8192;

    private final FileLayer files;
    private final Path root;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    BlobFolders(FileLayer files, Path root) throws IOException {
        this.files = files;
        this.root = root;
        createRoot();
    }

    Path root() {
        return root;
    }

    /** The file of a key, which always lies under the root. */
    Path file(BlobKey key) {
        Path file = root.resolve(key.value()).normalize();
        if (!file.startsWith(root) || file.getNameCount() != root.getNameCount() + 4) {
            throw new IllegalArgumentException("a blob key leads out of the blob directory");
        }
        return file;
    }

    /** What lies at a key; empty where nothing does. Refuses links on the way and anything that is no file. */
    Optional<FileLayer.Entry> look(BlobKey key) throws IOException {
        Path file = file(key);
        for (Path folder : above(file)) {
            Optional<FileLayer.Entry> entry = files.look(folder);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            require(folder, entry.get(), FileLayer.Kind.FOLDER);
        }
        return lookWithin(key);
    }

    /** What lies at a key in folders that this request has looked at; refuses anything that is no file. */
    Optional<FileLayer.Entry> lookWithin(BlobKey key) throws IOException {
        Path file = file(key);
        Optional<FileLayer.Entry> entry = files.look(file);
        if (entry.isPresent()) {
            require(file, entry.get(), FileLayer.Kind.FILE);
        }
        return entry;
    }

    /** Makes the folders of a key where they are absent; refuses links on the way. */
    void create(BlobKey key) throws IOException {
        for (Path folder : above(file(key))) {
            Optional<FileLayer.Entry> entry = files.look(folder);
            if (entry.isPresent()) {
                require(folder, entry.get(), FileLayer.Kind.FOLDER);
            } else {
                durable.remove(folder);
                files.createFolder(folder);
            }
        }
    }

    /**
     * Flushes the entry of a key's file and of every folder on the way to it.
     *
     * <p>A folder counts as flushed only when this process has done it: whoever made it may have been killed before.
     */
    void force(BlobKey key) throws IOException {
        Path folder = file(key).getParent();
        files.forceFolder(folder);
        while (!folder.equals(root) && !durable.contains(folder)) {
            files.forceFolder(folder.getParent());
            remember(folder);
            folder = folder.getParent();
        }
    }

    private void remember(Path folder) {
        if (durable.size() >= REMEMBERED_AT_MOST) {
            durable.clear();
        }
        durable.add(folder);
    }

    private Deque<Path> above(Path file) {
        Deque<Path> folders = new ArrayDeque<>();
        for (Path folder = file.getParent(); !folder.equals(root); folder = folder.getParent()) {
            folders.addFirst(folder);
        }
        return folders;
    }

    private void createRoot() throws IOException {
        Deque<Path> absent = new ArrayDeque<>();
        for (Path folder = root; folder != null && files.look(folder).isEmpty(); folder = folder.getParent()) {
            absent.addFirst(folder);
        }
        for (Path folder : absent) {
            files.createFolder(folder);
            files.forceFolder(folder.getParent());
        }
        if (absent.isEmpty() && root.getParent() != null) {
            forceParentOfExistingRoot();
        }
    }

    /** An earlier process may have been killed between making the root and flushing it. */
    private void forceParentOfExistingRoot() throws IOException {
        try {
            files.forceFolder(root.getParent());
        } catch (AccessDeniedException notOurs) {
            // The folder above belongs to somebody else, who made the root for us: its entry is theirs to keep.
            return;
        }
    }

    private static void require(Path path, FileLayer.Entry entry, FileLayer.Kind kind) throws FileSystemException {
        if (entry.kind() != kind) {
            throw new FileSystemException(path.toString(), null, "is a link or of another kind, and is not followed");
        }
    }
}
