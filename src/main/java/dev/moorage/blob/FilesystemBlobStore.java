package dev.moorage.blob;

import dev.moorage.blob.StoreMeter.Operation;
import dev.moorage.name.BlobBody;
import dev.moorage.name.BlobKey;
import dev.moorage.name.ByteRange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Blobs as files of a directory, each at its final place from its first byte.
 *
 * <p>A writer holds an operating system's lock on its key, in a file beside the blobs. Reads give the file itself. What
 * {@link BlobWriter#commit()} has answered for is on the disk: content, and each folder on the way to it.
 */
public final class FilesystemBlobStore implements BlobStore, AutoCloseable {

    private static final String LOCK_FILE = "writers.lock";
    private static final int UUID_STARTS_AT = "blobs/ab/cd/".length();

    private final FileLayer files;
    private final BlobFolders folders;
    private final FileLayer.Locks locks;
    private final String boot;
    private final FilesystemMarker marker;
    private final FlushesBehind behind;

    /**
     * Opens the directory and makes it where it is absent.
     *
     * @param root the directory; may itself be a link, but nothing below it may
     * @throws StoreFailure when the directory cannot be made or written
     */
    public FilesystemBlobStore(Path root) {
        this(closed(realRoot(root)), new NioFileLayer(), Boot.current());
    }

    FilesystemBlobStore(Path root, FileLayer files, String boot) {
        this.files = files;
        this.boot = boot;
        try {
            folders = new BlobFolders(files, root.toAbsolutePath().normalize());
            locks = files.locks(folders.root().resolve(LOCK_FILE));
            marker = new FilesystemMarker(files, folders.root());
            behind = new FlushesBehind(files, folders);
        } catch (IOException e) {
            throw failure("open the blob directory", root.toString(), e);
        }
    }

    @Override
    public BlobWriter open(BlobKey key, ResumePoint from, WriteJournal journal) {
        // The caller's row names the key, and a key is all that this store leaves: the journal has nothing to learn.
        Optional<BlobWriter> going = behind.takeUp(key).flatMap(left -> goOn(key, from, left));
        if (going.isPresent()) {
            return going.get();
        }
        Closeable lock = lock(key);
        try {
            return open(key, from, lock);
        } catch (IOException e) {
            release(lock, key);
            throw failure("open", key.value(), e);
        } catch (StoreFailure e) {
            release(lock, key);
            throw e;
        }
    }

    /** Goes on with a file that is open, unless it is not what the caller wants; then it is closed, and empty is the answer. */
    private Optional<BlobWriter> goOn(BlobKey key, ResumePoint from, FlushesBehind.Unfinished left) {
        boolean mine = false;
        try {
            Optional<FileLayer.Entry> present = folders.look(key).filter(entry -> entry.size() >= from.offset());
            if (present.isEmpty()) {
                return Optional.empty();
            }
            cut(left.file(), present.get().size(), from.offset());
            mine = true;
            return Optional.of(writer(key, from, left));
        } catch (IOException e) {
            throw failure("open", key.value(), e);
        } finally {
            if (!mine) {
                behind.end(key, left);
            }
        }
    }

    private BlobWriter open(BlobKey key, ResumePoint from, Closeable lock) throws IOException {
        long offset = from.offset();
        if (offset == 0) {
            folders.create(key);
        }
        Optional<FileLayer.Entry> present = offset == 0 ? folders.lookWithin(key) : folders.look(key);
        long stored = present.map(FileLayer.Entry::size).orElse(0L);
        if (stored < offset) {
            throw new ResumePointLost(key + " holds " + stored + " bytes, and " + offset + " were recorded");
        }
        FileLayer.OpenFile file = offset == 0
                ? files.create(folders.file(key))
                : files.open(folders.file(key)).orElseThrow(() -> new ResumePointLost(key + " is gone"));
        try {
            cut(file, stored, offset);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return writer(key, from, new FlushesBehind.Unfinished(file, new EarlyFlush(file), lock));
    }

    /** Bytes behind the resume point were never acknowledged, and the client sends them again. */
    private static void cut(FileLayer.OpenFile file, long stored, long offset) throws IOException {
        if (stored > offset) {
            file.truncate(offset);
        }
    }

    private BlobWriter writer(BlobKey key, ResumePoint from, FlushesBehind.Unfinished file) {
        return new FilesystemWriter(key, new ResumePoint(from.offset(), boot), file, files, folders, behind);
    }

    private Closeable lock(BlobKey key) {
        UUID uuid = UUID.fromString(key.value().substring(UUID_STARTS_AT));
        long place = (uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits()) >>> 2;
        try {
            return locks.take(place).orElseThrow(() -> new KeyInUse(key + " has another writer"));
        } catch (IOException e) {
            throw failure("lock", key.value(), e);
        }
    }

    private static void release(Closeable lock, BlobKey key) {
        try {
            lock.close();
        } catch (IOException e) {
            throw failure("unlock", key.value(), e);
        }
    }

    @Override
    public boolean trusts(ResumePoint from) {
        return from.offset() == 0 || from.store().equals(boot);
    }

    @Override
    public Optional<BlobBody> read(BlobKey key, Optional<ByteRange> range) {
        OptionalLong stored = stat(key);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        long size = stored.getAsLong();
        if (range.isPresent() && range.get().last() >= size) {
            // Never fewer bytes than were asked for: the caller has announced them already.
            throw new StoreFailure(key + " ends at " + size + ", before the end of the range " + range.get());
        }
        return Optional.of(
                range.<BlobBody>map(part -> new BlobBody.FileRegion(folders.file(key), part.first(), part.length()))
                        .orElseGet(() -> new BlobBody.FileRegion(folders.file(key), 0, size)));
    }

    @Override
    public OptionalLong stat(BlobKey key) {
        try {
            return StoreMeter.timeFile(Operation.STAT, () -> folders.look(key)).stream()
                    .mapToLong(FileLayer.Entry::size)
                    .findFirst();
        } catch (IOException e) {
            throw failure("look at", key.value(), e);
        }
    }

    @Override
    public void delete(BlobKey key) {
        try {
            StoreMeter.timeFile(Operation.DELETE, () -> {
                if (folders.look(key).isPresent()) {
                    files.delete(folders.file(key));
                }
                return key;
            });
        } catch (IOException e) {
            throw failure("remove", key.value(), e);
        }
    }

    @Override
    public List<BlobKey> list(Optional<BlobKey> after, int limit) {
        try {
            return StoreMeter.timeFile(
                    Operation.LIST, () -> new FilesystemListing(files, folders.root(), after, limit).page());
        } catch (IOException e) {
            throw failure("list", "the blob directory", e);
        }
    }

    @Override
    public Optional<String> marker() {
        try {
            return marker.read();
        } catch (IOException e) {
            throw failure("read", "the mark of the blob directory", e);
        }
    }

    @Override
    public void mark(String text) {
        try {
            marker.write(text);
        } catch (IOException e) {
            throw failure("write", "the mark of the blob directory", e);
        }
    }

    @Override
    public void probe() {
        // A directory that is not mounted has nothing in it; one that was emptied neither.
        if (!Files.isDirectory(folders.root().resolve("blobs"), LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreFailure("the blob directory is not there");
        }
    }

    /** Waits some seconds for flushes that are under way: nobody else learns of their outcomes. */
    @Override
    public void close() {
        behind.close();
    }

    /** The failure of a file operation, with the system's own reason. */
    static StoreFailure failure(String doing, String what, IOException cause) {
        // The message of a FileSystemException is the path alone.
        String reason = !(cause instanceof FileSystemException failed)
                ? String.valueOf(cause.getMessage())
                : failed.getReason() != null
                        ? failed.getReason()
                        : failed.getClass().getSimpleName();
        return new StoreFailure("cannot " + doing + ' ' + what + ": " + reason, cause);
    }

    /** Makes the folder of the blobs, for this user alone, before anything is in it. */
    private static Path closed(Path root) {
        Path blobs = root.resolve("blobs");
        try {
            Files.createDirectories(root);
            if (!Files.exists(blobs, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        blobs, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (FileAlreadyExistsException _) {
            // Another replica on the same directory was quicker.
        } catch (IOException e) {
            throw failure("open the blob directory", root.toString(), e);
        }
        return root;
    }

    private static Path realRoot(Path root) {
        Path named = root.toAbsolutePath().normalize();
        try {
            return Files.exists(named) ? named.toRealPath() : named;
        } catch (IOException e) {
            throw failure("open the blob directory", root.toString(), e);
        }
    }
}
