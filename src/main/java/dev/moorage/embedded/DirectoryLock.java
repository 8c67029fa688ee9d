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
import java.util.Optional;

/** One program for a data directory: a lock that the kernel drops when the program ends, however it ends. */
final class DirectoryLock {

    private DirectoryLock() {}

    /**
     * Takes the lock, held until the channel is closed.
     *
     * @throws StartupCheckFailed where another program has it
     */
    static FileChannel take(DataDirectory directory) throws IOException {
        Optional<FileChannel> lock = takeIfFree(directory);
        return lock.orElseThrow(() -> inUse(directory));
    }

    /**
     * Takes the lock, held until the channel is closed; empty where another program has it.
     *
     * <p>Whoever holds it in this process must not open the file a second time: closing any of its channels drops it.
     */
    static Optional<FileChannel> takeIfFree(DataDirectory directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(
                        StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException _) {
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    static StartupCheckFailed inUse(DataDirectory directory) {
        return new StartupCheckFailed(
                "Another Moorage (process %s) is running on the data directory %s: stop it, or give this one another moorage.data-directory."
                        .formatted(holder(directory.lock()), directory.root()));
    }

    private static String holder(Path lock) {
        try {
            return Files.readString(lock).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }
}
