package dev.moorage.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is meant to run in the browser of whoever looks at it: src/test/resources/hostile.txt. */
final class Hostile {

    private static final List<String> TEXTS = read();

    private Hostile() {}

    /** Each of them; what one of them does where it runs is seen by {@link Visit#assertNothingRan}. */
    static List<String> texts() {
        return TEXTS;
    }

    private static List<String> read() {
        try (InputStream file = Hostile.class.getResourceAsStream("/hostile.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
