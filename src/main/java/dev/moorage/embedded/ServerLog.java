package dev.moorage.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's log file, for what it said during one start. */
record ServerLog(Path file, long start) {

    private static final long KEPT_BYTES = 16L << 20;
    private static final Pattern COMPLAINT =
            Pattern.compile("(?:FATAL|PANIC|ERROR|error|fatal):\\s+(.*)", Pattern.CASE_INSENSITIVE);

    /** Begins to read at what is written from now on; a long log is put aside once. */
    static ServerLog fromNow(Path file) throws IOException {
        try {
            if (Files.size(file) > KEPT_BYTES) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                return new ServerLog(file, 0);
            }
            return new ServerLog(file, Files.size(file));
        } catch (NoSuchFileException _) {
            return new ServerLog(file, 0);
        }
    }

    String text() throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                InputStream written = Channels.newInputStream(channel.position(start))) {
            return new String(written.readAllBytes(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            return "";
        }
    }

    /** The last line that tells what went wrong, else the last line. */
    static String lastComplaint(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        for (String line : lines.reversed()) {
            Matcher complaint = COMPLAINT.matcher(line);
            if (complaint.find()) {
                return complaint.group(1);
            }
        }
        return lines.isEmpty() ? "it said nothing" : lines.getLast().strip();
    }
}
