package dev.moorage.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The arguments of a running process. */
final class CommandLine {

    private CommandLine() {}

    /** The program and its arguments, or nothing where the system does not tell. */
    static List<String> of(ProcessHandle process) {
        // The JDK asks for the executable first, which is closed for processes of other users.
        Path arguments = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            return List.of(new String(Files.readAllBytes(arguments), StandardCharsets.UTF_8).split("\0"));
        } catch (IOException _) {
            return process.info().arguments().map(List::of).orElse(List.of());
        }
    }
}
