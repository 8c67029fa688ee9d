package dev.moorage.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the directory store asks of a file system, so that a test can stand in for a disk that is full, fails, or forgets
 * what was not flushed. No method follows a symbolic link at the end of its path.
 */
interface FileLayer {

    /** What lies at a path. */
    enum Kind {
        FILE,
        FOLDER,
        OTHER
    }

    /**
     * An entry of a folder.
     *
     * @param kind what it is; a symbolic link is {@link Kind#OTHER}
     * @param size the size of a file in bytes
     */
    record Entry(Kind kind, long size) {}

    /** What lies at a path; empty where nothing does. */
    Optional<Entry> look(Path path) throws IOException;

    /** The names in a folder, in no order; none where there is no such folder. */
    List<String> names(Path folder) throws IOException;

    /** Makes one folder in a folder that is there; one that is there already is a success. */
    void createFolder(Path folder) throws IOException;

    /** Flushes the entries of a folder to the disk. */
    void forceFolder(Path folder) throws IOException;

    /** Opens a file for writing and makes it where it is absent; its folder is there. */
    OpenFile create(Path file) throws IOException;

    /** Opens a file for writing; empty where it is absent. */
    Optional<OpenFile> open(Path file) throws IOException;

    /** Removes a file; an absent one is a success. */
    void delete(Path file) throws IOException;

    /** The locks kept in a file, which is made where it is absent. */
    Locks locks(Path file) throws IOException;

    /** A file open for writing by position. */
    interface OpenFile extends Closeable {

        /** Drops all bytes from {@code size} on. */
        void truncate(long size) throws IOException;

        /** Writes all remaining bytes of the buffer. */
        void write(ByteBuffer bytes, long position) throws IOException;

        /** Flushes content and size to the disk; not the entry in the folder. */
        void force() throws IOException;
    }

    /** Locks between writers, of this process and of others. */
    interface Locks {

        /** Takes the lock at a place until it is closed; empty where another writer has it. */
        Optional<Closeable> take(long place) throws IOException;
    }
}
