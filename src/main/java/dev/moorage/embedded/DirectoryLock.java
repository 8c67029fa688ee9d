package dev.moorage.embedded;

import dev.moorage.config.StartupCheckFailed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One program for a data directory: a lock that the kernel drops when the program ends, however it ends. */
final class DirectoryLock {

    private DirectoryLock() {}

    /**
     * Takes the lock, held until the channel is closed.
     *
     * <p>Whoever holds it in this process must not open the file a second time: closing any of its channels drops it.
     */
    static FileChannel take(DataDirectory directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(
                        StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(directory, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw inUse(directory, null);
    }

    private static StartupCheckFailed inUse(DataDirectory directory, Throwable cause) {
        return new StartupCheckFailed(
                "Another Moorage (process %s) is running on the data directory %s: stop it, or give this one another moorage.data-directory."
                        .formatted(holder(directory.lock()), directory.root()),
                cause);
    }

    private static String holder(Path lock) {
        try {
            return Files.readString(lock).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }
}
