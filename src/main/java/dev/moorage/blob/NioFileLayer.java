package dev.moorage.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The file system of the machine. */
final class NioFileLayer implements FileLayer {

    /** The JDK copies a heap buffer into a direct one of the same size and keeps that, so large writes go in steps. */
    private static final int STEP = 128 * 1024;

    @Override
    public Optional<Entry> look(Path path) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
            Kind kind = attributes.isRegularFile() ? Kind.FILE : attributes.isDirectory() ? Kind.FOLDER : Kind.OTHER;
            return Optional.of(new Entry(kind, attributes.size()));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (NoSuchFileException absent) {
            return List.of();
        }
        return names;
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        return new ChannelFile(FileChannel.open(file, CREATE, WRITE, NOFOLLOW_LINKS));
    }

    @Override
    public Optional<OpenFile> open(Path file) throws IOException {
        try {
            return Optional.of(new ChannelFile(FileChannel.open(file, WRITE, NOFOLLOW_LINKS)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public Locks locks(Path file) throws IOException {
        return new ChannelLocks(FileChannel.open(file, CREATE, WRITE, NOFOLLOW_LINKS));
    }

    private record ChannelFile(FileChannel channel) implements OpenFile {

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            int end = bytes.limit();
            long at = position;
            while (bytes.position() < end) {
                bytes.limit(Math.min(end, bytes.position() + STEP));
                at += channel.write(bytes, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Locks on single bytes of one file that stays open. A lock on the object's own file would be lost as soon as this
     * process closed any other channel on it, a reader's too (POSIX), and would guard nothing once the file is removed.
     */
    private record ChannelLocks(FileChannel channel) implements Locks {

        @Override
        public Optional<Closeable> take(long place) throws IOException {
            try {
                return Optional.ofNullable(channel.tryLock(place, 1, false)).map(ChannelLocks::release);
            } catch (OverlappingFileLockException heldByThisProcess) {
                return Optional.empty();
            }
        }

        private static Closeable release(FileLock lock) {
            return lock::release;
        }
    }
}
