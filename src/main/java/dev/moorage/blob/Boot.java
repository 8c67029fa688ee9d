package dev.moorage.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Tells one run of the kernel from another: bytes that were only with the kernel are gone after the next boot. */
final class Boot {

    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String CURRENT = read();

    private Boot() {}

    /** The id of this boot; where the system tells none, of this process, which is safe and costs more reading. */
    static String current() {
        return CURRENT;
    }

    private static String read() {
        try {
            return Files.readString(LINUX).strip();
        } catch (IOException notLinux) {
            return UUID.randomUUID().toString();
        }
    }
}
