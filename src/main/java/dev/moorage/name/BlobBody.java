package dev.moorage.name;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;

/** The bytes of a blob on their way out: in memory, a part of a file, an open stream, or another address to fetch them from. */
public sealed interface BlobBody {

    /**
     * A run of bytes in a local file, to be sent without passing through the program.
     *
     * @param file the file
     * @param offset the first byte
     * @param length the number of bytes
     */
    record FileRegion(Path file, long offset, long length) implements BlobBody {}

    /**
     * Bytes of a small blob, which nobody changes.
     *
     * @param bytes all that were asked for
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Bytes(byte[] bytes) implements BlobBody {}

    /**
     * An open stream, closed by whoever takes it.
     *
     * @param bytes the stream, which ends after {@code length} bytes or fails
     * @param length the number of bytes
     */
    record Stream(InputStream bytes, long length) implements BlobBody {}

    /**
     * A short-lived address that serves the bytes itself.
     *
     * @param location the address; never logged
     */
    record Redirect(URI location) implements BlobBody {

        /** Hides the address, which opens the blob for everybody who reads it. */
        @Override
        public String toString() {
            return "Redirect[location is hidden]";
        }
    }
}
