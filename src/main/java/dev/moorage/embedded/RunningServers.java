package dev.moorage.embedded;

import io.quarkus.dev.console.DevConsoleManager;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The directories that this process holds, kept where a reload of dev mode with its new class loader finds them again:
 * Quarkus' own classes stay, and so does what they hold.
 *
 * <p>Only types of the JDK are stored. Whoever reads and then writes holds {@link #monitor()}.
 */
final class RunningServers {

    private static final String GLOBAL = "dev.moorage.embedded.servers";
    private static final String LOCK = "lock";
    private static final String HOOK = "hook";

    private RunningServers() {}

    static Object monitor() {
        return table();
    }

    static Optional<FileChannel> lockOn(Path directory) {
        return Optional.ofNullable(table().get(directory.toString())).map(entry -> (FileChannel) entry.get(LOCK));
    }

    /** Remembers the lock and what to do when the process ends; what an earlier class loader wanted done is dropped. */
    static void keep(Path directory, FileChannel lock, Runnable atEnd) {
        Thread hook = new Thread(atEnd, "embedded-postgres-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Map<String, Object> replaced = table().put(directory.toString(), Map.of(LOCK, lock, HOOK, hook));
        if (replaced != null) {
            drop((Thread) replaced.get(HOOK));
        }
    }

    static void release(Path directory) throws IOException {
        Map<String, Object> entry = table().remove(directory.toString());
        if (entry != null) {
            drop((Thread) entry.get(HOOK));
            ((FileChannel) entry.get(LOCK)).close();
        }
    }

    private static void drop(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending: the hook runs, and finds nothing left to stop.
        }
    }

    // Not among the system properties: the transaction manager fails on values that are no strings.
    private static synchronized Map<String, Map<String, Object>> table() {
        Map<String, Map<String, Object>> table = DevConsoleManager.getGlobal(GLOBAL);
        if (table == null) {
            table = new HashMap<>();
            DevConsoleManager.setGlobal(GLOBAL, table);
        }
        return table;
    }
}
